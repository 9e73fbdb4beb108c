import { describe, expect, it } from 'vitest'
import { parseMimeMessage } from '../../../../src-main/graph/mail/mime-message.ts'
import type { MessageFile, MimeMessage } from '../../../../src-main/graph/mail/mime-message.ts'

function mime(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

function parse(...lines: readonly string[]): Promise<MimeMessage> {
  return parseMimeMessage(mime(...lines))
}

function content(file: MessageFile | undefined): string {
  return Buffer.from(file?.bytes ?? []).toString('latin1')
}

describe('parseMimeMessage', () => {
  it('reads a plain message', async () => {
    const message = await parse('Subject: Hi', 'From: Ada <ada@x.example>', '', 'Hello', '')
    expect(message.text).toBe('Hello\n')
    expect(message.files).toEqual([])
    expect(message.headerBlock).toBe('Subject: Hi\r\nFrom: Ada <ada@x.example>\r\n')
    expect(message.email?.from).toEqual({ name: 'Ada', address: 'ada@x.example' })
  })

  it('keeps attachments byte for byte, line ends and all', async () => {
    const message = await parse(
      'Content-Type: multipart/mixed; boundary="b 1"',
      '',
      'preamble',
      '--b 1',
      '',
      'text',
      '--b 1  ',
      'Content-Type: text/plain; name=log.txt',
      '',
      'line 1',
      'line 2\ttab ',
      '',
      '--b 1',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename="a;b.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from([0, 1, 2, 255]).toString('base64'),
      '--b 1--',
      'epilogue',
    )
    expect(message.text?.trim()).toBe('text')
    expect(message.files.map((file) => [file.name, file.contentType])).toEqual([
      ['log.txt', 'text/plain'],
      ['a;b.bin', 'application/octet-stream'],
    ])
    expect(content(message.files[0])).toBe('line 1\r\nline 2\ttab \r\n')
    expect([...(message.files[1]?.bytes ?? [])]).toEqual([0, 1, 2, 255])
  })

  it('gives an embedded message back as it is, named by its subject', async () => {
    const inner = ['Subject: =?utf-8?q?J=C3=BCrgen?= / plan', '', 'inner text', '--not a boundary', '']
    const message = await parse(
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      '',
      'outer',
      '--x',
      'Content-Type: message/rfc822',
      '',
      ...inner,
      '--x--',
    )
    expect(message.text?.trim()).toBe('outer')
    expect(message.files).toHaveLength(1)
    expect(message.files[0]?.name).toBe('Jürgen _ plan.eml')
    expect(content(message.files[0])).toBe(inner.join('\r\n'))
  })

  it('marks images that the text shows as inline', async () => {
    const message = await parse(
      'Content-Type: multipart/related; boundary=r',
      '',
      '--r',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>logo <img src="cid:logo%40mail"> </p>',
      '--r',
      'Content-Type: image/png; name="=?iso-8859-1?Q?B=E4r.png?="',
      'Content-ID: <Logo@mail>',
      '',
      'PNG',
      '--r',
      'Content-Type: image/png',
      'Content-ID: <other@mail>',
      '',
      'PNG2',
      '--r--',
    )
    expect(message.html).toContain('cid:logo%40mail')
    expect(message.files.map(({ name, isInline, contentId }) => [name, isInline, contentId])).toEqual([
      ['Bär.png', true, 'Logo@mail'],
      ['attachment-2.png', false, 'other@mail'],
    ])
  })

  it('reads names in RFC 2231 form, in pieces and in charsets', async () => {
    const message = await parse(
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: application/pdf',
      'Content-Disposition: attachment; filename*0*=iso-8859-1\'\'%DCber; filename*1=" sicht"; filename*2*=%2Epdf',
      '',
      'PDF',
      '--x--',
    )
    expect(message.files[0]?.name).toBe('Über sicht.pdf')
  })

  it('keeps calendar parts, signatures and winmail.dat as files', async () => {
    const parts = ['text/calendar; method=REQUEST', 'application/pkcs7-signature', 'application/ms-tnef', 'image/gif']
    const body = parts.flatMap((type) => ['--x', `Content-Type: ${type}`, '', type])
    const message = await parse('Content-Type: multipart/mixed; boundary=x', '', ...body, '--x--')
    const names = ['invite.ics', 'smime.p7s', 'winmail.dat', 'attachment-4.gif']
    expect(message.files.map((file) => file.name)).toEqual(names)
    expect(message.files.map(content)).toEqual(parts)
  })

  it('gives encrypted mail back as smime.p7m', async () => {
    const message = await parse('Content-Type: application/pkcs7-mime; smime-type=enveloped-data', '', 'P7M')
    expect(message.files.map((file) => [file.name, content(file)])).toEqual([['smime.p7m', 'P7M']])
    expect(message.text).toBeUndefined()
  })

  it('prefers nothing over another in an alternative: both texts are there', async () => {
    const message = await parse(
      'Content-Type: multipart/alternative; boundary=a',
      '',
      '--a',
      'Content-Type: text/plain; charset=koi8-r',
      '',
      '\xf0\xd2\xc9\xd7\xc5\xd4',
      '--a',
      'Content-Type: text/html',
      '',
      '<b>Privet</b>',
      '--a--',
    )
    expect(message.text?.trim()).toBe('Привет')
    expect(message.html?.trim()).toBe('<b>Privet</b>')
  })

  it('shows what stands in a multipart without parts', async () => {
    const message = await parse('Content-Type: multipart/mixed; boundary=never', '', 'only text', '')
    expect(message.text).toContain('only text')
  })

  it('closes parts that were never closed', async () => {
    const message = await parse(
      'Content-Type: multipart/mixed; boundary=out',
      '',
      '--out',
      'Content-Type: multipart/mixed; boundary=in',
      '',
      '--in',
      '',
      'text',
      '--out',
      'Content-Type: application/zip; name=z.zip',
      '',
      'ZIP',
    )
    expect(message.text?.trim()).toBe('text')
    expect(message.files.map((file) => [file.name, content(file)])).toEqual([['z.zip', 'ZIP']])
  })

  it('comes back whole when the parser refuses it', async () => {
    const bytes = mime('Subject: deep', `X-Long: ${'x'.repeat(3 * 1024 * 1024)}`, '', 'text')
    const message = await parseMimeMessage(bytes)
    expect(message.email).toBeUndefined()
    expect(message.files.map((file) => file.name)).toEqual(['message.eml'])
    expect(Buffer.compare(message.files[0]?.bytes ?? Buffer.alloc(0), bytes)).toBe(0)
  })

  it('survives anything', async () => {
    for (const text of [
      '',
      '\r\n',
      'no header',
      '--',
      '\0\xff\n\n--\n',
      'Content-Type: multipart/mixed; boundary=\n\n',
    ]) {
      await expect(parse(text)).resolves.toBeDefined()
    }
  })
})
