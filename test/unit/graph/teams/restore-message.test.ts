import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { composeMessage } from '../../../../src-main/graph/teams/restore-message.ts'
import { wordsHash } from '../../../../src-main/graph/teams/restore-text.ts'

const nothing = { hosted: [], parts: [] }
const own = { writtenBy: undefined, isSameTenant: false, isPlain: false }

const html = (content: string, more: JsonObject = {}): JsonObject => ({
  body: { contentType: 'html', content },
  ...more,
})

const compose = (message: JsonObject, more: Partial<Parameters<typeof composeMessage>[2]> = {}) =>
  composeMessage(message, nothing, { ...own, ...more })

describe('messages on their way back into Teams', () => {
  it.each([
    '<p>as it <b>was</b>&nbsp;&amp; is<br>here</p>',
    '<img src="https://statics.teams.example/sticker.png">',
    '<emoji id="smile" alt="🙂"></emoji>',
    '',
  ])('stay as they are where nothing has to change: %s', (content) => {
    expect(compose(html(content))).toEqual({
      body: { contentType: 'html', content },
      attachments: [],
      pictures: [],
      codes: [],
    })
  })

  it('keep plain text as such, and escape it where something is added', () => {
    const message = { body: { contentType: 'text', content: 'a < b\nc & d' } }
    expect(compose(message).body).toEqual({ contentType: 'text', content: 'a < b\nc & d' })
    expect(compose(message, { writtenBy: 'Ada <x>' })).toMatchObject({
      body: { contentType: 'html', content: '<p><strong>Ada &lt;x&gt;:</strong></p><p>a &lt; b<br />c &amp; d</p>' },
      codes: ['author-as-text'],
    })
  })

  it('name a mention in the text alone, with the same words', () => {
    const message = html('<p>Ask <at id="0">Grace <i>Hopper</i></at>!</p>')
    const { body, codes } = compose(message)
    expect(body.content).toBe('<p>Ask <strong>Grace <i>Hopper</i></strong>!</p>')
    expect(codes).toEqual(['mentions-as-text'])
    expect(wordsHash({ body })).toBe(wordsHash(message))
  })

  it('link only to addresses of the web', () => {
    const file = { id: 'f', contentType: 'reference', contentUrl: 'javascript:alert(1)', name: '<b>' }
    const { body, attachments } = compose(html('<attachment id="f"></attachment>', { attachments: [file] }), {
      isSameTenant: true,
    })
    expect(body.content).toBe('<p>&lt;b&gt;</p>')
    expect(attachments).toEqual([])
  })

  it('leave out a picture that is not at hand, with its description', () => {
    const source = 'https://graph.microsoft.com/v1.0/teams/t/channels/c/messages/1/hostedContents/abc/$value'
    const { body, codes } = compose(html(`<p><img src="${source}" alt="a plan"></p>`))
    expect(body.content).toBe('<p>a plan</p>')
    expect(codes).toEqual(['picture-left-out'])
  })

  it('never fail over what they are made of', () => {
    fc.assert(
      fc.property(
        fc.object({ withNullPrototype: false }),
        fc.string(),
        fc.boolean(),
        (value, content, isSameTenant) => {
          const attachments = [value, content, null] as never
          const message = { ...value, attachments, body: { contentType: 'html', content } } as never
          expect(() => compose(message, { isSameTenant, writtenBy: content })).not.toThrow()
          expect(() => wordsHash(value as never)).not.toThrow()
        },
      ),
    )
  })
})
