import { errorSentence } from '../../../src-shared/text/errors.ts'
import { isEngineError } from '../../engine/index.ts'
import type { RepositoryHistory } from '../../settings/repository-history.ts'
import type { Output } from './output.ts'

/** Adds to a history. What was found is told all the same when the profile cannot be written: that is a warning. */
export async function keepRecord<Entry>(
  output: Output,
  what: 'check' | 'restore drill',
  { history, entry }: { readonly history: RepositoryHistory<Entry>; readonly entry: Entry },
): Promise<void> {
  try {
    await history.add(entry)
  } catch (error) {
    if (!isEngineError(error)) throw error
    output.warn(`This ${what} is missing in the history. ${errorSentence(error.code, error.context)}`)
  }
}
