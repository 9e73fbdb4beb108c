import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemOutcome, RestoreOptions } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

interface Category {
  readonly id: string
  readonly color: string
}

/** The categories of one target mailbox. A name is there once, regardless of its case, and its color is not changed. */
export class CategoryRestore {
  /** By name in lower case. */
  #present: Map<string, Category> | undefined

  async restore(mailbox: Mailbox, stored: JsonObject, { dryRun }: RestoreOptions): Promise<ItemOutcome> {
    const displayName = filledText(stored, 'displayName')
    if (displayName === undefined) return { kind: 'failed', code: 'graph.request-refused', detail: 'no-name' }
    const present = (this.#present ??= await readCategories(mailbox))
    const key = displayName.toLowerCase()
    const color = filledText(stored, 'color') ?? 'none'
    const found = present.get(key)
    if (found?.color === color) return { kind: 'duplicate' }
    if (found !== undefined) return { kind: 'duplicate', remarks: [{ code: 'category-color-differs' }] }
    const id = dryRun ? '' : await create(mailbox, displayName, color)
    present.set(key, { id, color })
    return { kind: 'created', id }
  }
}

/** The name itself tells whether a lost answer was a good one: there cannot be two of it. */
async function create(mailbox: Mailbox, displayName: string, color: string): Promise<string> {
  const { client, user, signal } = mailbox
  const path = graphPath`/users/${user}/outlook/masterCategories`
  const body = { displayName, color }
  const pool = mailboxPool(user)
  try {
    // A second one of the name is refused, so sending it twice does no harm.
    const made = await client.json<JsonObject>({ method: 'POST', path, body, pool, signal, idempotent: true })
    return text(made, 'id') ?? ''
  } catch (error) {
    if (!isEngineError(error, 'graph.conflict') && !hasUnknownOutcome(error)) throw error
    const made = (await readCategories(mailbox)).get(displayName.toLowerCase())
    if (made === undefined) throw error
    return made.id
  }
}

async function readCategories({ client, user, signal }: Mailbox): Promise<Map<string, Category>> {
  const path = graphPath`/users/${user}/outlook/masterCategories`
  const found = new Map<string, Category>()
  for await (const page of client.pages<JsonObject>({ path, pool: mailboxPool(user), signal })) {
    for (const one of page.value) {
      const category = { id: text(one, 'id') ?? '', color: text(one, 'color') ?? 'none' }
      found.set((text(one, 'displayName') ?? '').toLowerCase(), category)
    }
  }
  return found
}
