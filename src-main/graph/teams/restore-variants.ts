import type { JsonObject } from '../../engine/model/json.ts'
import { record, text } from '../item/fields.ts'
import { senderName } from '../messages/message-row.ts'
import type { TeamsCalls } from './restore-calls.ts'
import { authorId, type ExistingMessage } from './restore-existing.ts'
import { composeMessage, type ComposedMessage, type ShownAuthor } from './restore-message.ts'
import type { TargetPeople } from './restore-people.ts'
import type { StoredContents } from './restore-pictures.ts'
import { wordsHash } from './restore-text.ts'

/** One way to put a message into the channel. */
export interface Variant {
  readonly author: ShownAuthor
  /** Shown as written by its own author. */
  readonly isOwn: boolean
  readonly composed: ComposedMessage
}

/** A stored message on its way into a channel. */
export interface MessageSource {
  readonly message: JsonObject
  readonly contents: StoredContents
  readonly isSameTenant: boolean
  readonly people: TargetPeople
}

/**
 * The ways to restore a message, best first; a further one is taken when Graph refuses the one before: with its author
 * and everything in it; without what Graph may not take of it; the same under the name of an owner of the team, with the
 * author's name in the text. Empty if there is nobody to show as its author.
 */
export async function* variantsOf(source: MessageSource, calls: TeamsCalls): AsyncGenerator<Variant, void, undefined> {
  const { message, people } = source
  const own = mappedAuthor(source)
  if (own !== undefined && !people.refused.has(own)) {
    const author = { id: own, displayName: senderName(message) }
    for (const composed of composedBoth(source, undefined)) yield { author, isOwn: true, composed }
  }
  const standIn = await people.standIn(calls)
  if (standIn === undefined) return
  for (const composed of composedBoth(source, writerOf(message))) yield { author: standIn, isOwn: false, composed }
}

/** The name that stands in the text. */
function writerOf(message: JsonObject): string {
  const name = senderName(message)
  return name === '' ? '?' : name
}

/** Whole, and plain if that is something else. */
function composedBoth(source: MessageSource, writtenBy: string | undefined): readonly ComposedMessage[] {
  const { message, contents, isSameTenant } = source
  const whole = composeMessage(message, contents, { writtenBy, isSameTenant, isPlain: false })
  if (whole.attachments.length === 0 && whole.pictures.length === 0) return [whole]
  return [whole, composeMessage(message, contents, { writtenBy, isSameTenant, isPlain: true })]
}

/** Only people can be shown as authors; what apps and bots wrote needs somebody else. */
function mappedAuthor({ message, people }: MessageSource): string | undefined {
  const user = record(record(message, 'from') ?? {}, 'user')
  const id = user === undefined ? undefined : text(user, 'id')
  return id === undefined ? undefined : people.find({ id, address: undefined })
}

/** Whether a message of that moment in the target is the stored one: itself, or what an earlier restore made of it. */
export function isSameMessage(source: MessageSource, there: ExistingMessage): boolean {
  const { message } = source
  if (there.isDeleted) return false
  const own = composedBoth(source, undefined).map(hashOf(message))
  const isByAuthor = [mappedAuthor(source), authorId(message)].includes(there.author)
  if (isByAuthor && (there.isEdited || [wordsHash(message), ...own].includes(there.words))) return true
  return composedBoth(source, writerOf(message)).map(hashOf(message)).includes(there.words)
}

export function hashOf(message: JsonObject): (composed: ComposedMessage) => string {
  const subject = text(message, 'subject') ?? ''
  return ({ body }) => wordsHash({ subject, body })
}
