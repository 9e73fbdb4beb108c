import { watch, type FSWatcher } from 'node:fs'
import { makeFolder } from '../../settings/private-file.ts'
import { runLocks } from '../../settings/plan-runs.ts'
import { HISTORY_FILE } from '../../settings/run-history.ts'

/** A run begins and ends with several changes. */
const SETTLED_MS = 100

/**
 * Tells soon after a run of a plan has begun or ended, in whichever process. `close` ends it. A file system that tells
 * nothing of changes is no error: then what is shown is as old as the last look.
 */
export class RunWatch {
  readonly #onChange: () => void
  readonly #watchers: FSWatcher[] = []
  #waiting: NodeJS.Timeout | undefined
  #closed = false

  private constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** Rejects with the file system's error. */
  static async open(profile: string, onChange: () => void, onError: (error: Error) => void): Promise<RunWatch> {
    const runs = new RunWatch(onChange)
    const locks = runLocks(profile)
    await makeFolder(locks)
    try {
      // Refreshing a lock is a change of the file alone.
      runs.#watch(locks, onError, (event) => event === 'rename')
      runs.#watch(profile, onError, (_, name) => name === null || name === HISTORY_FILE)
      return runs
    } catch (error) {
      runs.close()
      throw error
    }
  }

  close(): void {
    this.#closed = true
    for (const watcher of this.#watchers) watcher.close()
    clearTimeout(this.#waiting)
  }

  #watch(
    folder: string,
    onError: (error: Error) => void,
    isOfRun: (event: string, name: string | null) => boolean,
  ): void {
    const watcher = watch(folder, { persistent: false }, (event, name) => {
      if (isOfRun(event, name)) this.#changed()
    })
    watcher.on('error', onError)
    this.#watchers.push(watcher)
  }

  #changed(): void {
    if (this.#closed) return
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined
      this.#onChange()
    }, SETTLED_MS)
  }
}
