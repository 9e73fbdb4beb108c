import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { messageRow } from '../../../../src-main/graph/mail/message-row.ts'
import type { MessageRow } from '../../../../src-main/graph/mail/message-row.ts'
import { messageMetadata } from '../../../../src-main/graph/mail/metadata.ts'
import { graphEntry } from './message-fixture.ts'

function row(changes: JsonObject, size = 0): MessageRow {
  return messageRow(messageMetadata(graphEntry(changes)), size)
}

describe('messageRow', () => {
  it('shows what lists show', () => {
    expect(row({}, 1234)).toMatchObject({
      shard: '2024-03',
      time: Date.UTC(2024, 2, 5, 8, 1, 3),
      size: 1234,
      title: 'Quarterly figures',
      from: 'Ada <ada@contoso.example>',
      to: 'Grace <grace@contoso.example>',
      hasAttachments: false,
    })
  })

  it('names the file by time, subject and ten characters of the id', () => {
    expect(row({}).name).toMatch(/^2024-03-05 08\.01\.03 Quarterly figures ~[a-z2-7]{10}$/)
    expect(row({}).name).toBe(row({}).name)
    expect(row({ id: 'other' }).name).not.toBe(row({}).name)
  })

  // SHA-256("abc") = ba7816bf8f01cfea..., whose first 50 bits in base32 are these.
  it('takes the characters from the SHA-256 of the id', () => {
    expect(row({ id: 'abc' }).name.endsWith(' ~xj4bnp4pah')).toBe(true)
  })

  it('keeps every name within 200 bytes with its extension', () => {
    const { name } = row({ subject: 'Ünï '.repeat(200) })
    expect(Buffer.byteLength(`${name}.json`)).toBeLessThanOrEqual(200)
    expect(Buffer.byteLength(`${name}.json`)).toBeGreaterThan(190)
  })

  it('does without a subject', () => {
    expect(row({ subject: null }).name).toMatch(/^2024-03-05 08\.01\.03 ~[a-z2-7]{10}$/)
  })

  it.each<readonly [string, JsonObject, string]>([
    ['sent', { receivedDateTime: null }, '2024-03-05 08.00.59'],
    ['made', { receivedDateTime: '0001-01-01T00:00:00Z', sentDateTime: 'never' }, '2024-03-05 08.01.02'],
    ['nothing', { receivedDateTime: null, sentDateTime: null, createdDateTime: null }, '1970-01-01 00.00.00'],
  ])('falls back on when it was %s', (_what, change, start) => {
    expect(row(change).name.startsWith(start)).toBe(true)
  })

  it('bounds the recipients of a mail to thousands', () => {
    const many = Array.from({ length: 5_000 }, (_value, index) => ({
      emailAddress: { name: `Person ${index}`, address: `person${index}@contoso.example` },
    }))
    expect(row({ toRecipients: many }).to.length).toBeLessThanOrEqual(4_000)
  })
})
