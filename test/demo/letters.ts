import { filler, mailHeader, multipart, part } from '../support/graph-simulator/seeds/mime-writer.ts'

export interface Letter {
  readonly from: string
  readonly to: string
  readonly subject: string
  /** ISO 8601. */
  readonly date: string
  /** Plain text; empty lines part paragraphs. */
  readonly text?: string
  readonly html?: string
  readonly files?: readonly { readonly name: string; readonly type: string; readonly bytes: Buffer }[]
}

/** The mail as it would be on the wire. */
export function letterMime(letter: Letter): Buffer {
  const { from, to, subject, date, text = '', files = [] } = letter
  const seconds = Date.parse(date) / 1000
  const word = Buffer.from(`${subject} ${date}`).toString('hex').slice(0, 40)
  const messageId = `<${word}@contoso.example>`
  const head = Buffer.from(mailHeader({ from, to, subject: encoded(subject), date: seconds, messageId }))
  const html = letter.html ?? paragraphs(text)
  const body = part('text/html; charset=utf-8', Buffer.from(html))
  if (files.length === 0) return Buffer.concat([head, Buffer.from('MIME-Version: 1.0\r\n'), body])
  const attached = files.map(({ name, type, bytes }) =>
    part(`${type}; name="${name}"`, bytes, { disposition: `attachment; filename="${name}"` }),
  )
  return Buffer.concat([head, multipart('mixed', word, [body, ...attached])])
}

/** A file of a kind that cannot be looked into. */
export function archive(name: string, size: number): NonNullable<Letter['files']>[number] {
  return { name, type: 'application/zip', bytes: filler(size, name.length) }
}

function paragraphs(text: string): string {
  const lines = text.split('\n\n').map((one) => `<p>${one.replaceAll('\n', '<br>')}</p>`)
  return `<html><body>${lines.join('')}</body></html>`
}

// https://www.rfc-editor.org/rfc/rfc2047
function encoded(subject: string): string {
  if (/^[\x20-\x7e]*$/.test(subject)) return subject
  return `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`
}
