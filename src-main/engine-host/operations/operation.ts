import type { Operation, operationProgress, operationResult } from '../../../src-shared/ipc/contract/operations.ts'
import type { z } from 'zod'
import { exitCodes, type ExitCode } from '../../commands/parts/exit-codes.ts'
import type { Message, Output } from '../../commands/parts/output.ts'
import type { Progress } from '../../commands/parts/progress.ts'
import type { ProgressState } from '../../commands/parts/progress-line.ts'
import { EngineError, isEngineError } from '../../engine/index.ts'
import { capturedOutput } from '../captured-output.ts'
import type { HostSession, OperationWish, OperationWork, ReportLine } from '../context.ts'
import { problemOf } from '../envelope.ts'
import { hidden } from '../hidden-secrets.ts'
import { addDrill, addSummary, type Figures } from './operation-figures.ts'
import type { OperationReport } from './operation-report.ts'

export type OperationResult = z.infer<typeof operationResult>
type ShownProgress = z.infer<typeof operationProgress>

/** What is kept of the remarks of one operation. */
const MOST_REMARKS = 500

export interface OperationParts {
  readonly id: string
  readonly wish: OperationWish
  readonly now: () => number
  readonly report: OperationReport
  readonly openSession: (output: Output, progress: Progress, signal: AbortSignal) => HostSession
  /** Called when there is something else to be shown. */
  readonly onChange: () => void
}

/** Something that takes its time, from its beginning to its result. */
export class RunningOperation {
  readonly wish: OperationWish
  readonly id: string
  readonly #parts: OperationParts
  readonly #controller = new AbortController()
  readonly #started: number
  readonly #figures: Figures = {}
  readonly #remarks: string[] = []
  #secrets: ReadonlySet<string> = new Set()
  #state: (() => ProgressState) | undefined
  #ended: number | null = null
  #outcome: OperationResult['outcome'] = 'running'
  #problem: OperationResult['problem'] = null
  #massChanges = 0
  #ownReport: string | undefined

  constructor(parts: OperationParts) {
    this.#parts = parts
    this.id = parts.id
    this.wish = parts.wish
    this.#started = parts.now()
  }

  get started(): number {
    return this.#started
  }

  /** Notices of how much was deleted or changed at once. */
  get massChanges(): number {
    return this.#massChanges
  }

  /** Never rejects. */
  async run(work: (operation: OperationWork) => Promise<ExitCode>): Promise<void> {
    let session: HostSession | undefined
    try {
      session = this.#parts.openSession(this.#output(), this.#progress(), this.#controller.signal)
      this.#controller.signal.throwIfAborted()
      const exitCode = await work(this.#workOf(session))
      this.#end(outcomeOf(exitCode))
    } catch (error) {
      this.#fail(error)
    }
    await this.#close(session)
    this.#ended = this.#parts.now()
  }

  /** Ends it in good order; it goes on until it has. */
  stop(reason: unknown): void {
    this.#controller.abort(reason)
    this.#parts.onChange()
  }

  shown(): Operation {
    const { kind, plan, place, dryRun } = this.wish
    return {
      id: this.id,
      kind,
      plan: plan?.id ?? null,
      place,
      dryRun,
      started: this.#started,
      progress: this.#state === undefined ? null : shownProgress(this.#state()),
      stopping: this.#controller.signal.aborted,
    }
  }

  result(): OperationResult {
    return {
      id: this.id,
      kind: this.wish.kind,
      outcome: this.#outcome,
      started: this.#started,
      ended: this.#ended,
      problem: this.#problem,
      figures: { ...this.#figures },
      remarks: [...this.#remarks],
      reportFile: this.reportFile,
    }
  }

  get reportFile(): string | null {
    return this.#ownReport ?? this.#parts.report.path
  }

  #end(outcome: OperationResult['outcome']): void {
    this.#outcome = outcome
  }

  #fail(error: unknown): void {
    const isStopped = this.#controller.signal.aborted
    this.#end(isStopped ? 'stopped' : 'failed')
    // What fails in whatever way after somebody said stop failed because of that.
    const isMeant = isStopped && !isEngineError(error)
    this.#problem = problemOf(isMeant ? new EngineError('cancelled') : error, this.#secrets)
  }

  /** What goes wrong here changes nothing about what was done. */
  async #close(session: HostSession | undefined): Promise<void> {
    session?.progress.stop()
    try {
      await session?.close()
      this.#parts.report.close()
    } catch (error) {
      this.#problem ??= problemOf(error)
    }
  }

  #workOf(session: HostSession): OperationWork {
    this.#secrets = session.secrets
    return {
      id: this.id,
      session,
      line: (line) => {
        this.#parts.report.add(line)
      },
      remark: (text) => {
        this.#remark(text)
      },
      figures: (figures) => {
        Object.assign(this.#figures, figures)
      },
    }
  }

  #output(): Output {
    return capturedOutput({
      object: (message) => {
        this.#take(message)
      },
      remark: (text) => {
        this.#remark(text)
      },
    })
  }

  #progress(): Progress {
    return {
      update: (state) => {
        this.#state = state
        this.#parts.onChange()
      },
      stop: () => {
        // What was done last is still true.
      },
    }
  }

  #remark(text: string): void {
    if (this.#remarks.length < MOST_REMARKS) this.#remarks.push(hidden(text, this.#secrets))
  }

  #take(message: Message): void {
    switch (message.message_type) {
      case 'summary':
        if (typeof message.report === 'string') this.#ownReport = message.report
        addSummary(this.#figures, message)
        for (const notice of noticesIn(message)) this.#remark(notice)
        return
      case 'drill':
        addDrill(this.#figures, message)
        return
      case 'notice':
        if (String(message.code).startsWith('mass-')) this.#massChanges++
        if (typeof message.message === 'string') this.#remark(`${message.message}.`)
        return
      case 'error':
        this.#takeError(message)
    }
  }

  /** A restore has its own report, with these and all others. */
  #takeError(message: Message): void {
    if (this.wish.kind !== 'restore') this.#parts.report.add(errorLine(message))
  }
}

function outcomeOf(exitCode: ExitCode): OperationResult['outcome'] {
  if (exitCode === exitCodes.done) return 'done'
  return exitCode === exitCodes.incomplete ? 'incomplete' : 'failed'
}

function errorLine({ item, path, code, error, during }: Message): ReportLine {
  const sentence = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined
  const where = [item, path].find((one) => typeof one === 'string') ?? ''
  return {
    path: where,
    outcome: during === 'check' ? 'damaged' : 'failed',
    code: typeof code === 'string' ? code : 'internal',
    ...(typeof sentence === 'string' ? { messages: [sentence] } : {}),
  }
}

function noticesIn({ notices }: Message): readonly string[] {
  if (!Array.isArray(notices)) return []
  return notices.flatMap((notice: unknown) => {
    if (typeof notice !== 'object' || notice === null || !('message' in notice)) return []
    return typeof notice.message === 'string' ? [notice.message] : []
  })
}

function shownProgress({ current, items, expected, bytes, requests, throttledMs }: ProgressState): ShownProgress {
  return {
    current,
    items: Math.round(items),
    ...(expected === undefined ? {} : { expected: Math.round(expected) }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(requests === undefined ? {} : { requests }),
    ...(throttledMs === undefined ? {} : { throttledMs: Math.round(throttledMs) }),
  }
}
