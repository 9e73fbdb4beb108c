import { cutUtf8, nameKey, safeName, uniqueName, utf8Length } from '../../../src-shared/model/safe-name.ts'
import { shortId } from '../../engine/model/short-id.ts'
import { isoSeconds } from './fields.ts'

/** Bytes of UTF-8 that a file name takes at most, its extension included. */
const nameBytes = 200
const extensionBytes = 8

/** Bytes of UTF-8 kept of a list of people: enough to find the item by, bounded for thousands. */
const peopleBytes = 4_000

/** `<title ~id>`: unique whatever the title. */
export function itemName(title: string, id: string): string {
  const end = `~${shortId(id)}`
  const room = nameBytes - extensionBytes - utf8Length(` ${end}`)
  return title.trim() === '' ? end : `${safeName(title, room)} ${end}`
}

/** `<yyyy-mm-dd hh.mm.ss title ~id>` in UTC; `at` in milliseconds since 1970. */
export function datedName(at: number, title: string, id: string): string {
  const start = isoSeconds(at).slice(0, 19).replace('T', ' ').replaceAll(':', '.')
  const end = `~${shortId(id)}`
  const room = nameBytes - extensionBytes - utf8Length(`${start}  ${end}`)
  const middle = title.trim() === '' ? '' : `${safeName(title, room)} `
  return `${start} ${middle}${end}`
}

/** Safe names for the parts of an item, in their order, no two alike on any file system. */
export function partNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name, index) => {
    const unique = uniqueName(safeName(name, nameBytes), taken, String(index + 1), nameBytes)
    taken.add(nameKey(unique))
    return unique
  })
}

export interface Person {
  readonly name?: string | undefined
  readonly address?: string | undefined
}

/** Names and addresses for lists and search: "Ada <ada@contoso.example>, Bob". */
export function peopleText(people: readonly Person[]): string {
  const names = people.map(personText).filter((name) => name !== '')
  return cutUtf8(names.join(', '), peopleBytes)
}

function personText(person: Person): string {
  const name = plain(person.name ?? '')
  const address = plain(person.address ?? '')
  if (name === '' || name === address) return address
  return address === '' ? name : `${name} <${address}>`
}

function plain(value: string): string {
  return value.replace(/\s+/gu, ' ').trim()
}
