import { isEngineError, type ErrorCode } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { GraphClient } from '../client/types.ts'
import { text } from '../item/fields.ts'
import { teamsPool } from '../messages/access.ts'
import { channelPath } from './restore-calls.ts'

/** Where a channel is. */
export interface ChannelPlace {
  /** The tenant as the sign-in names it. */
  readonly tenant: string
  /** Graph ids. */
  readonly team: string
  readonly channel: string
}

/** A channel that was put into migration mode: its members cannot write in it until that is completed. */
export interface OpenedChannel extends ChannelPlace {
  /** Milliseconds since 1970. */
  readonly openedAt: number
}

/** Remembers, beyond the end of the process, which channels are in migration mode because of us. */
export interface ChannelLedger {
  /** Before a channel is opened. Durable when it resolves; rejects with `store.*`, and then nothing is to be opened. */
  opened(channel: OpenedChannel): Promise<void>
  /** After it was completed. A channel that is not there is none to speak of. */
  closed(channel: ChannelPlace): Promise<void>
  /** Channels of a tenant that nobody else works on now. */
  list(tenant: string): Promise<readonly OpenedChannel[]>
}

/** What became of the channels that were found open. */
export interface ClosedChannels {
  /** Open to their members again. */
  readonly closed: readonly OpenedChannel[]
  /** Gone, or completed already. */
  readonly gone: readonly OpenedChannel[]
  /** Still locked, as far as is known: they stay in the ledger. */
  readonly kept: readonly (OpenedChannel & { readonly code: ErrorCode })[]
}

/**
 * Completes what an interrupted restore left in migration mode. One request a channel, none if the ledger is empty. One
 * channel that cannot be completed does not keep the others. Rejects when cancelled, or with `store.*` of the ledger.
 */
export async function closeOpenedChannels(
  client: GraphClient,
  ledger: ChannelLedger,
  tenant: string,
  signal: AbortSignal,
): Promise<ClosedChannels> {
  const closed: OpenedChannel[] = []
  const gone: OpenedChannel[] = []
  const kept: (OpenedChannel & { readonly code: ErrorCode })[] = []
  for (const channel of await ledger.list(tenant)) {
    const end = await completeMigration(client, channel, signal)
    if (end === 'closed') closed.push(channel)
    else if (end === 'gone') gone.push(channel)
    else kept.push({ ...channel, code: end.code })
    if (typeof end === 'string') await ledger.closed(channel)
  }
  return { closed, gone, kept }
}

export type MigrationEnd = 'closed' | 'gone' | { readonly code: ErrorCode }

/**
 * Takes a channel out of migration mode. Only the application that put it there may.
 * https://learn.microsoft.com/graph/api/channel-completemigration
 */
export async function completeMigration(
  client: GraphClient,
  { team, channel }: Pick<ChannelPlace, 'team' | 'channel'>,
  signal: AbortSignal,
): Promise<MigrationEnd> {
  const path = `${channelPath({ team, channel })}/completeMigration`
  try {
    // Completed twice, it is refused, and then its state tells.
    await client.json({ method: 'POST', path, pool: teamsPool, signal, idempotent: true })
    return 'closed'
  } catch (error) {
    if (!isEngineError(error) || error.code === 'cancelled') throw error
    if (error.code === 'graph.not-found') return 'gone'
    return await endOf(client, { team, channel }, error.code, signal)
  }
}

/** What a refusal means: mostly that it was done already. */
async function endOf(
  client: GraphClient,
  place: Pick<ChannelPlace, 'team' | 'channel'>,
  code: ErrorCode,
  signal: AbortSignal,
): Promise<MigrationEnd> {
  try {
    return (await isInMigration(client, place, signal)) ? { code } : 'gone'
  } catch (error) {
    if (!isEngineError(error) || error.code === 'cancelled') throw error
    return error.code === 'graph.not-found' ? 'gone' : { code }
  }
}

/** Whether messages may be imported into the channel now, and nobody else may write in it. */
export async function isInMigration(
  client: GraphClient,
  { team, channel }: Pick<ChannelPlace, 'team' | 'channel'>,
  signal: AbortSignal,
): Promise<boolean> {
  const path = channelPath({ team, channel })
  return isMigrating(await client.json<JsonObject>({ path, pool: teamsPool, signal }))
}

function isMigrating(channel: JsonObject): boolean {
  return text(channel, 'migrationMode')?.toLowerCase() === 'inprogress'
}
