import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { messageMetadata } from '../../../../src-main/graph/mail/metadata.ts'
import { sameContent } from '../../../../src-main/graph/mail/same-content.ts'
import { graphEntry } from './message-fixture.ts'

const stamped = { changeKey: 'CQAAABYAAAA2', lastModifiedDateTime: '2024-04-01T00:00:00Z' }

function compare(before: JsonObject, after: JsonObject): boolean {
  return sameContent(messageMetadata(graphEntry(before)), messageMetadata(graphEntry(after)))
}

describe('sameContent', () => {
  it.each<readonly [string, JsonObject]>([
    ['read', { isRead: true }],
    ['flagged', { flag: { flagStatus: 'flagged' } }],
    ['categorised', { categories: ['Red category'] }],
    ['moved', { parentFolderId: 'AQMkADYAAAIBCgAAAA==' }],
    ['sorted into Other', { inferenceClassification: 'other' }],
  ])('is true for a message that was %s', (_what, change) => {
    expect(compare({}, { ...change, ...stamped })).toBe(true)
  })

  it.each<readonly [string, JsonObject]>([
    ['a new change key that nothing explains', {}],
    ['another subject', { subject: 'Other figures', isRead: true }],
    ['another preview', { bodyPreview: 'Please do not find', isRead: true }],
    ['an attachment that went', { hasAttachments: true, isRead: true }],
    ['other recipients', { ccRecipients: [{ emailAddress: { name: 'X', address: 'x@y.example' } }], isRead: true }],
    ['another importance, which is a header', { importance: 'high' }],
  ])('is false for %s', (_what, change) => {
    expect(compare({}, { ...change, ...stamped })).toBe(false)
  })

  it('is false for drafts, before or after', () => {
    expect(compare({ isDraft: true }, { isDraft: true, isRead: true, ...stamped })).toBe(false)
    expect(compare({ isDraft: true }, { isDraft: false, isRead: true, ...stamped })).toBe(false)
  })

  it('is true when nothing changed', () => {
    expect(compare({}, {})).toBe(true)
  })

  it('is false when there is nothing to go by', () => {
    expect(sameContent({}, {})).toBe(false)
    expect(sameContent(messageMetadata(graphEntry()), messageMetadata({ isDraft: false }))).toBe(false)
  })
})
