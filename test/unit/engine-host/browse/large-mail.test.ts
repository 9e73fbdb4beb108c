import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { StoredFile } from '../../../../src-main/engine/ports/restore-target.ts'
import { cut, decodedBody } from '../../../../src-main/engine-host/browse/decoded-body.ts'
import { largeMailFiles } from '../../../../src-main/engine-host/browse/large-mail.ts'
import { parseMimeMessage } from '../../../../src-main/graph/mail/mime-message.ts'
import { readRealMail, realMailFiles } from '../../../support/real-mails.ts'

const { signal } = new AbortController()

/** A file that comes in pieces of so many bytes. */
function file(bytes: Uint8Array, piece: number): StoredFile {
  return {
    name: 'mail.eml',
    size: bytes.length,
    bytes: () => Promise.resolve(bytes),
    async *stream(_signal, from = 0) {
      for (let at = from; at < bytes.length; at += piece) yield await Promise.resolve(bytes.subarray(at, at + piece))
    },
  }
}

/** The files of a mail, read as parts of a large one. */
async function filesOf(mime: Uint8Array, piece: number): Promise<{ name: string; digest: string }[]> {
  const stored = file(mime, piece)
  const found: { name: string; digest: string }[] = []
  for (const { name, encoding, start, end } of await largeMailFiles(stored, signal)) {
    const body = decodedBody(encoding, cut(stored.stream(signal, start), end - start))
    found.push({ name, digest: digest(Buffer.concat(await Array.fromAsync(body))) })
  }
  return found
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The same, as the whole mail in memory has them. */
async function expected(mime: Uint8Array): Promise<{ name: string; digest: string }[]> {
  return (await parseMimeMessage(mime)).files.map(({ name, bytes }) => ({ name, digest: digest(bytes) }))
}

function encoded(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g)
      ?.join('\r\n') ?? ''
  )
}

function mixed(parts: readonly string[]): Buffer {
  const head = 'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="-=_x"\r\n\r\n'
  return Buffer.from(`${head}${parts.map((part) => `---=_x\r\n${part}\r\n`).join('')}---=_x--\r\n`)
}

const attached = (name: string, bytes: Uint8Array): string =>
  `Content-Type: application/pdf; name="${name}"\r\nContent-Disposition: attachment\r\n` +
  `Content-Transfer-Encoding: base64\r\n\r\n${encoded(bytes)}`

describe('files of a large mail', () => {
  // 57 bytes fill a line: the last line is a full one.
  test.each([0, 1, 57, 570, 100_000, 57 * 2000])('are the same bytes (%i of them)', async (length) => {
    const plain = 'Content-Type: text/plain\r\n\r\nhello'
    const mime = mixed([plain, attached('one.pdf', randomBytes(length)), attached('two.pdf', randomBytes(333))])
    for (const piece of [100, 4096, mime.length]) expect(await filesOf(mime, piece)).toEqual(await expected(mime))
  })

  test('may be quoted-printable, plain, or messages', async () => {
    const quoted =
      'Content-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\n;c'
    const inner = `Content-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\n${'x'.repeat(70)}\r\nend`
    const mime = mixed(['Content-Type: text/plain\r\n\r\nhello', quoted, inner, attached('b.pdf', randomBytes(500))])
    const found = await filesOf(mime, 64)
    expect(found).toEqual(await expected(mime))
    expect(found).toHaveLength(3)
  })

  test('of real mails are those that the parser finds', async () => {
    const mails = realMailFiles()
      .filter((_name, at) => at % 12 === 0)
      .map(readRealMail)
    let seen = 0
    for (const mime of mails) {
      const all = await expected(mime)
      seen += all.length
      // What the parser finds inside of raw text is no part of its own.
      expect((await filesOf(mime, 1000)).slice(0, all.length)).toEqual(all)
    }
    expect(seen).toBeGreaterThan(5)
  })
})
