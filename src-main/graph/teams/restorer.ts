import { isEngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type {
  DataTypeRestorer,
  ItemOutcome,
  RestoreItem,
  RestoreRemark,
  TargetContainer,
} from '../../engine/ports/restore-target.ts'
import { systemClock } from '../client/system-clock.ts'
import type { GraphClient } from '../client/types.ts'
import { time } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import type { TeamsCalls } from './restore-calls.ts'
import { conversationRequests, restoreConversation } from './restore-conversation.ts'
import type { ChannelLedger } from './restore-ledger.ts'
import { OpenChannel } from './restore-open.ts'
import { asTeamsTarget, beginTeam, existingIn, openTarget, type TeamsTarget } from './restore-targets.ts'
import { restoreTeamItem } from './restore-team-items.ts'
import { teamKindOf } from './team-items.ts'

/** One channel at a time is open, and takes its messages in their order: Teams allows five a second. */
const concurrency = 1

/** Milliseconds that a channel may take to be completed when the restore ends because of something else. */
const closingMs = 60_000

export interface TeamsRestoreSettings {
  /** Where channels in migration mode are noted. */
  readonly ledger: ChannelLedger
  /** The tenant as the sign-in names it: what the ledger goes by. */
  readonly tenant: string
  readonly clock?: Clock
}

/**
 * Restores channels of teams with their conversations, tabs and apps, by what Microsoft calls importing: with an
 * application's sign-in (Teamwork.Migrate.All), under their old authors and times, without a notice to anybody.
 *
 * - "/" puts conversations into the channels that they were in: the channel itself, General for General, one of its name
 *   and kind, or a new one with its members. A target folder makes channels "<name> (<target folder>)" beside them, in at
 *   most 50 characters; characters that Teams refuses become "-". A group without a team gets one.
 * - A channel can only take messages while it is locked for its members (migration mode). One is open at a time; it is
 *   completed when the next one begins, at the end, and when something fails; the ledger knows it before it is opened, so
 *   that after a crash the next start completes it. Its time of creation moves before the oldest message, for good.
 * - No two messages of a channel have the same time, to the millisecond. That is how a message is known again: by its
 *   time, and then its author and words. A second restore makes nothing twice, and completes conversations.
 * - Authors are users of the target. Who has no counterpart stands in the text, under the name of an owner of the team.
 * - Lost: reactions, when a message was edited, lines that Teams wrote itself. Mentions become text, so that nobody is
 *   notified. Files stay where they are: links to them. Quotes and cards become text. Pictures come along as far as they
 *   fit into 4 MB. The readable transcript has all of it.
 * - Tabs show what they showed; where that belongs to the source, a remark says so. Apps come back where the catalog has
 *   them. Tags do not: Teams tells whoever gets one.
 * - Members of channels that are there are added only on request (`members`), settings of the team too (`group-settings`).
 *
 * https://learn.microsoft.com/graph/teams-import-messages
 */
export function teamsRestorer(client: GraphClient, settings: TeamsRestoreSettings): DataTypeRestorer {
  const { ledger, tenant, clock = systemClock } = settings
  const open = new OpenChannel({ client, ledger, tenant, clock })
  return {
    folder: 'teams',
    concurrency,
    keepsEmpty: true,
    requests: requestsOf,
    order: (metadata) => time(propertiesOf(metadata), 'createdDateTime') ?? 0,
    begin: (root, options, signal) => beginTeam({ client, signal }, clock, root, options),
    container: (parent, container, signal) =>
      closingOnFailure(open, () => openTarget({ client, signal }, asTeamsTarget(parent), container)),
    item: (container, item, signal) =>
      closingOnFailure(open, () => restoreItem({ client, signal }, open, asTeamsTarget(container), item)),
    finished: (top, signal) => closingOnFailure(open, () => finish(open, asTeamsTarget(top), signal)),
  }
}

function requestsOf(item: RestoreItem): number {
  return teamKindOf(propertiesOf(item.metadata)) === undefined ? conversationRequests(item) : 1
}

async function restoreItem(
  calls: TeamsCalls,
  open: OpenChannel,
  target: TeamsTarget,
  item: RestoreItem,
): Promise<ItemOutcome> {
  const { session, channel, failure } = target
  if (failure !== undefined) return failure
  return await outcomeOf(async () => {
    const ofTeam = await restoreTeamItem(calls, session, item)
    if (ofTeam !== undefined) return ofTeam
    const { team, options, clock, people } = session
    // A dry run would have made it.
    if (team === undefined || channel === undefined) return { kind: 'created', id: '' }
    const { found, stored } = channel
    const messages = {
      calls: { ...calls, team: team.id, channel: found.id },
      existing: await existingIn(calls, team.id, channel),
      open,
      clock,
      dryRun: options.dryRun,
      ignoreExisting: options.ignoreExisting,
      createdAt: found.createdAt,
      since: stored.createdAt,
    }
    const isSameTenant = stored.tenantId !== undefined && stored.tenantId === team.tenantId
    return await restoreConversation(messages, item, { isSameTenant, people })
  })
}

/** Whatever ends the restore must not leave a channel locked. */
async function closingOnFailure<T>(open: OpenChannel, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await closeAfterFailure(open)
    throw error
  }
}

async function closeAfterFailure(open: OpenChannel): Promise<void> {
  try {
    await open.close(AbortSignal.timeout(closingMs))
  } catch (error) {
    // What has ended the restore is what is told; the ledger keeps the channel, and the next start completes it.
    if (!isEngineError(error)) throw error
  }
}

async function finish(
  open: OpenChannel,
  top: TargetContainer & Pick<TeamsTarget, 'session'>,
  signal: AbortSignal,
): Promise<readonly { readonly path: string; readonly remarks: readonly RestoreRemark[] }[]> {
  const left = await open.close(signal)
  const { findings, targets } = top.session
  if (left.length === 0) return findings
  const all = await Promise.all(targets.values())
  const locked = left.map(({ channel: { channel }, code }) => ({
    path: all.find(({ id }) => id === channel)?.path ?? channel,
    remarks: [{ code: 'channel-still-locked', detail: code }],
  }))
  return [...findings, ...locked]
}
