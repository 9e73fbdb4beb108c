import type { Message } from '../../commands/parts/output.ts'
import type { ProgressState } from '../../commands/parts/progress-line.ts'
import type { Session } from '../../commands/parts/session.ts'
import type { OperationWork } from '../context.ts'

/** Different remarks that are told of a restore; all of them are in its report. */
const MOST_REMARKS = 50

/** Requests a second that a mailbox or a drive takes for long, by Graph's published limits. */
const SUSTAINED = 10

/** How many there will be; undefined as long as it is not known, or if it cannot be. */
export type Expected = () => number | undefined

/** The operation's session, whose progress tells how much there is to do, and whose remarks are counted. */
export interface WatchedSession {
  readonly session: Session
  /** Tells what was remarked, each remark once with the number of items. To be called once, at the end. */
  readonly tellRemarks: () => void
}

export function watchedSession(operation: OperationWork, expected: Expected): WatchedSession {
  const { session } = operation
  const { output, progress } = session
  const counts = new Map<string, number>()
  const object = (message: Message): void => {
    for (const remark of remarksIn(message))
      if (counts.has(remark) || counts.size < MOST_REMARKS) counts.set(remark, (counts.get(remark) ?? 0) + 1)
    if (message.message_type === 'summary' && typeof message.requests_expected === 'number')
      operation.figures({ seconds_expected: Math.ceil(message.requests_expected / SUSTAINED) })
    output.object(message)
  }
  return {
    session: {
      ...session,
      output: { ...output, object },
      progress: {
        update: (state) => progress.update(() => withExpected(state(), expected())),
        stop: () => progress.stop(),
      },
    },
    tellRemarks: () => {
      for (const [remark, count] of counts) operation.remark(count === 1 ? remark : `${remark} (${count})`)
    },
  }
}

function withExpected(state: ProgressState, expected: number | undefined): ProgressState {
  return state.expected !== undefined || expected === undefined ? state : { ...state, expected }
}

/** Of items and containers; what failed is told by itself. */
function remarksIn({ message_type: type, outcome, message, messages }: Message): readonly string[] {
  if ((type !== 'item' && type !== 'container') || outcome === 'failed') return []
  const all: readonly unknown[] = [message, ...(Array.isArray(messages) ? (messages as readonly unknown[]) : [])]
  return all.filter((text) => typeof text === 'string')
}
