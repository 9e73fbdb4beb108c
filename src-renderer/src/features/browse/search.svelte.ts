import type { ParamsOf, TreeRow, ValueOf } from '../../../../src-shared/ipc/index.ts'
import { call } from '../../lib/api.ts'
import { OffsetRows, type OffsetPage } from '../../lib/paged.svelte.ts'
import { Selection } from '../../ui/selection.svelte.ts'
import { Stopwatch } from './painted.ts'
import { endOfDay, startOfDay } from './snapshot-days.ts'

export type Found = ValueOf<'browse.search'>['rows'][number]
type Query = ParamsOf<'browse.search'>['query']

/** What is searched for beside the words. Days as date fields have them. */
export interface SearchFilters {
  readonly type: string
  readonly from: string
  readonly to: string
  readonly after: string
  readonly before: string
  readonly attachment: boolean
}

/** The open snapshot, and the folder of it that is open. */
export interface SearchPlace {
  readonly place: string
  readonly snapshot: string
  readonly folder: TreeRow | null
}

export const noFilters: SearchFilters = { type: '', from: '', to: '', after: '', before: '', attachment: false }

const pageSize = 100
const mostAtOnce = 500
/** Typing goes on within this time; whoever waits longer sees results. */
const pauseMs = 60

/** The question that words and filters make; null if nothing is asked. */
function searchQuery(words: string, filters: SearchFilters): Query | null {
  const query: Query = { words: words.trim() }
  const { type, attachment } = filters
  const [from, to] = [filters.from.trim(), filters.to.trim()]
  const [after, end] = [startOfDay(filters.after), endOfDay(filters.before)]
  if (from !== '') query.from = from
  if (to !== '') query.to = to
  if (after !== undefined) query.after = after
  if (end !== undefined) query.before = end
  if (type !== '') query.type = type
  if (attachment) query.attachment = true
  return Object.keys(query).length === 1 && query.words === '' ? null : query
}

export function filterCount(filters: SearchFilters): number {
  return Object.values(filters).filter((value) => value !== '' && value !== false).length
}

/** Full-text search, as it is typed. */
export class Search {
  words = $state('')
  filters = $state.raw<SearchFilters>(noFilters)
  everywhere = $state(false)
  /** What was chosen: it counts while a folder is open. */
  inFolder = $state(false)
  #results = $state.raw<SearchResults | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0
  readonly #stopwatch = new Stopwatch('browse:search')
  readonly #where: () => SearchPlace | null
  #isBusy = $state(false)

  constructor(where: () => SearchPlace | null) {
    this.#where = where
  }

  /** The open folder, which a search can be limited to. */
  get openFolder(): TreeRow | null {
    return this.#where()?.folder ?? null
  }

  /** The folder that a search is limited to. */
  get folder(): TreeRow | null {
    return this.inFolder ? this.openFolder : null
  }

  /** Those of the question before, until the next ones are there, so that the list does not flicker. */
  get shown(): SearchResults | null {
    return this.#results
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get isOn(): boolean {
    return this.shown !== null || this.#isBusy
  }

  /** Words, filters or scope have changed. */
  readonly changed = (): void => {
    this.#stopwatch.start()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.now(), pauseMs)
  }

  /** Asks at once. */
  readonly now = async (): Promise<void> => {
    clearTimeout(this.#timer)
    const turn = ++this.#turn
    const query = searchQuery(this.words, this.filters)
    const where = this.#where()
    if (query === null || where === null) {
      this.#show(null)
      return
    }
    if (this.folder !== null) query.folder = this.folder.path
    const snapshot = this.everywhere ? null : where.snapshot
    const results = new SearchResults(query, (offset, limit) =>
      call('browse.search', { place: where.place, snapshot, query, offset, limit }),
    )
    this.#isBusy = true
    await results.begin()
    if (turn === this.#turn) this.#show(results)
  }

  /** Looks elsewhere, at once if there is a question. */
  lookIn({ everywhere, inFolder }: { readonly everywhere: boolean; readonly inFolder: boolean }): void {
    this.everywhere = everywhere
    this.inFolder = inFolder
    if (this.isOn) void this.now()
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#turn++
    this.words = ''
    this.filters = noFilters
    this.#show(null)
  }

  #show(results: SearchResults | null): void {
    this.#results = results
    this.#isBusy = false
    if (results !== null && results.rows.failure === null) void this.#stopwatch.stop()
  }
}

/** What was found, by offset; how many there are is known when the end was seen. */
export class SearchResults {
  readonly query: Query
  readonly rows: OffsetRows<Found>
  readonly selection = new Selection()
  readonly #load: (offset: number, limit: number) => Promise<ValueOf<'browse.search'>>
  active = $state(-1)
  #seen = $state(0)
  #end: number | null = $state(null)

  constructor(query: Query, load: (offset: number, limit: number) => Promise<ValueOf<'browse.search'>>) {
    this.query = query
    this.#load = load
    this.rows = new OffsetRows(async (offset, limit) => this.#page(offset, await load(offset, limit)), {
      size: pageSize,
    })
  }

  /** How many rows were loaded or passed by. */
  get seen(): number {
    return this.#seen
  }

  /** Null as long as there are more than were seen. */
  get end(): number | null {
    return this.#end
  }

  async begin(): Promise<void> {
    await this.rows.restart()
  }

  /** All rows that are selected, whether they are loaded or not. */
  async selected(): Promise<readonly Found[]> {
    const found: Found[] = []
    for (const { from, to } of this.selection.ranges)
      for (let offset = from; offset < to; offset += mostAtOnce)
        found.push(...(await this.#load(offset, Math.min(mostAtOnce, to - offset))).rows)
    return found
  }

  /** Beyond what was seen there is room for a page more, so that the end can be reached. */
  #page(offset: number, { rows, more }: ValueOf<'browse.search'>): OffsetPage<Found> {
    this.#seen = Math.max(this.#seen, offset + rows.length)
    if (!more && (rows.length > 0 || offset === 0)) this.#end = offset + rows.length
    return { rows, count: this.#end ?? this.#seen + pageSize }
  }
}
