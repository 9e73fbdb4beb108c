import type { Message, Output } from '../commands/parts/output.ts'
import type { Progress } from '../commands/parts/progress.ts'

export interface Listener {
  /** What --json would print. */
  readonly object: (message: Message) => void
  /** A note, a warning, or what ended something. */
  readonly remark: (text: string) => void
}

/** The output of a command whose results are taken as objects. */
export function capturedOutput({ object, remark }: Listener): Output {
  return {
    json: true,
    verbose: false,
    quiet: false,
    clearLine: nothing,
    line: nothing,
    summary: nothing,
    object,
    note: remark,
    warn: remark,
    failure: remark,
    detail: nothing,
    transient: nothing,
    drained: () => new Promise((resolve) => setImmediate(resolve)),
  }
}

/** For calls of which only the outcome counts. */
export const silentOutput: Output = capturedOutput({ object: nothing, remark: nothing })

export const noProgress: Progress = { update: nothing, stop: nothing }

function nothing(): void {
  // Nobody looks at it.
}
