import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the files of one test run report, each from a process of its own, gathered in a folder. */
export interface CoverageFolder {
  readonly path: string
}

export interface Coverage {
  readonly exchanges: number
  readonly operations: ReadonlySet<string>
}

export function makeCoverageFolder(): CoverageFolder {
  return { path: mkdtempSync(join(tmpdir(), 'graph-contract-')) }
}

export function reportCoverage(folder: CoverageFolder, { exchanges, operations }: Coverage): void {
  const line = JSON.stringify({ exchanges, operations: [...operations] })
  appendFileSync(join(folder.path, `${String(process.pid)}.jsonl`), `${line}\n`)
}

/** The sum of what was reported; the folder is gone afterwards. */
export function takeCoverage(folder: CoverageFolder): Coverage {
  const reports = readdirSync(folder.path).flatMap((file) =>
    readFileSync(join(folder.path, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { readonly exchanges: number; readonly operations: readonly string[] }),
  )
  rmSync(folder.path, { recursive: true })
  return {
    exchanges: reports.reduce((sum, { exchanges }) => sum + exchanges, 0),
    operations: new Set(reports.flatMap(({ operations }) => operations)),
  }
}
