import { describe, expect, test } from 'vitest'
import { ParsedMail } from '../../support/graph-simulator/mime/parsed-mail.ts'

const parse = (text: string | Buffer): ParsedMail => new ParsedMail(Buffer.from(text as string))

describe('what Graph shows of a mail', () => {
  test('decodes subjects and names', () => {
    const summary = parse(
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?iso-8859-1?B?4Pjl?=\r\n' +
        'From: =?utf-8?B?SsO2cmc=?= <j@example.com>\r\n' +
        'To: "a, b" <ab@example.com>, plain@example.com, friends: x@example.com;\r\n\r\n',
    ).summary()
    expect(summary.subject).toBe('Grüßeàøå')
    expect(summary.from).toEqual({ name: 'Jörg', address: 'j@example.com' })
    expect(summary.to).toEqual([
      { name: 'a, b', address: 'ab@example.com' },
      { name: 'plain@example.com', address: 'plain@example.com' },
      { name: 'x@example.com', address: 'x@example.com' },
    ])
  })

  test('joins folded headers and passes over what is none', () => {
    const mail = parse('From someone Mon Jan 1\nSubject: one\n two\nX-Empty:\n\nbody')
    expect(mail.headers).toEqual([
      { name: 'Subject', value: 'one two' },
      { name: 'X-Empty', value: '' },
    ])
    expect(mail.body()).toEqual({ contentType: 'text', content: 'body' })
  })

  test.each([
    ['iso-8859-1', Buffer.from('Grüße', 'latin1'), 'Grüße'],
    ['koi8-r', Buffer.from('f0d2c9d7c5d4', 'hex'), 'Привет'],
    ['unheard-of', Buffer.from('Grüße', 'latin1'), 'Grüße'],
  ])('reads %s', (charset, bytes, text) => {
    const head = Buffer.from(`Content-Type: text/plain; charset=${charset}\r\n\r\n`)
    expect(parse(Buffer.concat([head, bytes])).body().content).toBe(text)
  })

  test('prefers HTML and previews its text', () => {
    const mail = parse(
      'Content-Type: multipart/alternative; boundary="=b"\n\n--=b\nContent-Type: text/plain\n\nplain\n' +
        '--=b\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n' +
        '<style>p {}</style><p>A &amp; =\nB</p>\n--=b--\n',
    )
    expect(mail.body()).toEqual({ contentType: 'html', content: '<style>p {}</style><p>A &amp; B</p>' })
    expect(mail.summary().bodyPreview).toBe('A & B')
  })

  test('finds attachments, inline pictures, attached messages and invitations', () => {
    const part = (headers: string, text: string): string => `--b\r\n${headers}\r\n\r\n${text}\r\n`
    const mail = parse(
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n' +
        part('Content-Type: text/plain', 'body') +
        part(`Content-Type: text/plain\r\nContent-Disposition: attachment; filename*=utf-8''%C3%9C.txt`, 'file') +
        part('Content-Type: image/png\r\nContent-ID: <pic>', 'png') +
        part('Content-Type: message/rfc822', 'Subject: inner\r\n\r\ntext') +
        part('Content-Type: text/calendar; method=REQUEST', 'BEGIN:VCALENDAR') +
        '--b--\r\n',
    )
    expect(mail.attachments().map(({ kind, name, isInline, contentId }) => [kind, name, isInline, contentId])).toEqual([
      ['file', 'Ü.txt', false, undefined],
      ['file', undefined, true, 'pic'],
      ['item', 'inner', false, undefined],
    ])
    expect(mail.attachments().map((attachment) => attachment.bytes().toString())).toEqual([
      'file',
      'png',
      'Subject: inner\r\n\r\ntext',
    ])
    expect(mail.summary()).toMatchObject({ hasAttachments: true, meeting: 'meetingRequest' })
  })

  test.each(['nonsense', 'Mon, 99 Foo 2024', 'Mon, 01 Jan 1601 00:00:00 +0000', 'Tue, 01 Jan 2999 00:00:00 +0000'])(
    'has no date for %s',
    (date) => {
      expect(parse(`Date: ${date}\n\n`).summary().sentAt).toBeUndefined()
    },
  )

  test('gives a mail without an id one that stays', () => {
    const first = parse('Subject: x\n\nbody').summary().internetMessageId
    expect(first).toMatch(/^<.+@.+>$/)
    expect(parse('Subject: x\n\nbody').summary().internetMessageId).toBe(first)
    expect(parse('Subject: y\n\nbody').summary().internetMessageId).not.toBe(first)
  })

  test('survives an unfinished multipart', () => {
    const mail = parse('Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\ncut off')
    expect(mail.body().content).toBe('cut off')
    expect(parse('Content-Type: multipart/mixed; boundary=b\n\nno part at all').body().content).toBe('')
    expect(parse('').summary().subject).toBeUndefined()
  })
})
