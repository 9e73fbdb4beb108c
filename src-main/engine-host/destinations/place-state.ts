import type { ValueOf } from '../../../src-shared/ipc/contract.ts'

export type PlaceState = ValueOf<'destinations.test'>

/** restic's file that every repository has. */
const CONFIG = 'config'

/** Files that the systems put anywhere. */
const incidental: ReadonlySet<string> = new Set(['.ds_store', 'desktop.ini', 'thumbs.db', 'lost+found'])

/** What is in a folder by the names there; undefined: there is none. */
export function stateOf(names: readonly string[] | undefined): PlaceState['state'] {
  if (names === undefined) return 'absent'
  if (names.includes(CONFIG)) return 'repository'
  return names.every((name) => incidental.has(name.toLowerCase())) ? 'empty' : 'other'
}
