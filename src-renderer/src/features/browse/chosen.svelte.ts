import type { ItemRow } from '../../../../src-shared/ipc/index.ts'
import { Selection } from '../../ui/selection.svelte.ts'
import { folderState, remainder, withFolder, type ListFolders } from './chosen-folders.ts'
import type { Order } from './columns.ts'
import { isInside, outermost } from './snapshot-path.ts'

/** As many single items as one restore or export takes. */
const most = 10_000
const pageSize = 500

export type LoadItems = (
  path: string,
  order: Order,
  offset: number,
  limit: number,
) => Promise<{ readonly count: number; readonly rows: readonly Pick<ItemRow, 'path'>[] }>

interface ChosenList {
  readonly order: Order
  readonly selection: Selection
}

export class TooManyItems extends Error {}
export class SelectionChanged extends Error {}

/** What is selected of a snapshot: folders as a whole, and rows of the lists of folders. */
export class Chosen {
  #folders = $state.raw<ReadonlySet<string>>(new Set())
  #lists = $state.raw<ReadonlyMap<string, ChosenList>>(new Map())

  get folders(): ReadonlySet<string> {
    return this.#folders
  }

  readonly folderCount = $derived(this.#folders.size)
  readonly itemCount = $derived([...this.#lists.values()].reduce((sum, { selection }) => sum + selection.size, 0))
  readonly isEmpty = $derived(this.folderCount === 0 && this.itemCount === 0)
  /** Folders that are selected, or of whose items some are. */
  readonly paths = $derived([
    ...this.#folders,
    ...[...this.#lists].filter(([, { selection }]) => selection.size > 0).map(([path]) => path),
  ])

  /** The selection among the items of a folder. In another order, rows are other rows: it begins anew. */
  list(path: string, order: Order): Selection {
    const known = this.#lists.get(path)
    if (known?.order === order) return known.selection
    const selection = new Selection()
    this.#lists = new Map(this.#lists).set(path, { order, selection })
    return selection
  }

  state(path: string): 'on' | 'part' | 'off' {
    const state = folderState(this.#folders, path)
    if (state !== 'off') return state
    const below = [...this.#lists].some(([list, { selection }]) => selection.size > 0 && isInside(list, path))
    return below ? 'part' : 'off'
  }

  add(path: string): void {
    this.#folders = withFolder(this.#folders, path)
    this.#lists = new Map([...this.#lists].filter(([list]) => !isInside(list, path)))
  }

  /** Takes a folder out, also of one above it: then what is beside it stays. */
  async remove(path: string, list: ListFolders, countItems: (path: string) => Promise<number>): Promise<void> {
    const above = [...this.#folders].find((folder) => path !== folder && isInside(path, folder))
    const kept = [...this.#folders].filter((folder) => folder !== above && !isInside(folder, path))
    if (above === undefined) {
      this.#folders = new Set(kept)
      this.#lists = new Map([...this.#lists].filter(([folder]) => !isInside(folder, path)))
      return
    }
    const rest = await remainder(above, path, list)
    const counts = await Promise.all(rest.lists.map(async (folder) => [folder, await countItems(folder)] as const))
    this.#folders = new Set([...kept, ...rest.folders])
    for (const [folder, count] of counts) this.list(folder, 'newest').all(count)
  }

  clear(): void {
    this.#folders = new Set()
    for (const { selection } of this.#lists.values()) selection.clear()
    this.#lists = new Map()
  }

  /**
   * Paths of all that is selected, none inside another. Throws TooManyItems, and SelectionChanged if a list is shorter
   * than what is selected of it.
   */
  async resolve(load: LoadItems): Promise<readonly string[]> {
    if (this.itemCount > most) throw new TooManyItems()
    const items: string[] = []
    for (const [path, { order, selection }] of this.#lists)
      for (const { from, to } of selection.ranges) items.push(...(await rowsBetween(load, path, order, from, to)))
    const paths = outermost([...this.#folders, ...items])
    if (paths.length > most) throw new TooManyItems()
    return paths
  }
}

async function rowsBetween(
  load: LoadItems,
  path: string,
  order: Order,
  from: number,
  to: number,
): Promise<readonly string[]> {
  const paths: string[] = []
  while (from + paths.length < to) {
    const offset = from + paths.length
    const { rows } = await load(path, order, offset, Math.min(pageSize, to - offset))
    if (rows.length === 0) throw new SelectionChanged()
    paths.push(...rows.map((row) => row.path))
  }
  return paths
}
