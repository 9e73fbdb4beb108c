import { createHash } from 'node:crypto'
import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import { text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { unfinishedMark } from '../outlook/marks.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

/** As many as one page holds. */
const pageSize = 1000

interface Count {
  /** In the folder, whoever made them. */
  total: number
  /** Of those that were there before, the ones that no item of the snapshot has met yet. */
  unmet: number
}

/**
 * The messages of one target folder by internetMessageId: listed once, instead of asked for one by one. Ids are kept
 * as short hashes, for folders with hundreds of thousands of messages.
 *
 * Several messages of a folder may share an id. Each that was there before stands for one item of the snapshot, so that
 * two copies in the snapshot come back as two, and a second restore finds both of them.
 */
export class ExistingMessages {
  readonly #folder: string
  readonly #counts = new Map<string, Count>()
  readonly #busy = new Map<string, Promise<unknown>>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Removes what an interrupted restore left without its attachments, unless `keep`; then counts what is there. */
  async load(mailbox: Mailbox, keep: boolean): Promise<void> {
    const unfinished = await this.#unfinished(mailbox)
    if (!keep) for (const id of unfinished) await removeMessage(mailbox, id)
    for await (const page of this.#list(mailbox, { $select: 'internetMessageId', $top: pageSize })) {
      for (const message of page) {
        const id = text(message, 'internetMessageId')
        if (id !== undefined && !unfinished.has(text(message, 'id') ?? '')) this.#add(id, 1)
      }
    }
  }

  /** Whether the folder has this message already; each one there answers for one item. */
  meet(internetMessageId: string): boolean {
    const count = this.#counts.get(key(internetMessageId))
    if (count === undefined || count.unmet === 0) return false
    count.unmet -= 1
    return true
  }

  created(internetMessageId: string): void {
    this.#add(internetMessageId, 0)
  }

  removed(internetMessageId: string): void {
    const count = this.#counts.get(key(internetMessageId))
    if (count !== undefined) count.total -= 1
  }

  /** A message of that id in the folder that nobody knows of: the creation whose answer got lost. The newest. */
  async findUnknown(mailbox: Mailbox, internetMessageId: string): Promise<string | undefined> {
    const $filter = `internetMessageId eq '${internetMessageId.replaceAll("'", "''")}'`
    const found: JsonObject[] = []
    for await (const page of this.#list(mailbox, { $filter, $select: 'createdDateTime', $top: pageSize })) {
      found.push(...page)
    }
    const known = this.#counts.get(key(internetMessageId))?.total ?? 0
    if (found.length <= known) return undefined
    found.sort((one, other) => compare(text(other, 'createdDateTime') ?? '', text(one, 'createdDateTime') ?? ''))
    return text(found[0] ?? {}, 'id')
  }

  /** Runs creations of the same internetMessageId one after the other, so that a lost answer can be told apart. */
  async alone<T>(internetMessageId: string, work: () => Promise<T>): Promise<T> {
    const name = key(internetMessageId)
    const before = this.#busy.get(name)
    const mine = (before ?? Promise.resolve()).then(work, work)
    this.#busy.set(name, mine)
    try {
      return await mine
    } finally {
      if (this.#busy.get(name) === mine) this.#busy.delete(name)
    }
  }

  #add(internetMessageId: string, unmet: number): void {
    const name = key(internetMessageId)
    const count = this.#counts.get(name) ?? { total: 0, unmet: 0 }
    this.#counts.set(name, { total: count.total + 1, unmet: count.unmet + unmet })
  }

  async #unfinished(mailbox: Mailbox): Promise<ReadonlySet<string>> {
    const $filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${unfinishedMark}' and ep/value eq 'unfinished')`
    const ids = new Set<string>()
    for await (const page of this.#list(mailbox, { $filter, $select: 'id', $top: pageSize })) {
      for (const message of page) ids.add(text(message, 'id') ?? '')
    }
    return ids
  }

  async *#list(
    { client, user, signal }: Mailbox,
    query: Readonly<Record<string, string | number>>,
  ): AsyncGenerator<readonly JsonObject[], void, undefined> {
    const path = graphPath`/users/${user}/mailFolders/${this.#folder}/messages`
    const request = { path, query, pool: mailboxPool(user), signal }
    for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) yield page.value
  }
}

/** 72 bits of a hash: shorter than the id, and no two ids of a mailbox meet in it. */
function key(internetMessageId: string): string {
  // Exchange compares them regardless of case.
  return createHash('sha256').update(internetMessageId.trim().toLowerCase()).digest('base64').slice(0, 12)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/** Removes a message of our own for good; a plain DELETE would leave it in the deleted items. */
export async function removeMessage({ client, user, signal }: Mailbox, id: string): Promise<void> {
  const pool = mailboxPool(user)
  try {
    const path = graphPath`/users/${user}/messages/${id}/permanentDelete`
    // Twice does no harm: the second finds nothing.
    await client.json<undefined>({ method: 'POST', path, pool, signal, idempotent: true })
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return
    if (!isEngineError(error, 'graph.request-refused') && !isEngineError(error, 'graph.forbidden')) throw error
    await client.json<undefined>({ method: 'DELETE', path: graphPath`/users/${user}/messages/${id}`, pool, signal })
  }
}
