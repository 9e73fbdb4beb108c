import { createHash } from 'node:crypto'
import { folderId, messageId } from '../../state/ids.ts'
import type { IdFamily } from '../../state/ids.ts'

/** Ids of calendars and events: as long, opaque and case-sensitive as those of mails, and never the same. */

const calendarNumbers = 100_000
const groupNumbers = 200_000
const itemMark = { immutable: ['HYQDEa', 'ENEAaC'], regular: ['iQ8W96', 'ENEAaC'] } as const

export function calendarId(mailbox: string, number: number): string {
  return folderId(mailbox, calendarNumbers + number)
}

export function groupId(mailbox: string, number: number): string {
  return folderId(mailbox, groupNumbers + number)
}

export function eventId(mailbox: string, number: number, moves: number, family: IdFamily): string {
  const [from, to] = itemMark[family]
  return messageId(mailbox, number, moves, family).replace(from, to)
}

const instanceMark = 'FRAAgI'
const instanceTail = 'EAA='

/** An occurrence's id: the series' with the day in it. */
export function instanceId(master: string, date: string): string {
  return `${master.slice(0, -4)}${instanceMark}${date.replaceAll('-', '')}${instanceTail}`
}

/** Takes an occurrence's id apart. */
export function parseInstanceId(id: string): { readonly master: string; readonly date: string } | undefined {
  const [, head, year, month, day] = /^(.+)FRAAgI(\d{4})(\d\d)(\d\d)EAA=$/.exec(id) ?? []
  if (head === undefined) return undefined
  return { master: `${head}AAA=`, date: `${year ?? ''}-${month ?? ''}-${day ?? ''}` }
}

export function changeKey(mailbox: string, number: number, version: number): string {
  const key = Buffer.alloc(24)
  key.writeUInt32BE(0x0f000000, 0)
  key.write(mailbox.slice(0, 8), 8, 'latin1')
  key.writeUInt32BE(number, 16)
  key.writeUInt32BE(version, 20)
  return key.toString('base64')
}

/** Global object ids begin with the same bytes everywhere. Source: [MS-OXOCAL] 2.2.1.27 */
export function newICalUId(seed: string): string {
  const hash = createHash('sha256').update(seed).digest('hex').toUpperCase()
  return `040000008200E00074C5B7101A82E00800000000${hash.slice(0, 16)}000000000000000010000000${hash.slice(16, 48)}`
}

/** Every occurrence has one of its own. */
export function instanceICalUId(master: string, date: string): string {
  const [year = '0', month = '0', day = '0'] = date.split('-')
  const bytes = [Number(year) >> 8, Number(year) & 255, Number(month), Number(day)]
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return master.slice(0, 32) + hex.toUpperCase() + master.slice(40)
}
