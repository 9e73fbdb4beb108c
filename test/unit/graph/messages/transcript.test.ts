import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { extensionOf } from '../../../../src-main/graph/messages/content-extension.ts'
import { hostedIn } from '../../../../src-main/graph/messages/hosted-contents.ts'
import { chatsDescriber } from '../../../../src-main/graph/chats/reader.ts'
import { chatTranscript } from '../../../../src-main/graph/messages/transcript.ts'

function message(properties: JsonObject): { readonly metadata: JsonObject } {
  return {
    metadata: {
      properties: {
        id: '1',
        chatId: '19:a@thread.v2',
        createdDateTime: '2024-05-01T10:30:00.000Z',
        from: { user: { id: 'u', displayName: 'Ada <Lovelace>' } },
        body: { contentType: 'html', content: '' },
        ...properties,
      },
    },
  }
}

const chat: JsonObject = {
  'o365:Name': 'A & "B"',
  properties: {
    chatType: 'group',
    members: [{ displayName: 'Ada', email: 'ada@contoso.example' }],
    pinnedMessages: [{ id: '1' }],
  },
}

function transcriptOf(properties: JsonObject, parts?: ReadonlyMap<string, string>): string {
  return chatTranscript(chat, [{ ...message(properties), ...(parts === undefined ? {} : { parts }) }])
}

const content = (html: string): JsonObject => ({ body: { contentType: 'html', content: html } })
const hostedUrl = 'https://graph.microsoft.com/v1.0/chats/19:a@thread.v2/messages/1/hostedContents/abc123/$value'

describe('the transcript of a chat', () => {
  it('is one whole document with its people and messages, oldest first', () => {
    const html = chatTranscript(chat, [
      message({ ...content('<p>second</p>'), id: '2', createdDateTime: '2024-05-02T09:00:00Z' }),
      message({ body: { contentType: 'text', content: 'first <b>&\nline' } }),
    ])
    expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="en">[\s\S]*<\/html>\n$/)
    expect(html).toContain('<title>A &amp; "B"</title>')
    expect(html).toContain('Ada &lt;ada@contoso.example&gt;')
    expect(html).toContain('<b>Ada &lt;Lovelace&gt;</b> <time>10:30</time> <span class="mark">pinned</span>')
    expect(html).toContain('first &lt;b&gt;&amp;<br>line')
    expect(html.indexOf('2024-05-01')).toBeLessThan(html.indexOf('2024-05-02'))
    expect(html).toContain('prefers-color-scheme: dark')
  })

  it.each([
    ['<script>alert(1)</script><p onclick="x()" style="position:fixed">hi</p>', '<div class="body"><p>hi</p></div>'],
    ['<a href="javascript:alert(1)">x</a>', '<a>x</a>'],
    [
      '<a href=" https://ok.example/?a=1&amp;b=2" target="_blank">x</a>',
      '<a href="https://ok.example/?a=1&amp;b=2" rel="noreferrer noopener">x</a>',
    ],
    ['<img src="https://tracker.example/p.png" alt="logo">', '[picture: logo]'],
    [
      '<svg onload=alert(1)><circle/></svg><iframe src="https://x.example"></iframe>done',
      '<div class="body">done</div>',
    ],
    [
      '<at id="0">Grace</at> <emoji alt="😀"></emoji><codeblock><code>a&lt;b</code></codeblock>',
      '<span class="mention">Grace</span> 😀<pre><code>a&lt;b</code></pre>',
    ],
    [
      '<table><tr><td colspan="2">1</td></tr></table><form><input value="x">in</form>',
      '<table><tr><td>1</td></tr></table>',
    ],
  ])('cleans %j', (html, shown) => {
    expect(transcriptOf(content(html))).toContain(shown)
  })

  it('shows pictures that are at hand, and names the others', () => {
    const properties = {
      ...content(`<img src="${hostedUrl}" alt="a &quot;b&quot;" width="67.4" height="9e9">`),
      hostedContents: [{ id: 'abc123', message: '1', name: 'inline-1.png' }],
    }
    const shown = transcriptOf(properties, new Map([['inline-1.png', 'attachments/x/inline-1.png']]))
    expect(shown).toContain('<img src="attachments/x/inline-1.png" alt="a &quot;b&quot;" width="67" />')
    expect(transcriptOf(properties)).toContain('[picture: a "b"]')
  })

  it('shows files, quotes, reactions, events and what became of a message', () => {
    const quote = {
      contentType: 'messageReference',
      content: '{"messagePreview":"you <b>said</b>","messageSender":{"user":{"displayName":"Grace"}}}',
    }
    const file = { contentType: 'reference', name: 'a<b>.docx', contentUrl: 'https://contoso.example/a' }
    const card = { contentType: 'application/vnd.microsoft.card.adaptive', content: '{"title":"Vote"}' }
    const html = transcriptOf({
      attachments: [quote, file, card],
      reactions: [{ reactionType: '👍' }, { reactionType: '👍' }],
      lastEditedDateTime: 'x',
      importance: 'urgent',
    })
    expect(html).toContain('<blockquote><b>Grace</b>: you  said</blockquote>')
    expect(html).toContain('<a href="https://contoso.example/a" rel="noreferrer noopener">a&lt;b&gt;.docx</a>')
    expect(html).toContain('card: Vote')
    expect(html).toContain('👍 2')
    expect(html).toContain('edited')
    expect(html).toContain('urgent')
    expect(transcriptOf({ deletedDateTime: '2024-05-02T00:00:00Z' })).toContain('This message was deleted.')
    expect(transcriptOf({ policyViolation: { dlpAction: 'blockAccess' } })).toContain('blocked by a rule')
    const event = {
      '@odata.type': '#microsoft.graph.membersAddedEventMessageDetail',
      initiator: { user: { displayName: 'Ada' } },
      members: [{ displayName: 'Alan <T>' }],
    }
    expect(transcriptOf({ eventDetail: event })).toContain('Ada added Alan &lt;T&gt;')
    expect(
      transcriptOf({ eventDetail: { '@odata.type': '#microsoft.graph.somethingNewEventMessageDetail' } }),
    ).toContain('Teams: something new')
  })

  it('has no script, handler or foreign address whatever people wrote', () => {
    const piece = fc.constantFrom(
      '<script>',
      '</script>',
      '<img src=x onerror=a()>',
      '<a href="javascript:b()">',
      '<p ',
      'onload=c()',
      '>',
      '"',
      "'",
      '<style>',
      '<',
      'x',
      '&lt;script&gt;',
      '<iframe src=//d.example>',
      '</p>',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const html = transcriptOf({ ...content(pieces.join('')), subject: pieces.join('') })
        const main = html.slice(html.indexOf('<main>'))
        const tags = main.match(/<[a-zA-Z/][^>]*>/g) ?? []
        for (const tag of tags) expect(tag).not.toMatch(/<(script|style|iframe)|\son\w+=|javascript:|src=/i)
      }),
    )
  })
})

describe('chat messages', () => {
  it('name their hosted contents wherever they stand', () => {
    const properties = {
      ...content(`<img src="${hostedUrl}"><img src="${hostedUrl}">`),
      attachments: [{ content: `{"codeSnippetUrl":"${hostedUrl.replace('abc123', 'd%2Fe')}"}` }],
      reactions: [{ reactionContentUrl: hostedUrl.replace('abc123', 'f').replace('messages/1', 'messages/2') }],
    }
    expect(hostedIn(properties)).toEqual([
      { id: 'abc123', message: '1' },
      { id: 'd/e', message: '1' },
      { id: 'f', message: '2' },
    ])
  })

  it('are described by what they say, from whom and when', async () => {
    const { metadata } = message({
      ...content('<p>Hello&nbsp;<b>world</b></p>'),
      etag: '7',
      attachments: [{ contentType: 'reference', name: 'plan.docx' }],
    })
    expect(chatsDescriber.row(metadata, 0)).toMatchObject({
      title: 'Hello world',
      from: 'Ada <Lovelace>',
      hasAttachments: true,
      shard: '2024-05',
    })
    expect(chatsDescriber.identity(metadata)).toEqual({ id: '19:a@thread.v2/1', changeKey: '7' })
    expect(await chatsDescriber.searchText(metadata, new Uint8Array(0))).toBe('Hello world\nplan.docx')
  })

  it('are described and shown whatever their metadata', () => {
    fc.assert(
      fc.property(
        fc.object({
          maxDepth: 4,
          key: fc.constantFrom(
            'body',
            'content',
            'from',
            'user',
            'eventDetail',
            '@odata.type',
            'attachments',
            'hostedContents',
            'id',
            'reactions',
            'members',
          ),
        }),
        (value) => {
          const metadata = { properties: value } as JsonObject
          chatsDescriber.row(metadata, 0)
          chatsDescriber.identity(metadata)
          chatTranscript(metadata, [{ metadata }])
        },
      ),
    )
  })
})

it.each([
  ['png', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['jpg', Buffer.from('ffd8ffe0', 'hex')],
  ['webp', Buffer.from('RIFF0000WEBPVP8 ')],
  ['txt', Buffer.from('print("ü")')],
  ['bin', Buffer.from([0, 1, 2])],
  ['bin', Buffer.alloc(0)],
])('names a content by what it is: %s', (extension, bytes) => {
  expect(extensionOf(bytes)).toBe(extension)
})
