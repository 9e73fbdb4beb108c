import { formatCount } from '../../../src-shared/text/amounts.ts'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import { isEngineError } from '../../engine/model/errors.ts'
import { closeOpenedChannels, type ClosedChannels } from '../../graph/teams/restore-ledger.ts'
import { createChannelLedger, type ProfileLedger } from './channel-ledger.ts'
import { isOfTenant } from './directory-name.ts'
import type { Session } from './session.ts'
import type { SignIn } from './sign-in.ts'

/** Opens channels again that an interrupted restore has left locked for their members, and says so. */
export async function closeLeftChannels(
  { output, profile, signal }: Pick<Session, 'output' | 'profile' | 'signal'>,
  signedIn: SignIn,
): Promise<void> {
  const done = await close(signedIn, profile, signal)
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
  signedIn: SignIn,
  profile: string,
  signal: AbortSignal,
): Promise<ClosedChannels | { readonly failure: string }> {
  try {
    return await closeOf(signedIn, createChannelLedger(profile), signal)
  } catch (error) {
    if (!isEngineError(error) || !error.code.startsWith('store.')) throw error
    return { failure: errorSentence(error.code, error.context) }
  }
}

/** A restore that was interrupted may have named the tenant otherwise. */
async function closeOf(signedIn: SignIn, ledger: ProfileLedger, signal: AbortSignal): Promise<ClosedChannels> {
  const all: ClosedChannels[] = []
  for (const tenant of await ledger.tenants())
    if (await isOfTenant(signedIn, tenant, signal))
      all.push(await closeOpenedChannels(signedIn.client, ledger, tenant, signal))
  return {
    closed: all.flatMap(({ closed }) => closed),
    gone: all.flatMap(({ gone }) => gone),
    kept: all.flatMap(({ kept }) => kept),
  }
}
