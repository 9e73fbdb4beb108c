import { decodeWords } from 'postal-mime'
import { safeName } from '../../../src-shared/model/safe-name.ts'
import { headerValue, parseHeader } from './mime-header.ts'
import { fileName } from './mime-leaves.ts'
import type { MimePart } from './mime-parts.ts'

/** Bytes: Outlook takes 255 characters. */
const longest = 200

/** Names of nameless parts, as mail programs show them. */
const usual: Readonly<Record<string, string>> = {
  'text/calendar': 'invite.ics',
  'application/ics': 'invite.ics',
  'message/delivery-status': 'delivery-status.txt',
  'message/disposition-notification': 'disposition-notification.txt',
  'message/feedback-report': 'feedback-report.txt',
  'text/rfc822-headers': 'headers.txt',
  'application/pkcs7-mime': 'smime.p7m',
  'application/x-pkcs7-mime': 'smime.p7m',
  'application/pkcs7-signature': 'smime.p7s',
  'application/x-pkcs7-signature': 'smime.p7s',
  'application/pgp-signature': 'signature.asc',
  'application/pgp-encrypted': 'version.txt',
  'application/ms-tnef': 'winmail.dat',
  'application/vnd.ms-tnef': 'winmail.dat',
}

const extensions: Readonly<Record<string, string>> = {
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/bmp': 'bmp',
  'image/tiff': 'tif',
  'image/svg+xml': 'svg',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/rtf': 'rtf',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
}

/** The attachment's name: the sender's, or one made from its type, or an embedded message's subject. `number` from 1. */
export function attachmentName(message: Uint8Array, part: MimePart, number: number): string {
  const given = fileName(part)
  if (part.type.value === 'message/rfc822') return embeddedName(message, part, given)
  if (given !== undefined) return safeName(given, longest)
  const extension = extensions[part.type.value] ?? 'bin'
  return usual[part.type.value] ?? `attachment-${number}.${extension}`
}

function embeddedName(message: Uint8Array, part: MimePart, given: string | undefined): string {
  const name = safeName(given ?? embeddedSubject(message, part) ?? 'message', longest)
  return /\.eml$/i.test(name) ? name : `${name}.eml`
}

/** Enough to hold the header of any real message. */
const headerBytes = 64 * 1024

function embeddedSubject(message: Uint8Array, part: MimePart): string | undefined {
  if (part.encoding === 'base64' || part.encoding === 'quoted-printable') return undefined
  const end = Math.min(part.bodyEnd, part.bodyStart + headerBytes)
  const text = Buffer.from(message.subarray(part.bodyStart, end)).toString('utf8')
  const header = parseHeader(text.split(/\r?\n\r?\n/, 1)[0] ?? '')
  const subject = decodeWords(headerValue(header, 'subject') ?? '').trim()
  return subject === '' ? undefined : subject
}
