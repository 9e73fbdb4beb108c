import type { Activity, Operation, operationResult } from '../../src-shared/ipc/contract/operations.ts'
import type { z } from 'zod'

type OperationResult = z.infer<typeof operationResult>

/** At most ten a second reach the window. */
const BETWEEN = 100

export interface ActivityBoardParts {
  readonly now: () => number
  readonly after: (milliseconds: number, call: () => void) => () => void
  readonly onChange: (activity: Activity) => void
}

/** What goes on, from the engine host and the scheduler, told whole and not too often. */
export class ActivityBoard {
  readonly #parts: ActivityBoardParts
  #activity: Activity = { engine: 'starting', paused: false, waiting: null, operations: [], next: null }
  #told = -Infinity
  #isDue = false

  constructor(parts: ActivityBoardParts) {
    this.#parts = parts
  }

  get current(): Activity {
    return this.#activity
  }

  update(change: Partial<Activity>): void {
    this.#activity = { ...this.#activity, ...change }
    if (this.#isDue) return
    const wait = this.#told + BETWEEN - this.#parts.now()
    if (wait <= 0) this.#tell()
    else {
      this.#isDue = true
      this.#parts.after(wait, () => {
        this.#isDue = false
        this.#tell()
      })
    }
  }

  /** The engine stopped: no operation goes on. Tells how each of them ended. */
  endOperations(): readonly OperationResult[] {
    const ended = this.#activity.operations.map((operation) => interrupted(operation, this.#parts.now()))
    this.update({ operations: [] })
    return ended
  }

  #tell(): void {
    this.#told = this.#parts.now()
    this.#parts.onChange(this.#activity)
  }
}

function interrupted({ id, kind, started }: Operation, now: number): OperationResult {
  return {
    id,
    kind,
    outcome: 'interrupted',
    started,
    ended: now,
    problem: { code: 'engine.stopped', params: {} },
    figures: {},
    remarks: [],
    reportFile: null,
  }
}
