import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, record, text, time } from '../item/fields.ts'
import { teamsPool } from '../messages/access.ts'
import { repliesOf } from '../messages/message-row.ts'
import { channelPath, type ChannelCalls } from './restore-calls.ts'
import { wordsHash } from './restore-text.ts'

/** Messages of one request; Graph gives at most 50. */
const pageSize = 50

/** A message that is in the target channel already. */
export interface ExistingMessage {
  readonly id: string
  /** The first message of its conversation, which may be itself. */
  readonly firstId: string
  /** User, or whatever else wrote it. */
  readonly author: string
  readonly words: string
  readonly isEdited: boolean
  readonly isDeleted: boolean
}

/**
 * The messages of a target channel by their time, which no two of a channel share: to the millisecond.
 * https://learn.microsoft.com/graph/teams-import-messages
 */
export class ExistingMessages {
  readonly #byTime = new Map<number, ExistingMessage>()

  at(moment: number): ExistingMessage | undefined {
    return this.#byTime.get(moment)
  }

  add(moment: number, message: ExistingMessage): void {
    this.#byTime.set(moment, message)
  }

  /** Reads the channel, answers included. Called again, what is new is added. */
  async load(calls: ChannelCalls): Promise<void> {
    const { client, signal } = calls
    const path = `${channelPath(calls)}/messages`
    const query = { $top: pageSize, $expand: 'replies' }
    for await (const page of client.pages<JsonObject>({ path, query, pool: teamsPool, signal })) {
      for (const message of page.value) {
        const id = text(message, 'id') ?? ''
        this.#note(message, id)
        await this.#answers(calls, message, id)
      }
    }
  }

  /** Those that came along, and the rest where there are more. */
  async #answers({ client, signal }: ChannelCalls, message: JsonObject, first: string): Promise<void> {
    for (const answer of repliesOf(message)) this.#note(answer, first)
    const next = filledText(message, 'replies@odata.nextLink')
    if (next === undefined) return
    for await (const page of client.pages<JsonObject>({ path: next, pool: teamsPool, signal }))
      for (const answer of page.value) this.#note(answer, first)
  }

  #note(message: JsonObject, firstId: string): void {
    const moment = time(message, 'createdDateTime')
    if (moment === undefined) return
    this.#byTime.set(moment, {
      id: text(message, 'id') ?? '',
      firstId,
      author: authorId(message),
      words: wordsHash(message),
      isEdited: filledText(message, 'lastEditedDateTime') !== undefined,
      isDeleted: filledText(message, 'deletedDateTime') !== undefined,
    })
  }
}

/** Id of who wrote a message; empty for what Teams wrote itself. */
export function authorId(message: JsonObject): string {
  const from = record(message, 'from') ?? {}
  for (const kind of ['user', 'application', 'device', 'conversation']) {
    const id = text(record(from, kind) ?? {}, 'id')
    if (id !== undefined) return id
  }
  return ''
}

/** Address of a message or of the answers to it. */
export function messagesPath(calls: ChannelCalls, answersTo: string | undefined): string {
  const path = `${channelPath(calls)}/messages`
  return answersTo === undefined ? path : path + graphPath`/${answersTo}/replies`
}
