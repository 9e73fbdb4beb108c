import type { SnapshotRow, TreeRow } from '../../../../src-shared/ipc/index.ts'
import { call } from '../../lib/api.ts'
import { Chosen, type LoadItems } from './chosen.svelte.ts'
import type { Order } from './columns.ts'
import { Comparison } from './compare.svelte.ts'
import { OpenFolder } from './open-folder.svelte.ts'
import { Stopwatch } from './painted.ts'
import { Search } from './search.svelte.ts'
import { containerOf } from './snapshot-path.ts'
import { Snapshots } from './snapshots.svelte.ts'
import { SnapshotFolders } from './tree-nodes.ts'

/** An item that is looked at. */
export interface OpenItem {
  readonly place: string
  readonly snapshot: string
  readonly path: string
  readonly title: string
}

/** What the restore browser shows: a destination, one of its snapshots, a folder of it, an item. */
export class Browser {
  #snapshots = $state.raw<Snapshots | null>(null)
  /** Shown ones only; '' for all. */
  #series = $state('')
  #openId = $state('')
  #folders = $state.raw<SnapshotFolders | null>(null)
  #folder = $state.raw<OpenFolder | null>(null)
  /** What is looked at: it stays, also when its row is scrolled far out of sight. */
  #pinned = $state.raw<OpenItem | null>(null)
  #revealed = $state.raw<readonly string[]>([])
  #order: Order = 'newest'
  comparison = $state.raw<Comparison | null>(null)
  readonly chosen = new Chosen()
  readonly search = new Search(() => this.where && { ...this.where, folder: this.folder?.folder ?? null })
  readonly #stopwatch = new Stopwatch('browse:first-rows')

  readonly shown = $derived(this.#ofSeries())
  readonly open = $derived(this.#snapshots?.find(this.#openId))
  readonly item: OpenItem | null = $derived(this.#pinned ?? this.#activeItem())

  get place(): string {
    return this.#snapshots?.place ?? ''
  }

  get snapshots(): Snapshots | null {
    return this.#snapshots
  }

  get series(): string {
    return this.#series
  }

  get folders(): SnapshotFolders | null {
    return this.#folders
  }

  get folder(): OpenFolder | null {
    return this.#folder
  }

  /** Paths from the top down to what the tree is to show. */
  get revealed(): readonly string[] {
    return this.#revealed
  }

  get where(): { readonly place: string; readonly snapshot: string } | null {
    return this.#openId === '' ? null : { place: this.place, snapshot: this.#openId }
  }

  /** Opens a destination at its newest snapshot, or at the newest one of a plan; a locked one is not read. */
  async openPlace(place: string, plans: readonly string[] = [], isUnlocked = true): Promise<void> {
    this.close()
    const snapshots = new Snapshots(place)
    this.#snapshots = snapshots
    this.#series = ''
    this.#openId = ''
    if (!isUnlocked) return
    await snapshots.read()
    if (this.#snapshots !== snapshots) return
    const ofPlan = snapshots.rows.find(({ plan }) => plan !== null && plans.includes(plan))
    if (ofPlan !== undefined) this.#series = ofPlan.series
    const first = ofPlan ?? snapshots.rows[0]
    if (first !== undefined) await this.openSnapshot(first.id)
  }

  /** Asks for the snapshots again; what is open stays open. */
  async refresh(): Promise<void> {
    await this.#snapshots?.read()
    const [newest] = this.shown
    if (this.open === undefined && newest !== undefined) await this.openSnapshot(newest.id)
  }

  async chooseSeries(series: string): Promise<void> {
    this.#series = series
    const [newest] = this.shown
    if (newest !== undefined && !this.shown.some(({ id }) => id === this.#openId)) await this.openSnapshot(newest.id)
  }

  /** Opens a snapshot at the folder that is open, if it was there then. */
  async openSnapshot(id: string, path = this.#folder?.folder.path): Promise<void> {
    const { place } = this
    if (id === this.#openId && path === this.#folder?.folder.path) return
    this.#openId = id
    this.#folders = new SnapshotFolders({ place, snapshot: id })
    this.#folder = null
    this.#pinned = null
    this.#revealed = []
    this.chosen.clear()
    const { search } = this
    if (search.isOn && !search.everywhere && !search.inFolder) void search.now()
    await (path === undefined ? this.#openOnlyRoot(this.#folders) : this.showFolder(path))
    if (search.isOn && search.inFolder && this.#openId === id) void search.now()
  }

  openFolder(folder: TreeRow, order = this.#order): void {
    const { where } = this
    if (where === null) return
    this.#order = order
    this.#pinned = null
    this.#stopwatch.start()
    const opened = new OpenFolder(where, folder, order, this.chosen.list(folder.path, order))
    this.#folder = opened
    void opened.rows.restart().then(() => {
      if (this.#folder === opened && opened.rows.failure === null) void this.#stopwatch.stop()
    })
  }

  /** Opens a folder by its path, and the tree down to it. Stops where the path leads nowhere. */
  async showFolder(path: string): Promise<TreeRow | undefined> {
    const folders = this.#folders
    const way = (await folders?.way(path)) ?? []
    const last = way.at(-1)
    if (folders !== this.#folders || last === undefined) return undefined
    this.#revealed = way.map((row) => row.path)
    this.openFolder(last)
    return last
  }

  /** Leaves the search for the folder that has an item, in a snapshot that has it. */
  async showInPlace(item: {
    readonly path: string
    readonly title: string
    readonly lastSnapshot: string
  }): Promise<void> {
    this.search.end()
    const path = containerOf(item.path)
    const { snapshot } = this.where ?? { snapshot: '' }
    if (item.lastSnapshot !== snapshot) await this.openSnapshot(item.lastSnapshot, path)
    else await this.showFolder(path)
    this.openItem(item)
  }

  /** Shows an item that need not be in a list. */
  openItem({ path, title }: { readonly path: string; readonly title: string }, snapshot = this.#openId): void {
    this.#pinned = { place: this.place, snapshot, path, title }
  }

  /** A row of a list has been chosen: it shows, at once or when it has come. */
  follow(row: { readonly path: string; readonly title: string } | undefined, snapshot?: string): void {
    if (row === undefined) this.#pinned = null
    else this.openItem(row, snapshot)
  }

  closeItem(): void {
    this.#pinned = null
    if (this.#folder !== null) this.#folder.active = -1
    if (this.search.shown !== null) this.search.shown.active = -1
  }

  async compareWith(earlier: SnapshotRow): Promise<void> {
    const { place, open } = this
    if (open === undefined) return
    this.endComparison()
    const comparison = new Comparison(place, earlier.id, open.id)
    this.comparison = comparison
    await comparison.read()
  }

  endComparison(): void {
    this.comparison?.close()
    this.comparison = null
  }

  async setChosen(path: string, on: boolean): Promise<void> {
    const { folders, where } = this
    if (on) this.chosen.add(path)
    else if (folders !== null && where !== null)
      await this.chosen.remove(
        path,
        folders.all,
        async (folder) => (await this.loadItems(folder, 'newest', 0, 1)).count,
      )
    this.renewSelection()
  }

  /** After folders were selected or not, or nothing is any more. */
  renewSelection(): void {
    const opened = this.#folder
    if (opened !== null) opened.selection = this.chosen.list(opened.folder.path, opened.order)
  }

  readonly loadItems: LoadItems = async (path, order, offset, limit) => {
    const { place, snapshot } = this.where ?? { place: '', snapshot: '' }
    return call('browse.items', { place, snapshot, path, order, offset, limit })
  }

  close(): void {
    this.#snapshots?.close()
    this.endComparison()
    this.search.end()
    this.#folders = null
    this.#folder = null
    this.#pinned = null
    this.chosen.clear()
  }

  #ofSeries(): readonly SnapshotRow[] {
    const rows = this.#snapshots?.rows ?? []
    return this.#series === '' ? rows : rows.filter(({ series }) => series === this.#series)
  }

  #activeItem(): OpenItem | null {
    const { place } = this
    const { shown, isOn, everywhere } = this.search
    const found = shown?.rows.row(shown.active)
    if (found !== undefined)
      return { place, snapshot: everywhere ? found.lastSnapshot : this.#openId, path: found.path, title: found.title }
    const row = isOn ? undefined : this.#folder?.rows.row(this.#folder.active)
    return row === undefined ? null : { place, snapshot: this.#openId, path: row.path, title: row.title }
  }

  /** Who has one root only, as a person with their own account, need not open the folders above it. */
  async #openOnlyRoot(folders: SnapshotFolders): Promise<void> {
    const way: string[] = []
    for (let path = ''; way.length < 2; path = way.at(-1) ?? '') {
      const { rows, next } = await folders.page(path, null).catch(() => ({ rows: [], next: null }))
      const [only] = rows
      if (rows.length !== 1 || next !== null || only === undefined) break
      way.push(only.path)
    }
    if (folders === this.#folders) this.#revealed = way
  }
}
