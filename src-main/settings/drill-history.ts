import { join } from 'node:path'
import { openRepositoryHistory, type RepositoryHistory } from './repository-history.ts'

/** What a restore drill came to. Figures only. */
export interface DrillRecord {
  /** The repository's id. */
  readonly repository: string
  readonly snapshot: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** Items that were restored, or could not be. */
  readonly samples: number
  /** Of those: damaged, or not what the source has. */
  readonly bad: number
  /** Whether they were compared with the source. */
  readonly live: boolean
}

/** The drills of all repositories, in `drills.jsonl` of a profile. */
export function openDrillHistory(profile: string): RepositoryHistory<DrillRecord> {
  return openRepositoryHistory(join(profile, 'drills.jsonl'), isRecord)
}

function isRecord(line: unknown): line is DrillRecord {
  if (typeof line !== 'object' || line === null) return false
  const { repository, snapshot, time, samples, bad, live } = line as Readonly<Record<string, unknown>>
  const texts = [repository, snapshot].every((value) => typeof value === 'string')
  return texts && [time, samples, bad].every((value) => typeof value === 'number') && typeof live === 'boolean'
}
