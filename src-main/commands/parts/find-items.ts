import type { Catalog, FindQuery, FoundItem } from '../../engine/index.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import type { ByRootKind } from '../../engine/ports/data-type.ts'
import { rootKinds } from './root-filter.ts'

export interface ItemQuery extends Omit<FindQuery, 'type' | 'offset'> {
  readonly limit: number
  /** Folders of the data types, by kind of root. */
  readonly types?: ByRootKind<string>
}

/** Items that are asked of the catalog at a time: a large answer begins at once and is never in memory as a whole. */
const PAGE = 1_000

/** What fits the query, newest first. */
export function* findItems(catalog: Catalog, query: ItemQuery): Generator<FoundItem, void, undefined> {
  let left = query.limit
  for (const item of allItems(catalog, query)) {
    if (left-- <= 0) return
    yield item
  }
}

function allItems(catalog: Catalog, { types, ...query }: ItemQuery): Iterable<FoundItem> {
  if (types === undefined) return pages(catalog, query)
  const folders = new Set(rootKinds.flatMap((kind) => types[kind]))
  const lists = [...folders].map((type) => {
    const kinds = rootKinds.filter((kind) => types[kind].includes(type))
    return ofKinds(pages(catalog, { ...query, type }), kinds)
  })
  return newestFirst(lists)
}

function* pages(catalog: Catalog, query: FindQuery): Generator<FoundItem, void, undefined> {
  const limit = Math.min(PAGE, query.limit)
  for (let offset = 0; ; offset += limit) {
    const found = catalog.find({ ...query, limit, offset })
    yield* found
    if (found.length < limit) return
  }
}

/** Different kinds of roots may have folders of one name for different types. */
function* ofKinds(items: Iterable<FoundItem>, kinds: readonly string[]): Generator<FoundItem, void, undefined> {
  for (const item of items) if (kinds.includes(rootOf(item.path)?.kind ?? '')) yield item
}

/** One list of several that are sorted each. */
function* newestFirst(lists: readonly Iterable<FoundItem>[]): Generator<FoundItem, void, undefined> {
  const open = lists.map((list) => {
    const iterator = list[Symbol.iterator]()
    return { iterator, next: iterator.next() }
  })
  for (;;) {
    let newest: (typeof open)[number] | undefined
    for (const list of open)
      if (list.next.done !== true && (newest?.next.done !== false || list.next.value.time > newest.next.value.time))
        newest = list
    if (newest === undefined || newest.next.done === true) return
    yield newest.next.value
    newest.next = newest.iterator.next()
  }
}
