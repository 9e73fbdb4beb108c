import { MimeSource } from '../mime/sources.ts'
import { hashNumbers } from '../random.ts'
import type { ContentSource } from '../state/types.ts'
import type { TenantState } from '../state/tenant.ts'
import { filler, mailHeader, multipart, part } from './mime-writer.ts'

export interface CraftedOptions {
  readonly seed: number
  readonly largestAttachment: number
}

/** Bytes of every attachment made up, from 10 KB to 20 MB, around the limits that matter (3 MB and 4 MB). */
const attachmentSizes = [
  10 * 1024,
  300 * 1024,
  2 * 1024 * 1024,
  3 * 1024 * 1024 - 1,
  3 * 1024 * 1024,
  4 * 1024 * 1024 + 1,
  8 * 1024 * 1024,
  20 * 1024 * 1024,
]

const day = 86_400
const firstDate = Date.UTC(2024, 2, 1) / 1000

type Maker = (number: number) => Buffer

/** Adds mails with what the corpus lacks to the first users with mailboxes. */
export function plantCraftedMails(tenant: TenantState, options: CraftedOptions): void {
  const makers = craftedMakers(options)
  const source: ContentSource = new MimeSource((number) => {
    const maker = makers[number]
    if (maker === undefined) throw new RangeError(`No crafted mail ${String(number)}`)
    return maker(number)
  })
  const owners = tenant.allUsers().filter((user) => (user.mailbox?.wellKnownFolder('inbox').members.length ?? 0) > 0)
  const fallback = owners.length > 0 ? owners : tenant.allUsers().filter((user) => user.mailbox !== undefined)
  for (let number = 0; number < makers.length; number++) {
    const mailbox = fallback[number % fallback.length]?.mailbox
    const receivedAt = firstDate + number * day
    mailbox?.addMessage(mailbox.wellKnownFolder('inbox'), {
      source,
      seed: number,
      receivedAt,
      isRead: false,
      isDraft: false,
    })
  }
}

function craftedMakers(options: CraftedOptions): readonly Maker[] {
  const sizes = attachmentSizes.filter((size) => size <= options.largestAttachment)
  return [
    inlineImages,
    invitation,
    attachedMessage,
    latin1Body,
    shiftJisBody,
    koi8Body,
    rawEightBit,
    encodedNames,
    htmlOnly,
    noHeadersToSpeakOf,
    ...sizes.map(
      (size): Maker =>
        (number) =>
          withAttachment(number, size, options.seed),
    ),
  ]
}

function header(number: number, subject: string): string {
  return mailHeader({
    from: '"Crafted, Mail" <crafted@contoso.example>',
    to: 'Adele Vance <adele.vance@contoso.example>',
    subject,
    date: firstDate + number * day,
    messageId: `<crafted.${String(number)}@contoso.example>`,
  })
}

/** A PNG of one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

function inlineImages(number: number): Buffer {
  const html = '<html><body><p>Two pictures:</p><img src="cid:one@crafted"><img src="cid:two@crafted"></body></html>'
  const image = (name: string, id: string): Buffer =>
    part(`image/png; name="${name}"`, pixel, { disposition: `inline; filename="${name}"`, contentId: id })
  const alternative = multipart('alternative', 'alt', [
    part('text/plain; charset=utf-8', Buffer.from('Two pictures')),
    part('text/html; charset=utf-8', Buffer.from(html)),
  ])
  const related = multipart('related', 'rel', [
    alternative,
    image('one.png', 'one@crafted'),
    image('two.png', 'two@crafted'),
  ])
  return Buffer.concat([Buffer.from(header(number, 'Inline images')), related])
}

function invitation(number: number): Buffer {
  const calendar = [
    'BEGIN:VCALENDAR',
    'METHOD:REQUEST',
    'PRODID:-//Simulator//EN',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:crafted-invitation@contoso.example',
    'DTSTAMP:20240301T090000Z',
    'DTSTART:20240308T090000Z',
    'DTEND:20240308T100000Z',
    'SUMMARY:Quarterly review',
    'ORGANIZER;CN=Crafted:mailto:crafted@contoso.example',
    'ATTENDEE;CN=Adele Vance:mailto:adele.vance@contoso.example',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
  const body = multipart('alternative', 'inv', [
    part('text/plain; charset=utf-8', Buffer.from('Please come to the review.')),
    part('text/calendar; charset=utf-8; method=REQUEST', Buffer.from(calendar)),
  ])
  return Buffer.concat([Buffer.from(header(number, 'Quarterly review')), body])
}

function attachedMessage(number: number): Buffer {
  const inner = Buffer.concat([
    Buffer.from(header(number + 1000, 'The message inside')),
    part('text/plain; charset=us-ascii', Buffer.from('I am forwarded whole.')),
  ])
  const body = multipart('mixed', 'fwd', [
    part('text/plain; charset=us-ascii', Buffer.from('See the attached message.')),
    Buffer.concat([
      Buffer.from('Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="inside.eml"\r\n\r\n'),
      inner,
    ]),
  ])
  return Buffer.concat([Buffer.from(header(number, 'A message in a message')), body])
}

function eightBit(number: number, subject: string, charset: string, bytes: Buffer): Buffer {
  const type = `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`
  return Buffer.concat([Buffer.from(header(number, subject) + type), bytes, Buffer.from('\r\n')])
}

const latin1Body: Maker = (number) =>
  eightBit(number, 'Latin-1', 'iso-8859-1', Buffer.from('Grüße aus Köln, à bientôt', 'latin1'))

const shiftJisBody: Maker = (number) =>
  eightBit(number, '=?shift_jis?B?k/qWe4zq?=', 'shift_jis', Buffer.from('93fa967b8cea82cc83818381', 'hex'))

const koi8Body: Maker = (number) => eightBit(number, 'KOI8', 'koi8-r', Buffer.from('f0d2c9d7c5d4', 'hex'))

/** Bytes above 127 in headers and body, and no word about their charset. */
const rawEightBit: Maker = (number) =>
  Buffer.concat([
    Buffer.from(header(number, 'Raw 8 bit')),
    Buffer.from('X-Raw: \xe4\xf6\xfc\r\n\r\nr\xe4w b\xf6dy \x80\xff\x01\x02\r\n', 'latin1'),
  ])

function encodedNames(number: number): Buffer {
  const plain = part('text/plain; charset=utf-8', Buffer.from('Names in all ways of writing'))
  const continued = `attachment; filename*0*=utf-8''%E3%83%95%E3%82%A1; filename*1*=%E3%82%A4%E3%83%AB.txt`
  const body = multipart('mixed', 'nam', [
    plain,
    part('text/plain', filler(2000, 1), { disposition: continued }),
    part('application/octet-stream', filler(2000, 2), {
      disposition: 'attachment; filename="=?utf-8?Q?=C3=9Cbung.bin?="',
    }),
    part('application/octet-stream', filler(2000, 3), { disposition: 'attachment; filename="a;b \\"c\\".bin"' }),
    part('application/octet-stream', filler(2000, 4), { disposition: 'attachment' }),
  ])
  return Buffer.concat([Buffer.from(header(number, '=?utf-8?Q?Anh=C3=A4nge?=')), body])
}

const htmlOnly: Maker = (number) =>
  Buffer.concat([
    Buffer.from(header(number, 'Only HTML')),
    part('text/html; charset=utf-8', Buffer.from('<p>Only <b>HTML</b> &amp; nothing else</p>')),
  ])

const noHeadersToSpeakOf: Maker = () => Buffer.from('Subject:\r\n\r\n')

function withAttachment(number: number, size: number, seed: number): Buffer {
  const bytes = filler(size, hashNumbers(seed, number))
  const name = `file-${String(size)}.bin`
  const body = multipart('mixed', 'att', [
    part('text/plain; charset=utf-8', Buffer.from(`An attachment of ${String(size)} bytes.`)),
    part(`application/octet-stream; name="${name}"`, bytes, { disposition: `attachment; filename="${name}"` }),
  ])
  return Buffer.concat([Buffer.from(header(number, `Attachment of ${String(size)} bytes`)), body])
}
