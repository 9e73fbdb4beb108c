import { basename, join } from 'node:path'
import { rotatedLines } from '../../settings/rotated-lines.ts'

/** What the history of runs does not say. Figures only. */
export interface RunNote {
  readonly run: string
  /** Name of its report in `reports` of the profile; null: nothing went wrong. */
  readonly report: string | null
  /** Notices of how much was gone or changed at once. */
  readonly massChanges: number
}

export interface RunNotes {
  add(run: string, reportFile: string | null, massChanges: number): Promise<void>
  all(): Promise<ReadonlyMap<string, RunNote>>
}

const MAX_BYTES = 1 << 20
const KEPT = 3

/** Notes on the runs that this host made, in `run-notes.jsonl` of a profile. */
export function openRunNotes(profile: string): RunNotes {
  const lines = rotatedLines(join(profile, 'run-notes.jsonl'), { maxBytes: MAX_BYTES, keep: KEPT })
  return {
    add: (run, reportFile, massChanges) =>
      lines.append([{ run, report: reportFile === null ? null : basename(reportFile), massChanges }]),
    all: async () => new Map((await lines.read()).filter(isNote).map((note) => [note.run, note])),
  }
}

/** Whatever the line says, a report is a file of the profile. */
export function reportPath(profile: string, note: RunNote | undefined): string | null {
  const report = note?.report ?? null
  return report === null ? null : join(profile, 'reports', basename(report))
}

function isNote(line: unknown): line is RunNote {
  if (typeof line !== 'object' || line === null) return false
  const { run, report, massChanges } = line as Readonly<Record<string, unknown>>
  return typeof run === 'string' && (typeof report === 'string' || report === null) && typeof massChanges === 'number'
}
