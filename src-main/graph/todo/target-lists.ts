import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { graphPath } from '../client/graph-url.ts'
import { text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { cleanText } from '../outlook/clean-text.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { isFormRefused } from './refusal.ts'

/** Times that a list is created whose creation has an unknown outcome. */
const attempts = 3

/** Numbers tried behind a name that something else holds. */
const numbers = 50

export interface TargetList {
  /** Undefined in a dry run, where it would have been created. */
  readonly id: string | undefined
  readonly name: string
  /** Nothing is in it yet. */
  readonly isNew: boolean
  /** Its extensions were refused. */
  readonly withoutExtensions: boolean
}

/** The lists of the target user: read once, created one at a time. */
export class TargetLists {
  #lists: readonly JsonObject[] = []
  /** By name key: the list of the snapshot that a name was given to. */
  readonly #claims = new Map<string, string>()
  #busy: Promise<unknown> = Promise.resolve()

  async load({ client, user, signal }: Mailbox): Promise<void> {
    const path = graphPath`/users/${user}/todo/lists`
    const lists: JsonObject[] = []
    for await (const page of client.pages<JsonObject>({ path, query: { $top: 100 }, pool: mailboxPool(user), signal }))
      lists.push(...page.value)
    this.#lists = lists
  }

  byId(id: string): TargetList | undefined {
    return found(this.#lists.find((list) => text(list, 'id') === id))
  }

  defaultList(): TargetList | undefined {
    return found(this.#lists.find((list) => list.wellknownListName === 'defaultList'))
  }

  /** The list of that name for a list of the snapshot: one of the user's own, or a new one. Lists of one name stay apart. */
  async ensure(mailbox: Mailbox, wanted: NewList, dryRun: boolean): Promise<TargetList> {
    const work = (): Promise<TargetList> => this.#ensure(mailbox, wanted, dryRun)
    const mine = this.#busy.then(work, work)
    this.#busy = mine
    return await mine
  }

  async #ensure(mailbox: Mailbox, wanted: NewList, dryRun: boolean): Promise<TargetList> {
    for (let number = 1; number <= numbers; number += 1) {
      const name = number === 1 ? wanted.name : `${wanted.name} (${number})`
      const holder = this.#claims.get(nameKey(name)) ?? wanted.source
      if (holder !== wanted.source) continue
      const taken = this.#lists.find((list) => nameKey(text(list, 'displayName') ?? '') === nameKey(name))
      if (taken !== undefined && !isOwn(taken)) continue
      this.#claims.set(nameKey(name), wanted.source)
      const existing = found(taken)
      if (existing !== undefined) return existing
      if (dryRun) return { id: undefined, name, isNew: true, withoutExtensions: false }
      return await this.#create(mailbox, name, wanted.extensions)
    }
    throw new EngineError('graph.conflict')
  }

  async #create(mailbox: Mailbox, name: string, extensions: readonly JsonObject[]): Promise<TargetList> {
    let sent = extensions
    for (let left = attempts; ; left -= 1) {
      try {
        const id = await postList(mailbox, name, sent)
        return { id, name, isNew: true, withoutExtensions: sent.length < extensions.length }
      } catch (error) {
        if (isFormRefused(error) && sent.length > 0) {
          sent = []
          continue
        }
        if (!hasUnknownOutcome(error) && !isEngineError(error, 'graph.conflict')) throw error
        await this.load(mailbox)
        const there = this.#lists.find((list) => nameKey(text(list, 'displayName') ?? '') === nameKey(name))
        const existing = found(there)
        if (existing !== undefined) return existing
        if (left <= 1) throw error
      }
    }
  }
}

export interface NewList {
  readonly name: string
  /** Stands for the list of the snapshot. */
  readonly source: string
  readonly extensions: readonly JsonObject[]
}

function found(list: JsonObject | undefined): TargetList | undefined {
  const id = list === undefined ? undefined : text(list, 'id')
  if (list === undefined || id === undefined) return undefined
  return { id, name: text(list, 'displayName') ?? '', isNew: false, withoutExtensions: false }
}

/** The user's, and one that was made: not somebody else's list, and none of the app's own. */
function isOwn(list: JsonObject): boolean {
  return list.isOwner !== false && (list.wellknownListName ?? 'none') === 'none'
}

async function postList(mailbox: Mailbox, name: string, extensions: readonly JsonObject[]): Promise<string> {
  const { client, user, signal } = mailbox
  const created = await client.json<JsonObject>({
    method: 'POST',
    path: graphPath`/users/${user}/todo/lists`,
    body: { displayName: cleanText(name), ...(extensions.length === 0 ? {} : { extensions }) },
    pool: mailboxPool(user),
    signal,
  })
  return text(created, 'id') ?? ''
}
