import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { text, time } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { teamsPool } from '../messages/access.ts'
import { pause, type ChannelCalls } from './restore-calls.ts'
import { messagesPath, type ExistingMessages } from './restore-existing.ts'
import { messageJson } from './restore-message.ts'
import type { OpenChannel } from './restore-open.ts'
import { hashOf, isSameMessage, variantsOf, type MessageSource, type Variant } from './restore-variants.ts'

/** Times that a message is sent whose outcome is unknown, after looking whether it is there. */
const attempts = 3

/** Moments tried behind one that another message holds. */
const mostShifts = 50

/** Between two messages of a channel: Teams takes five a second. */
const paceMs = 220

/** A channel that takes messages. */
export interface MessageTarget {
  readonly calls: ChannelCalls
  readonly existing: ExistingMessages
  readonly open: OpenChannel
  readonly clock: Clock
  readonly dryRun: boolean
  /** Creates without looking for what is there. */
  readonly ignoreExisting: boolean
  /** Milliseconds since 1970: when the channel was made, and when the stored one was. */
  readonly createdAt: number | undefined
  readonly since: number | undefined
}

/** What became of a message. */
export interface PlacedMessage {
  readonly kind: 'created' | 'there'
  readonly id: string
  /** The first message of the conversation that it stands in. */
  readonly firstId: string
  readonly codes: readonly string[]
}

/**
 * Puts a message into the channel at its own time unless it is there. A moment holds one message: where another one has
 * it, the next thousandth of a second is taken, on every restore in the same order, so that each is found again.
 * `answersTo`: the first message of its conversation. Undefined if nobody can be shown as its author.
 */
export async function placeMessage(
  target: MessageTarget,
  source: MessageSource,
  answersTo: string | undefined,
): Promise<PlacedMessage | undefined> {
  const moment = time(source.message, 'createdDateTime')
  if (moment === undefined) throw new EngineError('graph.request-refused', { context: { reason: 'no-time' } })
  for (let shift = 0; shift < mostShifts; shift += 1) {
    const at = moment + shift
    const there = target.existing.at(at)
    if (there !== undefined && !target.ignoreExisting && isSameMessage(source, there))
      return { kind: 'there', id: there.id, firstId: there.firstId, codes: [] }
    if (there !== undefined) continue
    if (target.dryRun) return { kind: 'created', id: '', firstId: answersTo ?? '', codes: [] }
    const sent = await send(target, source, at, answersTo)
    if (sent === 'taken') continue
    if (sent === undefined || shift === 0) return sent
    return { ...sent, codes: [...sent.codes, 'time-shifted'] }
  }
  throw new EngineError('graph.conflict')
}

type Sent = PlacedMessage | 'taken' | undefined

/** Tries the variants until Graph takes one. */
async function send(
  target: MessageTarget,
  source: MessageSource,
  at: number,
  answersTo: string | undefined,
): Promise<Sent> {
  const { people } = source
  let refused: { readonly variant: Variant; readonly error: unknown } | undefined
  for await (const variant of variantsOf(source, target.calls)) {
    try {
      const sent = await sendVariant(target, source, { variant, at, answersTo })
      const isAuthorsFault = refused?.variant.isOwn === true && !variant.isOwn && sent !== 'taken'
      if (isAuthorsFault) people.refused.add(refused?.variant.author.id ?? '')
      return sent
    } catch (error) {
      if (!isEngineError(error, 'graph.request-refused')) throw error
      refused = { variant, error }
    }
  }
  if (refused !== undefined) throw refused.error
  return undefined
}

interface Sending {
  readonly variant: Variant
  readonly at: number
  readonly answersTo: string | undefined
}

async function sendVariant(target: MessageTarget, source: MessageSource, sending: Sending): Promise<Sent> {
  const { calls, existing, createdAt, since, open } = target
  const { variant, at, answersTo } = sending
  const json = await messageJson(source.message, variant.composed, variant.author, calls.signal)
  const body = { ...json, createdDateTime: new Date(at).toISOString() }
  let mayBeDone = false
  for (let left = attempts; ; left -= 1) {
    await open.ensure(calls, at, { createdAt, since })
    await pause(target.clock, calls, paceMs)
    try {
      const path = messagesPath(calls, answersTo)
      const created = await calls.client.json<JsonObject>({
        method: 'POST',
        path,
        body,
        pool: teamsPool,
        signal: calls.signal,
      })
      return note(target, source, sending, text(created, 'id') ?? '')
    } catch (error) {
      const isTaken = isEngineError(error, 'graph.conflict')
      if (!isTaken && !hasUnknownOutcome(error)) {
        if (left > 1 && isEngineError(error, 'graph.forbidden') && (await open.isLost(calls))) continue
        throw error
      }
      mayBeDone ||= !isTaken
      await existing.load(calls)
      const there = existing.at(at)
      const isSame = there !== undefined && isSameMessage(source, there)
      if (isSame && (mayBeDone || !target.ignoreExisting)) return placed(sending, there.id, there.firstId)
      if (isTaken) return 'taken'
      if (left <= 1) throw error
    }
  }
}

function note({ existing }: MessageTarget, source: MessageSource, sending: Sending, id: string): PlacedMessage {
  const { variant, at, answersTo } = sending
  const firstId = answersTo ?? id
  const words = hashOf(source.message)(variant.composed)
  existing.add(at, { id, firstId, author: variant.author.id, words, isEdited: false, isDeleted: false })
  return placed(sending, id, firstId)
}

function placed({ variant }: Sending, id: string, firstId: string): PlacedMessage {
  return { kind: 'created', id, firstId, codes: variant.composed.codes }
}
