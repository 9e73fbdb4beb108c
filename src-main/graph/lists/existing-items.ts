import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, record, text } from '../item/fields.ts'
import type { Column } from './columns.ts'
import { fragileKey, itemKey } from './item-key.ts'
import type { FieldPair } from './item-key.ts'
import { isFragile } from './item-fields.ts'
import { hasFiles } from './list-item.ts'
import { numbersIn } from './references.ts'
import { cost, listPath, sitePool } from './site.ts'
import type { Site } from './site.ts'

const pageSize = 1_000

/** An item of the target list that no item of the snapshot has met yet. */
export interface Unmet {
  readonly id: string
  readonly key: string
  /** Numbers of persons and looked up items, by stored column. */
  readonly references: ReadonlyMap<string, readonly number[]>
  /** Keys of values that Graph may refuse, by stored column. */
  readonly fragile: ReadonlyMap<string, string>
  readonly hasFiles: boolean
}

/** Which column of the list takes the values of a stored one. */
export type TargetOf = (stored: Column) => Column | undefined

/** The items of one target list, listed once; goes on listing where it stopped when an answer got lost. */
export class ExistingItems {
  readonly #list: string
  readonly #columns: readonly Column[]
  readonly #target: TargetOf
  readonly #unmet = new Map<string, Unmet>()
  readonly #byKey = new Map<string, Unmet[]>()
  readonly #known = new Set<string>()
  #next: string | undefined

  /** `list`: Graph id; `columns`: the stored ones. */
  constructor(list: string, columns: readonly Column[], target: TargetOf) {
    this.#list = list
    this.#columns = columns
    this.#target = target
  }

  async load(site: Site): Promise<void> {
    for await (const entry of this.#changes(site)) this.#add(this.#asUnmet(entry))
  }

  /** Those that say the same in all values that come back for certain. */
  candidates(fields: JsonObject): readonly Unmet[] {
    const key = itemKey(fields, this.#columns.filter((column) => this.#target(column) !== undefined).map(asStored))
    return (this.#byKey.get(key) ?? []).filter(({ id }) => this.#unmet.has(id))
  }

  /** It stands for an item of the snapshot from now on. False if it does so already. */
  take({ id }: Unmet): boolean {
    return this.#unmet.delete(id)
  }

  created(id: string): void {
    this.#known.add(id)
    this.#unmet.delete(id)
  }

  /** New items that nobody here knows of, in the order of their making: creations whose answers got lost. */
  async findUnknown(site: Site): Promise<readonly Unmet[]> {
    const found: Unmet[] = []
    try {
      for await (const entry of this.#changes(site)) {
        const item = this.#asUnmet(entry)
        if (this.#known.has(item.id)) continue
        this.#add(item)
        found.push(item)
      }
    } catch (error) {
      if (!isEngineError(error, 'graph.cursor-lost') || this.#next === undefined) throw error
      this.#next = undefined
      return [...found, ...(await this.findUnknown(site))]
    }
    return found
  }

  #add(item: Unmet): void {
    if (this.#known.has(item.id)) return
    this.#known.add(item.id)
    this.#unmet.set(item.id, item)
    this.#byKey.set(item.key, [...(this.#byKey.get(item.key) ?? []), item])
  }

  #asUnmet(entry: JsonObject): Unmet {
    const fields = record(entry, 'fields') ?? {}
    const pairs = this.#columns.flatMap((column): FieldPair[] => {
      const target = this.#target(column)
      return target === undefined ? [] : [{ column, field: target.name }]
    })
    const references = pairs.filter(({ column }) => column.kind === 'lookup' || column.kind === 'personOrGroup')
    const fragile = pairs.filter(({ column }) => isFragile(column))
    return {
      id: text(entry, 'id') ?? '',
      key: itemKey(fields, pairs),
      references: new Map(references.map(({ column, field }) => [column.name, numbersIn(fields, { name: field })])),
      fragile: new Map(fragile.map(({ column, field }) => [column.name, fragileKey(fields[field])])),
      hasFiles: hasFiles(entry),
    }
  }

  /** By delta, since that can go on later. */
  async *#changes({ client, root, signal }: Site): AsyncGenerator<JsonObject, void, undefined> {
    const path = `${listPath(root.id, this.#list)}/items/delta`
    const query = { $expand: 'fields', $top: pageSize }
    const start = this.#next === undefined ? { path, query } : { path: this.#next }
    for await (const page of client.pages<JsonObject>(
      { ...start, pool: sitePool, cost: cost.list, signal },
      { prefetch: 1 },
    )) {
      const latest = new Map(page.value.map((entry) => [text(entry, 'id') ?? '', entry]))
      for (const entry of latest.values()) if (!isObject(entry.deleted)) yield entry
      this.#next = page.deltaLink ?? this.#next
    }
  }
}

function asStored(column: Column): FieldPair {
  return { column, field: column.name }
}
