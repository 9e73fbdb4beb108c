import { createCipheriv } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRealMail, realMailFiles } from '../../support/real-mails.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const PER_FOLDER = 500
const SHARE_WITH_ATTACHMENT = 0.03
// Of the attachments, this share is one that another mail carries too (forwards, replies, mailing lists).
const SHARE_REPEATED = 0.2
const SHARE_COMPRESSIBLE = 0.3
const SMALLEST = 20 << 10
const LARGEST = 20 << 20

export interface CorpusFigures {
  readonly files: number
  readonly bytes: number
}

/**
 * Mails made of the real ones: each a real mail with a Message-ID of its own, some with an attachment of 20 KiB to
 * 20 MiB (most of them small), in folders of 500 as a mailbox's months are. The same seed gives the same bytes.
 */
export function writeCorpus(folder: string, files: number, seed: number): CorpusFigures {
  const random = seededRandom(seed)
  const mails = realMailFiles().map(readRealMail)
  if (mails.length === 0) throw new Error('the corpus package holds no mails')
  const attachments: Buffer[] = []
  let bytes = 0
  for (let i = 0; i < files; i++) {
    const place = join(folder, `box-${String(i % 7)}`, `part-${String(Math.floor(i / PER_FOLDER)).padStart(4, '0')}`)
    if (i % PER_FOLDER < 7) mkdirSync(place, { recursive: true })
    const mail = mails[i % mails.length] ?? Buffer.alloc(0)
    const id = Buffer.from(`Message-ID: <${String(i)}.${String(seed)}@corpus.example>\n`)
    const content = random() < SHARE_WITH_ATTACHMENT ? withAttachment(mail, attachment(random, attachments)) : mail
    writeFileSync(join(place, `${String(i).padStart(6, '0')}.eml`), Buffer.concat([id, content]))
    bytes += id.length + content.length
  }
  return { files, bytes }
}

function attachment(random: () => number, earlier: Buffer[]): Buffer {
  const repeated = earlier[Math.floor(random() * earlier.length)]
  if (repeated !== undefined && random() < SHARE_REPEATED) return repeated
  const size = Math.round(SMALLEST * (LARGEST / SMALLEST) ** (random() ** 6))
  const bytes = random() < SHARE_COMPRESSIBLE ? textBytes(random, size) : randomBytes(random, size)
  const encoded = wrapBase64(bytes)
  // A window of recent ones is enough to draw repeats from.
  if (earlier.length < 60) earlier.push(encoded)
  else earlier[Math.floor(random() * 60)] = encoded
  return encoded
}

function randomBytes(random: () => number, size: number): Buffer {
  const key = Buffer.alloc(32)
  key.writeDoubleLE(random(), 0)
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size))
}

/** Digits in random order: they compress to about a half. */
function textBytes(random: () => number, size: number): Buffer {
  return Buffer.from(randomBytes(random, Math.ceil(size / 2)).toString('hex'), 'latin1').subarray(0, size)
}

function wrapBase64(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n'), 'latin1')
}

function withAttachment(mail: Buffer, encoded: Buffer): Buffer {
  const boundary = 'holdfast-corpus-part'
  const head = `Content-Type: multipart/mixed; boundary="${boundary}"\n\n--${boundary}\nContent-Type: message/rfc822\n\n`
  const part = `\n--${boundary}\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n`
  return Buffer.concat([Buffer.from(head), mail, Buffer.from(part), encoded, Buffer.from(`\n--${boundary}--\n`)])
}
