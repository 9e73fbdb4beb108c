import type { SnapshotRow } from '../../../../src-shared/ipc/index.ts'
import { texts } from '../../lib/texts/index.ts'
import { plural } from '../../lib/texts/plural.ts'
import type { Browser } from './browser.svelte.ts'
import { SelectionChanged, TooManyItems } from './chosen.svelte.ts'
import { outermost } from './snapshot-path.ts'
import { commonSnapshot } from './sources.ts'

/** What is to be restored or exported. */
export interface Picked {
  readonly place: string
  readonly snapshot: SnapshotRow
  readonly paths: readonly string[]
  /** In words: "2 folders and 5 items". */
  readonly words: string
}

const most = 10_000

/** How much is selected, of folders and of single items; of the search results while these show. */
export function pickedCounts({ chosen, search }: Browser): { readonly folders: number; readonly items: number } {
  if (search.isOn) return { folders: 0, items: search.shown?.selection.size ?? 0 }
  return { folders: chosen.folderCount, items: chosen.itemCount }
}

export function pickedWords({ folders, items }: { readonly folders: number; readonly items: number }): string {
  const inFolders = plural(folders, texts.browse.selectedFolders)
  const single = plural(items, texts.browse.selectedItems)
  if (folders > 0 && items > 0) return texts.browse.and(inFolders, single)
  return folders > 0 ? inFolders : single
}

/** Why a selection cannot be used, in words. */
export class PickProblem extends Error {}

/** The paths of what is selected, and the snapshot that they are in. Throws PickProblem, ApiFailure. */
export async function readPicked(browser: Browser): Promise<Picked> {
  const { place } = browser
  const words = pickedWords(pickedCounts(browser))
  if (browser.search.isOn) return { place, words, ...(await ofResults(browser)) }
  const { open } = browser
  if (open === undefined) throw new PickProblem(texts.browse.selectionGone)
  try {
    return { place, words, snapshot: open, paths: await browser.chosen.resolve(browser.loadItems) }
  } catch (cause) {
    if (cause instanceof TooManyItems) throw new PickProblem(texts.browse.tooMany)
    if (cause instanceof SelectionChanged) throw new PickProblem(texts.browse.selectionGone)
    throw cause
  }
}

async function ofResults({ search, snapshots, open }: Browser): Promise<Pick<Picked, 'snapshot' | 'paths'>> {
  const results = search.shown
  if (results === null || results.selection.size > most) throw new PickProblem(texts.browse.tooManyResults)
  const rows = await results.selected()
  if (rows.length < results.selection.size) throw new PickProblem(texts.browse.selectionGone)
  const snapshot = search.everywhere ? commonSnapshot(rows, snapshots?.rows ?? []) : open
  if (snapshot === undefined) throw new PickProblem(texts.browse.noCommonSnapshot)
  return { snapshot, paths: outermost(rows.map(({ path }) => path)) }
}
