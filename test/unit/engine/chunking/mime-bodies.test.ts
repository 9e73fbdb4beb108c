import { describe, expect, it } from 'vitest'
import { MIN_BODY, mimeBodies } from '../../../../src-main/engine/chunking/mime-bodies.ts'
import { readRealMail, realMailFiles } from '../../../support/real-mails.ts'
import { KIB, MIB, attachment, blobsOf, cutsOf, mail, multipart, noise, textPart, type MailPart } from './contents.ts'

const NEWLINES = [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
] as const

function shared(a: Uint8Array, b: Uint8Array): number {
  const others = new Set(blobsOf(b, true))
  return blobsOf(a, true).filter((blob) => others.has(blob)).length
}

/** A part's body as it stands in the mail. */
function bodyText({ body }: MailPart, newline: string): Buffer {
  return Buffer.from(`${body}\n`.replaceAll('\n', newline))
}

describe.each(NEWLINES)('an attachment in mails with %s', (_name, newline) => {
  it.each([40 * KIB, 300 * KIB, 3 * MIB])('of %i bytes has the same blobs in every mail', (size) => {
    const file = attachment(noise(size, 'file'), 'file.bin')
    const first = mail('Subject: one', [textPart('Hello'), file], newline)
    const second = mail(
      'Subject: two\nX-More: header',
      [textPart('Good day\n\nto you'), file, textPart('.')],
      newline,
      'other',
    )
    const alone = blobsOf(bodyText(file, newline), false)
    expect(blobsOf(first, true)).toEqual(expect.arrayContaining(alone))
    expect(blobsOf(second, true)).toEqual(expect.arrayContaining(alone))
    expect(shared(first, second)).toBe(alone.length)
  })

  it('is found beside others, and in a nested multipart', () => {
    const files = ['a', 'b', 'c'].map((name) => attachment(noise(100 * KIB, name), name))
    const nested: MailPart = {
      header: 'Content-Type: multipart/related; boundary=inner',
      body: multipart([textPart('<p>'), ...files.slice(0, 2)], 'inner'),
    }
    const bytes = mail('Subject: nested', [nested, ...files.slice(2)], newline)
    for (const file of files)
      expect(blobsOf(bytes, true)).toEqual(expect.arrayContaining(blobsOf(bodyText(file, newline), false)))
  })

  it('is found whatever its header looks like', () => {
    const { body } = attachment(noise(60 * KIB, 'header'), 'x')
    for (const header of [
      'content-transfer-encoding: BASE64',
      'Content-Type: text/plain;\n name="folded"\nContent-Transfer-Encoding:\n base64\nX-Last: 1',
      'Content-Transfer-Encoding:base64',
    ]) {
      const bytes = mail('Subject: headers', [textPart('text'), { header, body }], newline)
      expect(blobsOf(bytes, true)).toContain(blobsOf(bodyText({ header, body }, newline), false)[0])
    }
  })

  it('is found behind an empty part', () => {
    const file = attachment(noise(60 * KIB, 'empty'), 'x')
    const empty: MailPart = { header: 'Content-Transfer-Encoding: base64', body: '' }
    const bytes = mail('Subject: empty', [empty, file], newline)
    expect(blobsOf(bytes, true)).toContain(blobsOf(bodyText(file, newline), false)[0])
  })

  it('stays in the blob around it when it is small', () => {
    const bytes = mail('Subject: small', [textPart('text'), attachment(noise(20 * KIB, 'small'), 'x')], newline)
    expect(cutsOf(bytes, true)).toEqual([[0, bytes.length]])
  })

  it('is reported up to the end if the mail ends in it, and from the start of a later window', () => {
    const file = attachment(noise(200 * KIB, 'window'), 'x')
    const bytes = mail('Subject: cut', [textPart('t'), file], newline)
    const [whole] = mimeBodies(bytes)
    if (whole === undefined) throw new Error('no body')
    const cut = bytes.subarray(0, whole.end - 5000)
    expect(mimeBodies(cut)).toEqual([{ start: whole.start, end: cut.length }])
    const rest = bytes.subarray(whole.start + 10_000)
    expect(mimeBodies(rest, true)).toEqual([{ start: 0, end: whole.end - whole.start - 10_000 }])
    expect(mimeBodies(bytes.subarray(whole.end - 100), true)).toEqual([{ start: 0, end: 100 }])
  })

  it('is found in a window that begins with its delimiter', () => {
    const file = attachment(noise(100 * KIB, 'delimiter'), 'x')
    const part = Buffer.from(`--b1\n${file.header}\n\n${file.body}\n--b1--\n`.replaceAll('\n', newline))
    const [body] = mimeBodies(part)
    expect(part.subarray(body?.start, body?.end).equals(bodyText(file, newline))).toBe(true)
  })
})

describe('a mail', () => {
  it('without base64 is one blob up to 512 KiB', () => {
    const text = 'A line of text, no attachment.\n-- \nsignature\n--not a boundary\n'
    const bytes = mail('Subject: text', [textPart(text.repeat(9000))], '\n').subarray(0, 512 * KIB)
    expect(bytes.length).toBe(512 * KIB)
    expect(cutsOf(bytes, true)).toEqual([[0, bytes.length]])
  })

  it('that only speaks of base64 is not cut', () => {
    const body = attachment(noise(100 * KIB, 'speaks'), 'x').body
    const quoted = { header: 'Content-Type: text/plain', body: `Content-Transfer-Encoding: base64\n\n${body}` }
    const bytes = mail('Subject: quoted', [quoted], '\n')
    expect(cutsOf(bytes, true)).toEqual([[0, bytes.length]])
  })

  it('of the real world is one blob when it is short, and covered in any case', () => {
    for (const file of realMailFiles().filter((_, i) => i % 10 === 0)) {
      const bytes = readRealMail(file)
      const cuts = cutsOf(bytes, true)
      if (bytes.length <= MIN_BODY) expect(cuts.length).toBe(1)
      expect(cuts.at(-1)?.[1]).toBe(bytes.length)
    }
  })
})
