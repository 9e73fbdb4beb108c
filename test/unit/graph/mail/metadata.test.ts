import { describe, expect, it } from 'vitest'
import { isPartial, messageSelect } from '../../../../src-main/graph/mail/message-properties.ts'
import { propertiesOf } from '../../../../src-main/graph/item/metadata.ts'
import { folderMetadata, identityOf, messageMetadata } from '../../../../src-main/graph/mail/metadata.ts'
import { graphEntry } from './message-fixture.ts'

describe('messageMetadata', () => {
  it('has the fields that every stored item has', () => {
    expect(messageMetadata(graphEntry())).toMatchObject({
      'o365:v': 1,
      'o365:Type': 'mail',
      'o365:Id': 'AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A',
      'o365:Name': 'Quarterly figures',
      'o365:CreatedDateTime': '2024-03-05T08:01:02Z',
      'o365:LastModifiedDateTime': '2024-03-05T08:01:09Z',
    })
  })

  it('keeps every property and gives them back', () => {
    const { '@odata.etag': _etag, ...kept } = graphEntry()
    expect(propertiesOf(messageMetadata(graphEntry()))).toEqual(kept)
  })

  it('does not depend on the order of a page', () => {
    const reversed = Object.fromEntries(Object.entries(graphEntry()).reverse())
    expect(JSON.stringify(messageMetadata(reversed))).toBe(JSON.stringify(messageMetadata(graphEntry())))
  })

  it('keeps the type of meeting messages', () => {
    const metadata = messageMetadata(graphEntry({ '@odata.type': '#microsoft.graph.eventMessageRequest' }))
    expect(propertiesOf(metadata)['@odata.type']).toBe('#microsoft.graph.eventMessageRequest')
  })

  it('identifies the message', () => {
    const identity = { id: 'AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A', changeKey: 'CQAAABYAAAA1' }
    expect(identityOf(messageMetadata(graphEntry()))).toEqual(identity)
    expect(identityOf({})).toEqual({ id: '', changeKey: '' })
  })
})

describe('folderMetadata', () => {
  it('has the same shape', () => {
    expect(folderMetadata({ id: 'F1', displayName: 'Posteingang', wellKnownName: 'inbox' })).toEqual({
      'o365:v': 1,
      'o365:Type': 'mailFolder',
      'o365:Id': 'F1',
      'o365:Name': 'Posteingang',
      properties: { id: 'F1', displayName: 'Posteingang', wellKnownName: 'inbox' },
    })
  })
})

describe('message properties', () => {
  it('are selected without the body', () => {
    expect(messageSelect.split(',')).not.toContain('body')
    expect(messageSelect.split(',')).toContain('isRead')
  })

  it('tell a partial entry by the creation time it lacks', () => {
    expect(isPartial({ id: 'x', isRead: true })).toBe(true)
    expect(isPartial(graphEntry())).toBe(false)
  })
})
