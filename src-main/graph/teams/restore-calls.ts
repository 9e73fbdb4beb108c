import { EngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'

/** A client, and who may stop it. */
export interface TeamsCalls {
  readonly client: GraphClient
  readonly signal: AbortSignal
}

/** The same about one channel; Graph ids. */
export interface ChannelCalls extends TeamsCalls {
  readonly team: string
  readonly channel: string
}

export function channelPath({ team, channel }: Pick<ChannelCalls, 'team' | 'channel'>): string {
  return graphPath`/teams/${team}/channels/${channel}`
}

/** Waits so many milliseconds; rejects with `cancelled`. */
export async function pause(clock: Clock, { signal }: TeamsCalls, milliseconds: number): Promise<void> {
  try {
    await clock.wait(milliseconds, signal)
  } catch (error) {
    if (signal.aborted) throw new EngineError('cancelled', { cause: error })
    throw error
  }
}
