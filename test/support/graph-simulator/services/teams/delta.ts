import { badRequest, GraphError } from '../../http/errors.ts'
import { jsonReply, type Reply } from '../../http/exchange.ts'
import { parseFilter } from '../../odata/filter.ts'
import { channelOf, contextOf, expansions, messageOf, topOf, type TeamsCall } from './calls.ts'
import { largestPage, renderConversation, usualPage } from './messages.ts'
import { renderMessage } from './render.ts'
import type { Json, StoredChannelMessage } from './state.ts'

/** Where a round stands; it carries the options of the first request. */
interface Round {
  readonly kind: 'skip' | 'delta'
  /** The channel, or the message whose replies are tracked. */
  readonly of: string
  readonly top: number
  readonly replies: boolean
  /** Milliseconds since 1970 of `$filter`; 0 without. */
  readonly after: number
  /** Only what was changed since this count of the channel's changes; undefined for everything. */
  readonly since: number | undefined
  /** Entries of the round that were shown. */
  readonly shown: number
  /** The count of changes at which the round began: its deltaLink goes on from there. */
  readonly until: number
}

/** "Delta will only return messages within the last eight months." */
const months = 8
const monthMs = 30.4 * 24 * 3_600_000

/**
 * GET .../messages/delta, by itself for a conversation as a whole: it shows up when its first message or a reply was
 * created or changed. Source: https://learn.microsoft.com/graph/api/chatmessage-delta
 *
 * A channel without an e-mail address, which is one that nobody ever wrote in, gives an empty page and refuses to go on:
 * https://github.com/microsoftgraph/microsoft-graph-docs/issues/8864, https://github.com/alcionai/corso/pull/4229.
 * Not told by the documents, so it is decided here for the strictest: what was imported in migration mode shows up in no
 * later round.
 */
export function messagesDelta(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const round = roundOf(call, channel.id, channel.revision, ['replies'])
  if (channel.email === '') {
    if (call.query.get('$skiptoken') !== undefined || call.query.get('$deltatoken') !== undefined)
      throw badRequest("Parameter 'DeltaToken' not supported for this request.")
    return page(call, { ...round, kind: 'skip' }, [])
  }
  const oldest = call.now - months * monthMs
  const changed = channel.messages
    .filter((message) => lastChange(message) > Math.max(oldest, round.after))
    .filter(({ revision }) => round.since === undefined || revision > round.since)
  return roundPage(call, round, changed, (message) => renderConversation(call, channel, message, round.replies))
}

/** GET .../messages/{message}/replies/delta */
export function repliesDelta(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const { id, replies, revision } = messageOf(call)
  const round = roundOf(call, id, revision, [])
  const isChanged = round.since === undefined || revision > round.since
  const changed = isChanged ? replies.filter((reply) => lastChange(reply) > round.after) : []
  return roundPage(call, round, changed, (reply) => renderMessage(call, channel, reply))
}

/** A delta token that died, for `break-cursor` faults. */
export function deadDelta(call: TeamsCall, code = 'resyncRequired'): GraphError | undefined {
  if (call.query.get('$skiptoken') === undefined && call.query.get('$deltatoken') === undefined) return undefined
  return new GraphError(410, code, 'Resync required. Start again with a full listing.', {
    headers: { Location: `${call.context.origin()}${call.request.path}` },
  })
}

/** Of a conversation: the last change of anything in it. */
function lastChange({ lastModifiedDateTime, replies }: StoredChannelMessage): number {
  return Math.max(Date.parse(lastModifiedDateTime), ...replies.map(lastChange))
}

function roundOf(call: TeamsCall, of: string, until: number, expandable: readonly string[]): Round {
  const skip = call.query.get('$skiptoken')
  const token = skip ?? call.query.get('$deltatoken')
  if (token !== undefined) {
    call.query.ignoreRest()
    return continued(call, token, skip === undefined ? 'delta' : 'skip', of, until)
  }
  return {
    kind: 'skip',
    of,
    top: topOf(call, usualPage, largestPage),
    replies: expansions(call, expandable).has('replies'),
    after: afterOf(call),
    since: undefined,
    shown: 0,
    until,
  }
}

function continued(call: TeamsCall, token: string, kind: Round['kind'], of: string, until: number): Round {
  const round = call.context.seal.open(token) as Round | undefined
  if (round?.of !== of || round.kind !== kind) throw badRequest('Badly formed token.')
  return kind === 'skip' ? round : { ...round, kind: 'skip', since: round.until, after: 0, shown: 0, until }
}

/** "The only property that supports filtering is lastModifiedDateTime, and only the gt operator is supported." */
function afterOf(call: TeamsCall): number {
  const text = call.query.get('$filter')
  if (text === undefined) return 0
  const node = parseFilter(text)
  if (
    node.kind === 'compare' &&
    node.path === 'lastmodifieddatetime' &&
    node.operator === 'gt' &&
    typeof node.value === 'number'
  )
    return node.value
  throw badRequest('Only lastModifiedDateTime with gt is supported in $filter.')
}

function roundPage(
  call: TeamsCall,
  round: Round,
  changed: readonly StoredChannelMessage[],
  render: (message: StoredChannelMessage) => Json,
): Reply {
  const sorted = changed.toSorted((one, other) => one.revision - other.revision || Number(one.id) - Number(other.id))
  const value = sorted.slice(round.shown, round.shown + round.top).map((message) => ({
    '@odata.type': '#microsoft.graph.chatMessage',
    ...render(message),
  }))
  const shown = round.shown + value.length
  return page(call, { ...round, shown, kind: shown < sorted.length ? 'skip' : 'delta' }, value)
}

function page(call: TeamsCall, round: Round, value: readonly Json[]): Reply {
  const isNext = round.kind === 'skip'
  const token = isNext ? 'skiptoken' : 'deltatoken'
  const link = isNext ? 'nextLink' : 'deltaLink'
  const address = `${call.context.origin()}${call.request.path}?$${token}=${call.context.seal.seal(round)}`
  return jsonReply(200, {
    '@odata.context': contextOf(call, 'Collection(chatMessage)'),
    [`@odata.${link}`]: address,
    value,
  })
}
