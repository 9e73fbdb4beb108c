import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { hostedIn } from '../../../../src-main/graph/messages/hosted-contents.ts'
import { chatTranscript } from '../../../../src-main/graph/messages/transcript.ts'

const at = 'https://graph.example/v1.0/teams/t/channels/19:a@thread.tacv2/messages/1'

function message(id: string, name: string, more: JsonObject): JsonObject {
  return {
    id,
    createdDateTime: new Date(Number(id)).toISOString(),
    from: { user: { id: name, displayName: name } },
    body: { contentType: 'html', content: `<p>from ${name}</p>` },
    ...more,
  }
}

const answer = message('1714646000000', 'Grace', {
  replyToId: '1714559400000',
  body: { contentType: 'html', content: `<p>look</p><img src="${at}/replies/2/hostedContents/inner/$value">` },
})
const earlier = message('1714560000000', 'Alan', { replyToId: '1714559400000' })

describe('the transcript of a channel', () => {
  it('shows answers below their message in their order, with their pictures', () => {
    const first = message('1714559400000', 'Ada', {
      replies: [answer, earlier],
      hostedContents: [{ id: 'inner', name: 'inline-1.png', message: '1', reply: '2' }],
    })
    const metadata = { properties: first }
    const parts = new Map([['inline-1.png', 'parts/inline-1.png']])
    const container = { 'o365:Name': 'General', properties: { membershipType: 'private' } }
    const html = chatTranscript(container, [{ metadata, parts }])
    expect(html).toContain('private channel, 3 messages')
    const places = ['from Ada', '<div class="replies">', 'from Alan', '2024-05-02 10:33', 'src="parts/inline-1.png"']
    expect(places.map((text) => html.indexOf(text))).toEqual(
      places.map((text) => html.indexOf(text)).toSorted((one, other) => one - other),
    )
    expect(places.every((text) => html.includes(text))).toBe(true)
  })

  it('tells lines of Teams about channels in words', () => {
    const eventDetail = {
      '@odata.type': '#microsoft.graph.channelRenamedEventMessageDetail',
      channelDisplayName: 'Plans',
      initiator: { user: { displayName: 'Ada' } },
    }
    const metadata = { properties: message('1714559400000', 'x', { from: null, eventDetail }) }
    expect(chatTranscript({}, [{ metadata }])).toContain('Ada renamed the channel to "Plans"')
  })

  it('finds pictures of answers by their address', () => {
    expect(hostedIn({ replies: [answer] })).toEqual([{ id: 'inner', message: '1', reply: '2' }])
  })
})
