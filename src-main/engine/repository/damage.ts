import { isEngineError, type EngineError } from '../model/errors.ts'

/**
 * Whether an error says that one file of the repository is damaged, gone or unreadable, so that work on the others can
 * go on. If not, nothing can: the store is out of reach, or the user said stop.
 */
export function isDamage(error: unknown): error is EngineError {
  if (!isEngineError(error) || error.retry !== 'never') return false
  return error.code.startsWith('repository.') || ONE_FILE.has(error.code)
}

const ONE_FILE: ReadonlySet<string> = new Set(['store.not-found', 'store.permission', 'store.failed'])
