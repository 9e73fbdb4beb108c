import { join } from 'node:path'
import { rotatedLines } from './rotated-lines.ts'

const MAX_BYTES = 1 << 18
const KEPT = 1

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

export interface DrillHistory {
  add(record: DrillRecord): Promise<void>
  /** The last one of a repository. */
  last(repository: string): Promise<DrillRecord | undefined>
  all(): Promise<readonly DrillRecord[]>
}

/** The drills of all repositories, in `drills.jsonl` of a profile. */
export function openDrillHistory(profile: string): DrillHistory {
  const lines = rotatedLines(join(profile, 'drills.jsonl'), { maxBytes: MAX_BYTES, keep: KEPT })
  const all = async (): Promise<readonly DrillRecord[]> => (await lines.read()).filter(isRecord)
  return {
    add: (record) => lines.append([record]),
    last: async (repository) => (await all()).findLast((record) => record.repository === repository),
    all,
  }
}

/** Lines of another kind are left out: later versions may write some. */
function isRecord(line: unknown): line is DrillRecord {
  if (typeof line !== 'object' || line === null) return false
  const { repository, snapshot, time, samples, bad, live } = line as Readonly<Record<string, unknown>>
  const texts = [repository, snapshot].every((value) => typeof value === 'string')
  return texts && [time, samples, bad].every((value) => typeof value === 'number') && typeof live === 'boolean'
}
