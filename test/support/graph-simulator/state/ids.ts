/**
 * Outlook ids. They are opaque to clients; here they are computed, not stored, so that half a million messages cost nothing.
 * As in Outlook they are long, case-sensitive, end in `=`, contain `-` and `_`, and neighbours may differ only in case.
 * Source: https://learn.microsoft.com/graph/outlook-immutable-id
 */

/** Which of Outlook's two id forms a request asked for with `Prefer: IdType="ImmutableId"`. */
export type IdFamily = 'immutable' | 'regular'

export type ParsedId =
  | { readonly kind: 'message'; readonly mailbox: string; readonly number: number; readonly moves: number | undefined }
  | { readonly kind: 'folder'; readonly mailbox: string; readonly number: number }
  | { readonly kind: 'malformed' }

const letters = 'AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz'
const numberWidth = 6
const movesWidth = 3
const immutableHead = 'AAkALg'
const immutableMiddle = 'AAAAAAHYQDEapmEc2byACqAC-EWg0A'
const regularHead = 'AAMkAD'
const regularMiddle = 'BGAAAAAAAiQ8W967B7TKBjgx9rVEURBwAiIsqMbYjsT5e-T7KzowPTAAAAAAEMAAAi_'
const folderHead = 'AQMkAD'
const folderMiddle = 'AuAAADIvnf_FbYT5-9rVEUR'
const messageTail = 'AAA='
const folderTail = 'AAAA='
const mailboxWidth = 22

/** The part of an id that names the mailbox: 22 characters made from the user's GUID. */
export function mailboxKey(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url')
}

export function messageId(mailbox: string, number: number, moves: number, family: IdFamily): string {
  return family === 'immutable'
    ? immutableHead + mailbox + immutableMiddle + encode(number, numberWidth) + messageTail
    : regularHead + mailbox + regularMiddle + encode(number, numberWidth) + encode(moves, movesWidth) + messageTail
}

export function folderId(mailbox: string, number: number): string {
  return folderHead + mailbox + folderMiddle + encode(number, numberWidth) + folderTail
}

export function attachmentId(message: string, key: number): string {
  return `${message.slice(0, -1)}BEgAQA${encode(key, movesWidth)}=`
}

/** Takes an id apart. Ids of either family are accepted, whatever the request prefers. */
export function parseId(id: string): ParsedId {
  return (
    parseForm(id, immutableHead, immutableMiddle, messageTail, 0) ??
    parseForm(id, regularHead, regularMiddle, messageTail, movesWidth) ??
    parseFolder(id) ?? { kind: 'malformed' }
  )
}

function parseForm(id: string, head: string, middle: string, tail: string, moves: number): ParsedId | undefined {
  const digits = id.slice(head.length + mailboxWidth + middle.length, -tail.length)
  const fits = id.startsWith(head) && id.startsWith(middle, head.length + mailboxWidth) && id.endsWith(tail)
  if (!fits || digits.length !== numberWidth + moves) return undefined
  const number = decode(digits.slice(0, numberWidth))
  const moved = moves === 0 ? undefined : decode(digits.slice(numberWidth))
  if (number === undefined || (moves > 0 && moved === undefined)) return undefined
  return { kind: 'message', mailbox: id.slice(head.length, head.length + mailboxWidth), number, moves: moved }
}

function parseFolder(id: string): ParsedId | undefined {
  const parsed = parseForm(id, folderHead, folderMiddle, folderTail, 0)
  return parsed?.kind === 'message' ? { kind: 'folder', mailbox: parsed.mailbox, number: parsed.number } : undefined
}

function encode(value: number, width: number): string {
  let rest = value
  let text = ''
  for (let digit = 0; digit < width; digit++) {
    text = letters.charAt(rest % letters.length) + text
    rest = Math.floor(rest / letters.length)
  }
  return text
}

function decode(text: string): number | undefined {
  let value = 0
  for (const letter of text) {
    const digit = letters.indexOf(letter)
    if (digit < 0) return undefined
    value = value * letters.length + digit
  }
  return value
}
