import { rotatedLines } from './rotated-lines.ts'

const MAX_BYTES = 1 << 18
const KEPT = 1

/** What happened to repositories, oldest first. */
export interface RepositoryHistory<Entry> {
  add(entry: Entry): Promise<void>
  /** The last one of a repository, by the repository's id. */
  last(repository: string): Promise<Entry | undefined>
  all(): Promise<readonly Entry[]>
}

/** A history in a file of lines. Lines of another kind are left out: later versions may write some. */
export function openRepositoryHistory<Entry extends { readonly repository: string }>(
  path: string,
  isEntry: (line: unknown) => line is Entry,
): RepositoryHistory<Entry> {
  const lines = rotatedLines(path, { maxBytes: MAX_BYTES, keep: KEPT })
  const all = async (): Promise<readonly Entry[]> => (await lines.read()).filter(isEntry)
  return {
    add: (entry) => lines.append([entry]),
    last: async (repository) => (await all()).findLast((entry) => entry.repository === repository),
    all,
  }
}
