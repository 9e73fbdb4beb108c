import { formatCount } from '../../../src-shared/text/amounts.ts'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import { isEngineError } from '../../engine/model/errors.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import { closeOpenedChannels, type ClosedChannels } from '../../graph/teams/restore-ledger.ts'
import { createChannelLedger } from './channel-ledger.ts'
import type { Session } from './session.ts'

/** Opens channels again that an interrupted restore has left locked for their members, and says so. */
export async function closeLeftChannels(
  { output, profile, signal }: Pick<Session, 'output' | 'profile' | 'signal'>,
  client: GraphClient,
  tenant: string,
): Promise<void> {
  const done = await close(client, profile, tenant, signal)
  if ('failure' in done) {
    // No reason not to back up; a restore into a channel meets it again.
    output.warn(`It is not known whether channels of Teams were left locked. ${done.failure}`)
    return
  }
  const { closed, kept } = done
  if (closed.length > 0)
    output.note(
      `${formatCount(closed.length, 'channel')} that an interrupted restore had left locked can be used again.`,
    )
  const [first] = kept
  if (first !== undefined)
    output.warn(
      `${formatCount(kept.length, 'channel')} that an interrupted restore had left locked could not be opened, the next command tries again. ${errorSentence(first.code)}`,
    )
}

async function close(
  client: GraphClient,
  profile: string,
  tenant: string,
  signal: AbortSignal,
): Promise<ClosedChannels | { readonly failure: string }> {
  try {
    return await closeOpenedChannels(client, createChannelLedger(profile), tenant, signal)
  } catch (error) {
    if (!isEngineError(error) || !error.code.startsWith('store.')) throw error
    return { failure: errorSentence(error.code, error.context) }
  }
}
