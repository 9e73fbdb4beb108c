import { closeSync, mkdirSync, openSync, readdirSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { toStoreError } from '../../destinations/local-folder/store-errors.ts'
import { withPlace } from './error-place.ts'

/** A report under way: one JSON object per line. */
export interface ReportFile {
  readonly path: string
  add(line: object): void
  /** Writes what is left. Idempotent. */
  close(): void
}

const BUFFERED = 64 * 1024
/** Reports name folders and people: they are not kept for ever. */
export const KEPT_REPORTS = 500
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-.+\.jsonl$/

/**
 * Makes `<profile>/reports/<time>-<what>.jsonl`, readable by its owner alone; the newest 500 are kept. Throws `store.*`
 * errors.
 */
export function createReportFile(profile: string, what: string, now: number): ReportFile {
  const folder = join(profile, 'reports')
  return inFolder(folder, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const report = openReport(folder, `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}-${what}`)
    removeOld(folder, report.path)
    return report
  })
}

/** Names begin with the time. One that cannot be removed now can be when the next report is made. */
function removeOld(folder: string, made: string): void {
  const paths = orNothing(() => readdirSync(folder))
    ?.filter((name) => NAME.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => path !== made)
  for (const path of paths?.slice(0, -(KEPT_REPORTS - 1)) ?? []) orNothing(() => unlinkSync(path))
}

function orNothing<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function openReport(folder: string, name: string): ReportFile {
  const { path, handle } = openNew(folder, name)
  let waiting: string[] = []
  let length = 0
  let open = true
  const flush = (): void =>
    inFolder(folder, () => {
      for (let rest = Buffer.from(waiting.join('')); rest.length > 0;) rest = rest.subarray(writeSync(handle, rest))
      waiting = []
      length = 0
    })
  return {
    path,
    add: (line) => {
      const text = `${JSON.stringify(line)}\n`
      waiting.push(text)
      length += text.length
      if (length >= BUFFERED) flush()
    },
    close: () => {
      if (!open) return
      open = false
      try {
        flush()
      } finally {
        closeSync(handle)
      }
    },
  }
}

/** Two reports of the same second get different names. */
function openNew(folder: string, name: string): { readonly path: string; readonly handle: number } {
  for (let number = 1; ; number++) {
    const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}.jsonl`)
    try {
      return { path, handle: openSync(path, 'wx', 0o600) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function inFolder<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw withPlace(toStoreError(error), folder)
  }
}
