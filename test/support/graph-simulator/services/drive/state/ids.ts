import { createHash } from 'node:crypto'

/** Ids as OneDrive for Business and SharePoint make them, and the shorter ones of OneDrive personal. */

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** Roots of all business drives end like this. */
const rootTail = 'N6Y2GOVW7725BZO354PWSELRRZ'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

export type DriveType = 'business' | 'documentLibrary' | 'personal'

export function driveIdOf(name: string, type: DriveType): string {
  const bytes = Buffer.concat([digest(`drive ${name}`), digest(`list ${name}`)])
  if (type === 'personal') return bytes.subarray(0, 8).toString('hex').toUpperCase()
  return `b!${bytes.subarray(0, 48).toString('base64url')}`
}

/** GUID of an item, in capitals as eTags show it. */
export function itemGuid(drive: string, number: number): string {
  const hex = digest(`${drive} item ${String(number)}`)
    .subarray(0, 16)
    .toString('hex')
    .toUpperCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-A${hex.slice(17, 20)}-${hex.slice(20)}`
}

export function itemId(drive: string, type: DriveType, number: number, guid: string): string {
  if (type === 'personal') return `${drive}!${number === 0 ? '101' : String(number + 101)}`
  const head = `01${inBase32(digest(`prefix ${drive}`)).slice(0, 6)}`
  return head + (number === 0 ? rootTail : inBase32(Buffer.from(guid.replaceAll('-', ''), 'hex')))
}

function inBase32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += base32.charAt((value >>> bits) & 31)
      value &= (1 << bits) - 1
    }
  }
  return bits === 0 ? text : text + base32.charAt((value << (5 - bits)) & 31)
}

/** Changes with everything. */
export function eTagOf(type: DriveType, guid: string, version: number): string {
  if (type === 'personal') return `a${Buffer.from(`${guid}.${String(version)}`).toString('base64')}`
  return `"{${guid}},${String(version)}"`
}

/** Changes with the content. */
export function cTagOf(type: DriveType, guid: string, version: number): string {
  if (type === 'personal') return `a${Buffer.from(`c:${guid}.${String(version)}`).toString('base64')}`
  return `"c:{${guid}},${String(version)}"`
}

/** A personal drive's id may come with its leading zeros cut off. */
export const sameDriveId = (id: string): string => id.toLowerCase().replace(/^0+(?=[0-9a-f]{1,15}$)/, '')
