import { EngineError } from '../../engine/model/errors.ts'
import { exitCodes } from './exit-codes.ts'

export interface Interruption {
  /** Fires (reason: `cancelled`) on Ctrl-C, on the signal to end, and when nobody reads the output any more. */
  readonly signal: AbortSignal
  /** Gives the signals back. */
  stop(): void
}

/** The reason in the context of `cancelled` when standard output was closed: nobody is there to be told. */
export const OUTPUT_CLOSED = 'output-closed'

/** A pipe whose reader is gone, a terminal that was closed. */
const CLOSED: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO'])

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** The first interruption asks the run to stop in good order; the second ends the program at once. */
export function listenForInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    controller.abort(new EngineError('cancelled'))
    onFirst()
  }
  const endOfReader = (error: NodeJS.ErrnoException): void => {
    if (!isClosed(error)) throw error
    controller.abort(new EngineError('cancelled', { context: { reason: OUTPUT_CLOSED } }))
  }
  for (const name of SIGNALS) process.on(name, interrupt)
  process.stdout.on('error', endOfReader)
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (!isClosed(error)) throw error // without a reader, what is said there is lost and nothing else
  })
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of SIGNALS) process.off(name, interrupt)
    },
  }
}

function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return CLOSED.has(code)
}
