import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { teamsDescriber } from '../../../../src-main/graph/teams/reader.ts'

function conversation(properties: JsonObject): JsonObject {
  return {
    properties: {
      id: '1714559400000',
      etag: '1',
      createdDateTime: '2024-05-01T10:30:00.000Z',
      channelIdentity: { teamId: 't', channelId: '19:a@thread.tacv2' },
      body: { contentType: 'text', content: 'hello' },
      from: { user: { id: 'u', displayName: 'Ada' } },
      ...properties,
    },
  }
}

describe('stored conversations', () => {
  it('are others as soon as an answer is another one, comes or goes', () => {
    const keys = [
      {},
      { replies: [{ id: '2', etag: '2' }] },
      { replies: [{ id: '2', etag: '3' }] },
      {
        replies: [
          { id: '2', etag: '2' },
          { id: '3', etag: '2' },
        ],
      },
      { etag: '2' },
    ].map((properties) => teamsDescriber.identity(conversation(properties)).changeKey)
    expect(new Set(keys).size).toBe(keys.length)
    const same = { replies: [{ etag: '2', id: '2' }], reactions: [], hostedContents: [{ id: 'x', name: 'y' }] }
    expect(teamsDescriber.identity(conversation(same))).toEqual({
      id: '19:a@thread.tacv2/1714559400000',
      changeKey: keys[1],
    })
  })

  it('have files if an answer has some', () => {
    const file = { attachments: [{ id: 'a', contentType: 'reference', name: 'plan.docx' }] }
    const row = (properties: JsonObject) => teamsDescriber.row(conversation(properties), 0)
    expect(row({}).hasAttachments).toBe(false)
    expect(row({ replies: [file] })).toMatchObject({
      hasAttachments: true,
      title: 'hello',
      from: 'Ada',
      shard: '2024-05',
    })
  })

  it('may be broken or foreign', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom('properties', 'x'), fc.jsonValue()), async (value) => {
        const metadata = value as JsonObject
        expect(typeof teamsDescriber.row(metadata, 0).name).toBe('string')
        expect(typeof teamsDescriber.identity(metadata).changeKey).toBe('string')
        expect(typeof (await teamsDescriber.searchText(metadata, new Uint8Array()))).toBe('string')
      }),
    )
  })
})
