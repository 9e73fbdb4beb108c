import { isEngineError } from '../../engine/model/errors.ts'
import { cost, drivePool, itemPath, readFile, type RepositoryFolder } from './drive-requests.ts'

/** How a drive says that it knows no way past the recycle bin. */
const unknownStatuses: ReadonlySet<unknown> = new Set([400, 404, 405, 501])

/** Removes files, past the recycle bin where that is wanted and the drive offers it. */
export class Removal {
  #isPermanent: boolean
  readonly #onRecycled: () => void

  /** `onRecycled`: told of every refusal to remove a file for good. */
  constructor(isPermanent: boolean, onRecycled: () => void) {
    this.#isPermanent = isPermanent
    this.#onRecycled = onRecycled
  }

  /** A file that is not there is fine. Rejects like the client. */
  async remove(at: RepositoryFolder, name: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#isPermanent && (await this.#removeForGood(at, name, signal))) return
    await there(() =>
      at.client.json<undefined>({
        method: 'DELETE',
        path: itemPath(at, name),
        pool: drivePool,
        cost: cost.write,
        signal,
      }),
    )
  }

  /** False: it has to go into the recycle bin. https://learn.microsoft.com/graph/api/driveitem-permanentdelete */
  async #removeForGood(at: RepositoryFolder, name: string, signal: AbortSignal | undefined): Promise<boolean> {
    let id: string | undefined
    if (!(await there(async () => ({ id } = await readFile(at, name, signal)))) || id === undefined) return true
    const path = `/drives/${encodeURIComponent(at.drive)}/items/${encodeURIComponent(id)}/permanentDelete`
    try {
      await at.client.json<undefined>({
        method: 'POST',
        path,
        pool: drivePool,
        cost: cost.write,
        signal,
        // The second of two finds nothing.
        idempotent: true,
      })
      return true
    } catch (error) {
      if (!isEngineError(error)) throw error
      // A retention label may keep just this file from going for good.
      const isRefused = error.code === 'graph.forbidden'
      if (!isRefused && !unknownStatuses.has(error.context.status)) throw error
      if (error.code === 'graph.not-found') return false
      if (!isRefused) this.#isPermanent = false
      this.#onRecycled()
      return false
    }
  }
}

/** Runs the work; false if what it is about is not there. */
async function there(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return false
    throw error
  }
}
