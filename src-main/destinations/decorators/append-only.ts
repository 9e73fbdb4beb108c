import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { DestinationStore } from '../../engine/ports/destination-store.ts'
import { forwarding } from './forwarding.ts'

/** Where files come and go as a repository is used. */
const FREE = 'locks/'

/** Files that are not named after their content: another one under the same name would be another file. */
const NAMED = /^config$|^keys\//

/**
 * The store, to which files can only be added: nothing is removed and no config or key is replaced, but for locks. A
 * repository that is used this way survives whoever gets hold of the machine's passphrase. Rejects with
 * store.append-only.
 */
export function appendOnly(store: DestinationStore): DestinationStore {
  return {
    ...forwarding(store),
    put: async (name, parts, signal) => {
      if (NAMED.test(name) && (await exists(store, name, signal))) throw refused()
      await store.put(name, parts, signal)
    },
    remove: async (name, signal) => {
      if (!name.startsWith(FREE)) throw refused()
      await store.remove(name, signal)
    },
  }
}

async function exists(store: DestinationStore, name: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await store.size(name, signal)
    return true
  } catch (error) {
    if (isEngineError(error, 'store.not-found')) return false
    throw error
  }
}

function refused(): EngineError {
  return new EngineError('store.append-only')
}
