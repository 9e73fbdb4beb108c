import { describe, expect, it } from 'vitest'
import { mimeSearchText } from '../../../../src-main/graph/mail/mime-search-text.ts'

function text(...lines: readonly string[]): Promise<string> {
  return mimeSearchText(Buffer.from(lines.join('\r\n'), 'latin1'))
}

describe('mimeSearchText', () => {
  it('takes plain text in its charset', async () => {
    expect(await text('Content-Type: text/plain; charset=iso-8859-1', '', 'Gr\xfc\xdfe')).toBe('Grüße')
  })

  it('strips HTML and decodes its entities', async () => {
    const found = await text(
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '<html><head><style>p { color: red }</style><script>track()</script></head>',
      '<body><p>Fish &amp; chips=20</p><p>caf=C3=A9</p></body></html>',
    )
    expect(found).toContain('Fish & chips')
    expect(found).toContain('café')
    expect(found).not.toMatch(/color|track|<p>/)
  })

  it('takes the plain one of two versions', async () => {
    const alternative = ['Content-Type: multipart/alternative; boundary=a', '', '--a', '', 'plain words', '--a']
    const found = await text(...alternative, 'Content-Type: text/html', '', '<p>html words</p>', '--a--')
    expect(found).toContain('plain words')
    expect(found).not.toContain('html words')
  })

  it('has the names of attachments, not what is in them', async () => {
    const found = await text(
      'Content-Type: multipart/mixed; boundary=m',
      '',
      '--m',
      '',
      'body',
      '--m',
      'Content-Type: text/csv; name="budget 2024.csv"',
      '',
      'secret,figures',
      '--m--',
    )
    expect(found).toBe('body\nbudget 2024.csv')
  })

  it('has the text and the people of embedded messages', async () => {
    const found = await text(
      'Content-Type: multipart/mixed; boundary=m',
      '',
      '--m',
      '',
      'see below',
      '--m',
      'Content-Type: message/rfc822',
      'Content-Disposition: attachment',
      '',
      'Subject: =?utf-8?q?=C3=9Cberblick?=',
      'From: Grace <grace@x.example>',
      'Content-Type: multipart/mixed; boundary=n',
      '',
      '--n',
      '',
      'inner words',
      '--n',
      'Content-Type: application/pdf; name=inner.pdf',
      '',
      'PDF',
      '--n--',
      '--m--',
    )
    for (const part of ['see below', 'Überblick', 'grace@x.example', 'inner words', 'inner.pdf']) {
      expect(found).toContain(part)
    }
  })

  it('is cut at 100 KB', async () => {
    const found = await text('Content-Type: text/plain; charset=utf-8', '', 'wörd '.repeat(100_000))
    expect(Buffer.byteLength(found)).toBeLessThanOrEqual(100 * 1024)
  })

  it('never rejects', async () => {
    expect(await mimeSearchText(new Uint8Array())).toBe('')
    expect(await text('Content-Type: text/plain; charset=no-such-thing', '', '\xff\xfe')).not.toBe('')
    const nested = Array.from(
      { length: 500 },
      (_value, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}`,
    )
    await expect(text(...nested, '', 'x')).resolves.toBeDefined()
  })
})
