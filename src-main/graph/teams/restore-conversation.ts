import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { filledText, record, text, time } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import { hostedContentsOf } from '../messages/hosted-contents.ts'
import { repliesOf } from '../messages/message-row.ts'
import type { TargetPeople } from './restore-people.ts'
import { placeMessage, type MessageTarget, type PlacedMessage } from './restore-placement.ts'
import type { MessageSource } from './restore-variants.ts'

export interface ConversationSettings {
  readonly isSameTenant: boolean
  readonly people: TargetPeople
}

/**
 * Restores a message with the answers to it, which a snapshot holds as one item. What is there already is left alone, so
 * that a conversation of which a restore was interrupted is completed by the next one. Where the first message cannot come
 * back (deleted, or written by Teams itself), the first answer takes its place.
 */
export async function restoreConversation(
  target: MessageTarget,
  item: RestoreItem,
  settings: ConversationSettings,
): Promise<ItemOutcome> {
  const first = propertiesOf(item.metadata)
  const messages = [first, ...inOrder(repliesOf(first))]
  const lost = new Set(messages.map(whyNot).filter((code) => code !== undefined))
  const wanted = messages.filter((message) => whyNot(message) === undefined)
  const [code] = lost
  if (wanted.length === 0) return { kind: 'skipped', code: code ?? 'channel-event-not-restored' }
  const contents = { hosted: hostedContentsOf(first), parts: item.parts }
  const tally = new ConversationTally(lost, wanted[0] === first)
  for (const message of wanted) await tally.place(target, { message, contents, ...settings })
  return tally.outcome()
}

class ConversationTally {
  readonly #codes: Set<string>
  #firstId: string | undefined
  #created = 0
  #there = 0
  #failure: ItemOutcome | undefined
  #isAuthorless = false

  constructor(lost: ReadonlySet<string>, hasFirst: boolean) {
    this.#codes = new Set([...lost].map((code) => lostInside[code] ?? code))
    if (!hasFirst) this.#codes.add('answer-without-first')
  }

  async place(target: MessageTarget, source: MessageSource): Promise<void> {
    // Without the message that they answer, answers would stand alone: the next restore tries all of it again.
    if (this.#failure !== undefined && this.#firstId === undefined) return
    const outcome = await outcomeOf(async () => {
      this.#note(await placeMessage(target, source, this.#firstId))
      return { kind: 'duplicate' }
    })
    if (outcome.kind === 'failed') this.#failure ??= outcome
  }

  #note(placed: PlacedMessage | undefined): void {
    if (placed === undefined) {
      this.#isAuthorless = true
      return
    }
    this.#firstId ??= placed.firstId
    for (const code of placed.codes) this.#codes.add(code)
    if (placed.kind === 'created') this.#created += 1
    else this.#there += 1
  }

  outcome(): ItemOutcome {
    if (this.#failure !== undefined) return this.#failure
    if (this.#created + this.#there === 0) return { kind: 'skipped', code: 'author-unknown' }
    if (this.#isAuthorless) this.#codes.add('author-unknown')
    const remarks: readonly RestoreRemark[] = [...this.#codes].map((code) => ({ code }))
    if (this.#created === 0) return { kind: 'duplicate' }
    const said = remarks.length === 0 ? {} : { remarks }
    if (this.#there > 0) return { kind: 'duplicate', completed: true, ...said }
    return { kind: 'created', id: this.#firstId ?? '', ...said }
  }
}

/** What is said of an item that comes back but for a part of it. */
const lostInside: Readonly<Record<string, string>> = {
  'message-was-deleted': 'deleted-message-left-out',
  'channel-event-not-restored': 'channel-event-left-out',
}

/** Why a message cannot be imported at all. */
function whyNot(message: JsonObject): string | undefined {
  if (filledText(message, 'deletedDateTime') !== undefined) return 'message-was-deleted'
  const isMessage = /^message$/i.test(text(message, 'messageType') ?? 'message')
  return isMessage && record(message, 'eventDetail') === undefined ? undefined : 'channel-event-not-restored'
}

function inOrder(replies: readonly JsonObject[]): readonly JsonObject[] {
  const at = (message: JsonObject): number => time(message, 'createdDateTime') ?? 0
  return replies.toSorted((one, other) => at(one) - at(other))
}

/** Requests that importing a conversation takes, without those of its channel. */
export function conversationRequests(item: RestoreItem): number {
  const first = propertiesOf(item.metadata)
  return [first, ...repliesOf(first)].filter((message) => whyNot(message) === undefined).length
}
