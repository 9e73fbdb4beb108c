import { describe, expect, test } from 'vitest'
import { conversationsDescriber } from '../../../../src-main/graph/conversations/reader.ts'
import { threadTranscript } from '../../../../src-main/graph/conversations/transcript.ts'

const from = { emailAddress: { name: 'Ada <x>', address: 'ada@contoso.example' } }
const post = (content: string, contentType = 'html') => ({
  id: content,
  receivedDateTime: '2024-03-01T10:15:00Z',
  from,
  body: { contentType, content },
})
const thread = (posts: readonly object[], more: object = {}) => ({
  'o365:Type': 'conversationThread',
  'o365:Id': 't',
  properties: { id: 't', topic: 'Plans', posts, ...more } as never,
})

describe('the page of a thread', () => {
  test('shows who wrote what and when, cleaned', () => {
    const page = threadTranscript(thread([post('<p onclick="x()">Hi <a href="javascript:x()">there</a></p>')]))
    expect(page).toContain('<b>Ada &lt;x&gt; &lt;ada@contoso.example&gt;</b> <time>10:15</time>')
    expect(page).toContain('<p>Hi <a>there</a></p>')
    expect(page).not.toContain('onclick')
  })

  test('names pictures that are not at hand, and loads none from elsewhere', () => {
    const attachments = [{ id: 'a', name: 'cat.png', isInline: true, contentId: '<cat@1>' }]
    const body = '<img src="cid:cat@1"><img src="https://evil.example/x.png" alt="track">'
    const page = threadTranscript(thread([{ ...post(body), attachments }]))
    expect(page).toContain('[picture: cat.png]')
    expect(page).toContain('[picture: track]')
    expect(page).not.toContain('evil.example')
    const shown = threadTranscript(
      thread([{ ...post(body), attachments }]),
      new Map([['cat.png', 'data:image/png;base64,AA']]),
    )
    expect(shown).toContain('src="data:image/png;base64,AA"')
  })

  test('writes plain text as it was written', () => {
    expect(threadTranscript(thread([post('1 < 2\nand so on', 'text')]))).toContain('1 &lt; 2<br>and so on')
  })

  test('says when nobody may write any more, and what is missing', () => {
    const page = threadTranscript(thread([], { isLocked: true, notRead: { attachments: 'graph.forbidden' } }))
    expect(page).toContain('Nobody can write to it any more.')
    expect(page).toContain('Attachments of this conversation are not in the backup.')
    expect(page).toContain('There are no messages.')
  })

  test('is made of anything', () => {
    for (const metadata of [
      {},
      { properties: 1 },
      { properties: { posts: [1, {}] } },
      thread([{ body: 1, from: [] }]),
    ]) {
      expect(threadTranscript(metadata as never)).toContain('<!DOCTYPE html>')
    }
  })
})

describe('a stored thread', () => {
  test('is described whatever it holds', async () => {
    for (const metadata of [{}, { properties: null }, thread([{ attachments: [1, { name: 1 }] }])]) {
      expect(conversationsDescriber.row(metadata as never, 0)).toMatchObject({ size: 0 })
      expect(conversationsDescriber.identity(metadata as never).changeKey).not.toBe('')
      expect(await conversationsDescriber.searchText(metadata as never, Buffer.alloc(0))).toEqual(expect.any(String))
      expect(conversationsDescriber.notices?.(metadata as never)).toEqual([])
    }
  })

  test('has the same change key with its posts and without', () => {
    const listed = thread([]).properties as Record<string, unknown>
    const full = conversationsDescriber.identity(thread([post('x')]))
    expect(conversationsDescriber.identity({ 'o365:Id': 't', properties: listed as never })).toEqual(full)
  })
})
