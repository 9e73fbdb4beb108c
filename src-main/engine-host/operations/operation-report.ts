import { createReportFile, type ReportFile } from '../../commands/parts/report-file.ts'
import type { ReportLine } from '../context.ts'

/** The report of an operation: a file that comes into being with its first line. */
export class OperationReport {
  readonly #profile: string
  readonly #kind: string
  readonly #now: () => number
  #file: ReportFile | undefined

  constructor(profile: string, kind: string, now: () => number) {
    this.#profile = profile
    this.#kind = kind
    this.#now = now
  }

  get path(): string | null {
    return this.#file?.path ?? null
  }

  add(line: ReportLine): void {
    this.#file ??= createReportFile(this.#profile, this.#kind, this.#now())
    this.#file.add(line)
  }

  close(): void {
    this.#file?.close()
  }
}
