import { randomBytes } from 'node:crypto'
import type { Operation } from '../../../src-shared/ipc/contract/operations.ts'
import type { ExitCode } from '../../commands/parts/exit-codes.ts'
import type { Output } from '../../commands/parts/output.ts'
import type { Progress } from '../../commands/parts/progress.ts'
import { EngineError } from '../../engine/index.ts'
import { destinationName } from '../../settings/destination-name.ts'
import type { HostSession, Operations, OperationWish, OperationWork } from '../context.ts'
import { OperationReport } from './operation-report.ts'
import { RunningOperation, type OperationResult } from './operation.ts'

export interface OperationTableParts {
  readonly profile: string
  readonly now: () => number
  readonly openSession: (wish: OperationWish, output: Output, progress: Progress, signal: AbortSignal) => HostSession
  /** What goes on, whole: when it changes, at most ten times a second. */
  readonly onOperations: (operations: Operation[]) => void
  /** What came of it is noted before anybody is told. */
  readonly afterOperation: (operation: RunningOperation) => Promise<void>
  readonly onEnded: (result: OperationResult) => void
}

/** Between two tellings. */
const EVERY_MS = 100

/** All operations of the process: those under way, and what came of the others. */
export class OperationTable implements Operations {
  readonly #parts: OperationTableParts
  readonly #running = new Map<string, { readonly operation: RunningOperation; readonly done: Promise<void> }>()
  readonly #ended = new Map<string, RunningOperation>()
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  #toldAt = -Infinity

  constructor(parts: OperationTableParts) {
    this.#parts = parts
  }

  /** Rejects with `settings.busy` while something goes on that the operation must not meet, or `cancelled` when all is ending. */
  start(
    wish: OperationWish,
    work: (operation: OperationWork) => Promise<ExitCode>,
  ): Promise<{ readonly operation: string }> {
    return new Promise((resolve) => {
      resolve({ operation: this.begin(wish, work).id })
    })
  }

  /** The same; throws. */
  begin(wish: OperationWish, work: (operation: OperationWork) => Promise<ExitCode>): RunningOperation {
    if (this.#isClosed) throw new EngineError('cancelled')
    if (wish.alone !== undefined && this.isBusy(wish.alone)) {
      const context = { reason: 'operation', pid: process.pid, hostname: 'localhost' }
      throw new EngineError('settings.busy', { retry: 'later', context })
    }
    const { profile, now, openSession } = this.#parts
    const operation = new RunningOperation({
      id: randomBytes(8).toString('hex'),
      wish,
      now,
      report: new OperationReport(profile, wish.kind, now),
      openSession: (output, progress, signal) => openSession(wish, output, progress, signal),
      onChange: () => {
        this.#changed()
      },
    })
    // The id is known before anything of the operation is.
    const done = Promise.resolve()
      .then(() => operation.run(work))
      .then(() => this.#over(operation))
    this.#running.set(operation.id, { operation, done })
    this.#tell()
    return operation
  }

  /** Whether something goes on that was started to be alone at that, however the place is spelled. */
  isBusy(alone: string): boolean {
    const name = destinationName(alone)
    return this.running().some(({ wish }) => wish.alone !== undefined && destinationName(wish.alone) === name)
  }

  running(): readonly RunningOperation[] {
    return [...this.#running.values()].map(({ operation }) => operation)
  }

  /** Undefined for an operation that there never was in this process. */
  find(id: string): RunningOperation | undefined {
    return this.#running.get(id)?.operation ?? this.#ended.get(id)
  }

  /** Nothing happens if it is over. */
  stop(id: string): void {
    this.#running.get(id)?.operation.stop(new EngineError('cancelled'))
  }

  /** Ends all operations in good order and resolves when they have ended; none begins any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#running.values()]
    for (const { operation } of all) operation.stop(new EngineError('cancelled'))
    await Promise.all(all.map(({ done }) => done))
    clearTimeout(this.#timer)
  }

  async #over(operation: RunningOperation): Promise<void> {
    this.#running.delete(operation.id)
    this.#ended.set(operation.id, operation)
    await this.#parts.afterOperation(operation)
    this.#tell()
    this.#parts.onEnded(operation.result())
  }

  #changed(): void {
    if (this.#timer !== undefined) return
    const wait = Math.max(0, this.#toldAt + EVERY_MS - this.#parts.now())
    this.#timer = setTimeout(() => {
      this.#tell()
    }, wait)
  }

  /** At once: an operation has come or gone. */
  #tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#toldAt = this.#parts.now()
    this.#parts.onOperations(this.running().map((operation) => operation.shown()))
  }
}
