import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { graphPath } from '../client/graph-url.ts'
import { cleanText } from '../outlook/clean-text.ts'
import { text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

/** Numbers tried behind a name that something invisible holds. */
const numbers = 9

export interface FoundFolder {
  readonly id: string
  /** As it came to be called. */
  readonly name: string
  readonly isNew: boolean
}

/** Folders of the target mailbox: looked up once per level, created as needed, one at a time per level. */
export class TargetFolders {
  readonly #levels = new Map<string, Promise<Map<string, string>>>()
  readonly #busy = new Map<string, Promise<unknown>>()

  /** The folder of that name below `parent`; undefined if there is none. */
  async find(mailbox: Mailbox, parent: string, name: string): Promise<FoundFolder | undefined> {
    const id = (await this.#level(mailbox, parent)).get(nameKey(name))
    return id === undefined ? undefined : { id, name, isNew: false }
  }

  /** The folder of that name below `parent`, created if need be. */
  async ensure(mailbox: Mailbox, parent: string, name: string, isHidden: boolean): Promise<FoundFolder> {
    const before = this.#busy.get(parent) ?? Promise.resolve()
    const work = (): Promise<FoundFolder> => this.#ensure(mailbox, parent, name, isHidden)
    const mine = before.then(work, work)
    this.#busy.set(parent, mine)
    return await mine
  }

  async #ensure(mailbox: Mailbox, parent: string, name: string, isHidden: boolean): Promise<FoundFolder> {
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name} (${number})`
      const found = await this.find(mailbox, parent, candidate)
      if (found !== undefined) return found
      try {
        return { ...(await this.#create(mailbox, parent, candidate, isHidden)), name: candidate }
      } catch (error) {
        // The name is taken by something that is no mail folder, and so does not show.
        if (!isEngineError(error, 'graph.conflict') || number >= numbers) throw error
      }
    }
  }

  async #create(
    mailbox: Mailbox,
    parent: string,
    name: string,
    isHidden: boolean,
  ): Promise<Pick<FoundFolder, 'id' | 'isNew'>> {
    for (let left = attempts; ; left -= 1) {
      try {
        const id = await postFolder(mailbox, parent, name, isHidden)
        ;(await this.#level(mailbox, parent)).set(nameKey(name), id)
        return { id, isNew: true }
      } catch (error) {
        if (!mayExistNow(error)) throw error
        this.#levels.delete(parent)
        const id = (await this.#level(mailbox, parent)).get(nameKey(name))
        if (id !== undefined) return { id, isNew: false }
        if (isEngineError(error, 'graph.conflict') || left <= 1) throw error
      }
    }
  }

  #level(mailbox: Mailbox, parent: string): Promise<Map<string, string>> {
    const known = this.#levels.get(parent)
    if (known !== undefined) return known
    const listing = listLevel(mailbox, parent)
    this.#levels.set(parent, listing)
    listing.catch(() => this.#levels.delete(parent))
    return listing
  }
}

/** Creation may have worked although it answered 5xx, and then says "exists" (gotcha 23). */
function mayExistNow(error: unknown): boolean {
  return isEngineError(error, 'graph.conflict') || hasUnknownOutcome(error)
}

async function postFolder(mailbox: Mailbox, parent: string, name: string, isHidden: boolean): Promise<string> {
  const { client, user, signal } = mailbox
  const folder = await client.json<JsonObject>({
    method: 'POST',
    path: graphPath`/users/${user}/mailFolders/${parent}/childFolders`,
    body: { displayName: cleanText(name), ...(isHidden ? { isHidden } : {}) },
    pool: mailboxPool(user),
    signal,
  })
  return text(folder, 'id') ?? ''
}

async function listLevel({ client, user, signal }: Mailbox, parent: string): Promise<Map<string, string>> {
  const path = graphPath`/users/${user}/mailFolders/${parent}/childFolders`
  const query = { includeHiddenFolders: true, $select: 'id,displayName', $top: 250 }
  const ids = new Map<string, string>()
  for await (const page of client.pages<JsonObject>({ path, query, pool: mailboxPool(user), signal })) {
    for (const folder of page.value) ids.set(nameKey(text(folder, 'displayName') ?? ''), text(folder, 'id') ?? '')
  }
  return ids
}

/** Id of a folder by its well-known name; undefined if the mailbox has none such. */
export async function wellKnownFolder(mailbox: Mailbox, name: string): Promise<string | undefined> {
  const { client, user, signal } = mailbox
  try {
    const path = graphPath`/users/${user}/mailFolders/${name}`
    const folder = await client.json<JsonObject>({ path, query: { $select: 'id' }, pool: mailboxPool(user), signal })
    return text(folder, 'id')
  } catch (error) {
    if (isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.request-refused')) return undefined
    throw error
  }
}
