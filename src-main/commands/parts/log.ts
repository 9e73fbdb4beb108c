import { join } from 'node:path'
import { rotatedLines } from '../../settings/rotated-lines.ts'

const MAX_BYTES = 2 << 20
const KEPT = 4

/** A line of the log: codes and figures. No subject, address, path of a snapshot, token or passphrase. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string
  readonly level: 'info' | 'warning' | 'error'
  readonly event: string
  readonly pid: number
  readonly version: string
  readonly figures: Readonly<Record<string, string | number | boolean>>
}

export interface Log {
  /** Rejects with `store.*`. */
  write(line: LogLine): Promise<void>
  read(): Promise<readonly unknown[]>
}

/** The log in `logs/holdfast.jsonl` of a profile: JSON lines, rotated at 2 MiB, four older files are kept. */
export function openLog(profile: string): Log {
  const lines = rotatedLines(join(profile, 'logs', 'holdfast.jsonl'), { maxBytes: MAX_BYTES, keep: KEPT })
  return { write: (line) => lines.append([line]), read: () => lines.read() }
}
