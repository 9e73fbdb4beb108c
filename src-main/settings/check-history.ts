import { join } from 'node:path'
import { openRepositoryHistory, type RepositoryHistory } from './repository-history.ts'

/** What a check came to. Figures only. */
export interface CheckRecord {
  /** The repository's id. */
  readonly repository: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly problems: number
}

/** The checks of all repositories, whoever asked for them, in `checks.jsonl` of a profile. */
export function openCheckHistory(profile: string): RepositoryHistory<CheckRecord> {
  return openRepositoryHistory(join(profile, 'checks.jsonl'), isRecord)
}

function isRecord(line: unknown): line is CheckRecord {
  if (typeof line !== 'object' || line === null) return false
  const { repository, time, problems } = line as Readonly<Record<string, unknown>>
  return typeof repository === 'string' && typeof time === 'number' && typeof problems === 'number'
}
