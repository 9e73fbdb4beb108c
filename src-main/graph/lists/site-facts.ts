import type { JsonObject } from '../../engine/model/json.ts'
import type { Container } from '../../engine/ports/data-type.ts'
import { propertiesOf } from '../item/metadata.ts'
import { columnsOf } from './columns.ts'
import type { Column } from './columns.ts'
import { readShown } from './lookup-values.ts'
import { readPeopleIfAllowed } from './people.ts'
import type { SitePerson } from './people.ts'
import { readSchema } from './schema-reading.ts'
import { readLists } from './site.ts'
import type { Site } from './site.ts'

/** What is found out about one site in the course of a run; each of it once, and only when something asks for it. */
export class SiteFacts {
  #lists: Promise<readonly JsonObject[]> | undefined
  #people: Promise<ReadonlyMap<number, SitePerson>> | undefined
  readonly #columns = new Map<string, Promise<readonly Column[]>>()
  readonly #shown = new Map<string, Promise<ReadonlyMap<number, string>>>()

  /** What the listing told. */
  listed(lists: readonly JsonObject[], containers: readonly Container[]): void {
    this.#lists = Promise.resolve(lists)
    for (const { id, properties } of containers) {
      const stored = propertiesOf(properties)
      if (stored.columns !== undefined) this.#columns.set(id, Promise.resolve(columnsOf(stored)))
    }
  }

  lists(site: Site): Promise<readonly JsonObject[]> {
    return (this.#lists ??= forgotten(readLists(site, site.root.id), () => (this.#lists = undefined)))
  }

  /** Everybody whom the site knows, by number. */
  people(site: Site): Promise<ReadonlyMap<number, SitePerson>> {
    const read = async (): Promise<ReadonlyMap<number, SitePerson>> =>
      await readPeopleIfAllowed(site, await this.lists(site))
    return (this.#people ??= forgotten(read(), () => (this.#people = undefined)))
  }

  columns(site: Site, list: string): Promise<readonly Column[]> {
    const read = async (): Promise<readonly Column[]> => columnsOf({ columns: (await readSchema(site, list)).columns })
    return once(this.#columns, list, read)
  }

  /** What is shown for the items of a list that is looked up, by number. */
  shown(site: Site, list: string, column: string): Promise<ReadonlyMap<number, string>> {
    return once(this.#shown, `${list} ${column}`, () => readShown(site, list, column))
  }

  /** Whether `shown` would cost nothing. */
  isShown(list: string, column: string): boolean {
    return this.#shown.has(`${list} ${column}`)
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const before = known.get(key)
  if (before !== undefined) return before
  const reading = forgotten(read(), () => known.delete(key))
  known.set(key, reading)
  return reading
}

/** What failed is tried again by the next who asks. */
function forgotten<T>(reading: Promise<T>, forget: () => unknown): Promise<T> {
  reading.catch(forget)
  return reading
}
