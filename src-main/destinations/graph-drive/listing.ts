import { isEngineError } from '../../engine/model/errors.ts'
import type { StoredFile } from '../../engine/ports/destination-store.ts'
import type { BatchAnswer } from '../../graph/client/types.ts'
import { cost, drivePool, itemPath, type DriveItem, type RepositoryFolder } from './drive-requests.ts'

/** As many entries as a page may have. */
const pageSize = 1_000
/** As many requests as a batch may have. https://learn.microsoft.com/graph/json-batching */
const foldersAtOnce = 20

const childrenQuery = { $select: 'id,name,size,file,folder', $top: pageSize }

/** What is in a folder, page by page; nothing if the folder is not there. */
export async function* childrenPages(
  at: RepositoryFolder,
  folder: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly DriveItem[], void, undefined> {
  yield* pagesFrom(at, { path: itemPath(at, folder, 'children'), query: childrenQuery }, signal)
}

async function* pagesFrom(
  { client }: RepositoryFolder,
  request: { readonly path: string; readonly query?: typeof childrenQuery },
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly DriveItem[], void, undefined> {
  try {
    for await (const { value } of client.pages<DriveItem>({ ...request, pool: drivePool, cost: cost.list, signal }))
      yield value
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found')) throw error
  }
}

/**
 * All files below a folder. Folders are asked for twenty in a request, and not at all where Graph says that they are
 * empty: the 256 of `data` take fourteen requests.
 *
 * A delta would need fewer still, but it lags behind what was written, and other drives than personal ones have it only
 * for all that anybody keeps in the drive. https://learn.microsoft.com/graph/api/driveitem-delta
 */
export async function* listFiles(
  at: RepositoryFolder,
  folder: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredFile, void, undefined> {
  const waiting: Folder[] = []
  for await (const page of childrenPages(at, folder, signal)) yield* sorted(page, folder, waiting, new Set())
  while (waiting.length > 0) {
    const some = waiting.splice(0, foldersAtOnce)
    const answers = await at.client.batch(
      some.map(({ id }) => ({
        path: `/drives/${encodeURIComponent(at.drive)}/items/${encodeURIComponent(id)}/children`,
        query: childrenQuery,
        cost: cost.list,
      })),
      { pool: drivePool, signal },
    )
    for (const [index, { path }] of some.entries()) yield* listed(at, path, answers[index], waiting, signal)
  }
}

interface Folder {
  /** Graph id. */
  readonly id: string
  /** From the repository's folder on. */
  readonly path: string
}

interface Page {
  readonly value?: readonly DriveItem[]
  readonly '@odata.nextLink'?: string
}

async function* listed(
  at: RepositoryFolder,
  folder: string,
  answer: BatchAnswer | undefined,
  waiting: Folder[],
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredFile, void, undefined> {
  if (answer === undefined) return
  if (!answer.ok) {
    // Somebody removed it meanwhile.
    if (answer.error.code === 'graph.not-found') return
    throw answer.error
  }
  const page = answer.body as Page
  const given = new Set<string>()
  yield* sorted(page.value ?? [], folder, waiting, given)
  const more = page['@odata.nextLink']
  if (more === undefined) return
  for await (const items of pagesFrom(at, { path: more }, signal)) yield* sorted(items, folder, waiting, given)
}

/** Gives the files and puts the folders aside. An entry may come again on the next page. */
function* sorted(
  items: readonly DriveItem[],
  folder: string,
  waiting: Folder[],
  given: Set<string>,
): Generator<StoredFile, void, undefined> {
  for (const item of items) {
    const { id = '', name = '' } = item
    if (given.has(id)) continue
    given.add(id)
    const path = folder === '' ? name : `${folder}/${name}`
    if (item.file !== undefined) yield { name: path, size: item.size ?? 0 }
    else if (item.folder !== undefined && item.folder.childCount !== 0) waiting.push({ id, path })
  }
}
