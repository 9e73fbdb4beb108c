import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeAttribute, escapeHtml } from '../../../../src-main/graph/item/html-entities.ts'
import { elementsOf, parseHtml } from '../../../../src-main/graph/item/html-parse.ts'
import { htmlToText } from '../../../../src-main/graph/item/html-text.ts'
import { writeHtml } from '../../../../src-main/graph/item/html-write.ts'

const textIn = (html: string): string =>
  parseHtml(html)
    .map((node) => (node.kind === 'text' ? node.text : ''))
    .join('')

describe('escaped text', () => {
  it('is read as the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(textIn(escapeHtml(text))).toBe(text)
        const [link] = elementsOf(parseHtml(`<a href="${escapeAttribute(text)}">`))
        expect(link?.attributes.get('href')).toBe(text)
      }),
    )
  })

  it('may have any named character', () => {
    expect(textIn('&#252;&#xFC; &auml; &unknown; &amp &constructor; &NotEqualTilde;')).toBe(
      'üü ä &unknown; & &constructor; ≂̸',
    )
  })
})

describe('the HTML parser', () => {
  it.each([
    ['<p>a<p>b', '<p>a</p><p>b</p>'],
    ['<ul><li>a<li>b</ul>c', '<ul><li>a</li><li>b</li></ul>c'],
    ['a<br>b<img src=x alt="y z">', 'a<br />b<img src="x" alt="y z" />'],
    ['<b>a<!-- <i>no</i> -->b</b></i>', '<b>ab</b>'],
    ['<script>if (a < b) "</p>"</script>x<style>p{}</style>', '<script></script>x<style></style>'],
    ['1 < 2 and <3', '1 &lt; 2 and &lt;3'],
    ["<A HREF='a\"b'>x</A>", '<a href="a&quot;b">x</a>'],
    ['text <b never closed', 'text '],
    ['<div/><p>x</p>', '<div></div><p>x</p>'],
  ])('reads %j', (source, written) => {
    expect(writeHtml(parseHtml(source))).toBe(written)
  })

  it('takes any text, and its output comes out the same again', () => {
    const pieces = fc.constantFrom(
      '<p>',
      '</p>',
      '<b x="1">',
      '</b>',
      '<img ',
      '"',
      "'",
      '>',
      '<',
      '&',
      '<!--',
      '-->',
      'a',
      ' ',
      '<td>',
      '<br/>',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const once = writeHtml(parseHtml(parts.join('')))
        expect(writeHtml(parseHtml(once))).toBe(once)
      }),
    )
  })

  it('reads deep nesting and unclosed tags in linear time', () => {
    const deep = '<div>'.repeat(100_000)
    expect([...elementsOf(parseHtml(deep))]).toHaveLength(100_000)
    expect(parseHtml('<a "'.repeat(200_000)).length).toBeLessThanOrEqual(1)
  })
})

it('makes text of HTML: blocks on lines of their own, pictures and files by name', () => {
  const html =
    '<html><head><title>T</title><style>no</style></head><body><h1>One</h1><p>two <b>three</b>\n four&nbsp;five</p>' +
    '<img alt="a picture"><object data-attachment="a.pdf"></object><script>never</script></body></html>'
  expect(htmlToText(html)).toBe('T\nOne\ntwo three four five\na picture a.pdf')
})
