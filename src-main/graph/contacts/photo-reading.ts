import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer } from '../client/types.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

/** What a batch takes. */
const batchSize = 20

/** Contacts that are kept in mind as the next to be asked for: those of two pages. */
const mostUpcoming = 500

/** The picture's bytes, `none`, or why it cannot be read. */
export type ContactPhoto = Uint8Array | 'none' | EngineError

/**
 * Reads the photos of the contacts of one folder, 20 in a batch.
 *
 * Nothing says beforehand whether a contact has a photo, and the contract shows no etag of contacts' photos: each
 * contact that is new or changed costs one request. As the engine asks for them one by one, those that come next in
 * the page of changes are read along; no more than 40 photos wait to be fetched.
 */
export class ContactPhotos {
  readonly #upcoming = new Set<string>()
  readonly #read = new Map<string, Promise<ContactPhoto>>()
  #waiting: { readonly id: string; readonly answer: PromiseWithResolvers<ContactPhoto> }[] = []

  /** These contacts will probably be asked for, in this order. */
  expect(ids: readonly string[]): void {
    for (const id of ids) this.#upcoming.add(id)
    for (const id of this.#upcoming) {
      if (this.#upcoming.size <= mostUpcoming) break
      this.#upcoming.delete(id)
    }
  }

  async photo(mailbox: Mailbox, id: string): Promise<ContactPhoto> {
    this.#upcoming.delete(id)
    const ahead = this.#read.get(id)
    if (ahead !== undefined) {
      this.#read.delete(id)
      return await ahead
    }
    const answer = Promise.withResolvers<ContactPhoto>()
    this.#waiting.push({ id, answer })
    // Whoever else asks within this turn goes along.
    if (this.#waiting.length === 1) setImmediate(() => void this.#flush(mailbox))
    return await answer.promise
  }

  async #flush(mailbox: Mailbox): Promise<void> {
    const asked = this.#waiting
    this.#waiting = []
    // What was read ahead and never fetched is not wanted: those contacts were known already.
    for (const id of [...this.#read.keys()].slice(0, -batchSize)) this.#read.delete(id)
    const ahead = [...this.#upcoming].slice(0, Math.max(0, batchSize - asked.length))
    const extra = ahead.map((id) => ({ id, answer: Promise.withResolvers<ContactPhoto>() }))
    for (const { id, answer } of extra) {
      this.#upcoming.delete(id)
      this.#read.set(id, answer.promise)
      answer.promise.catch(() => undefined) // met when it is asked for
    }
    const all = [...asked, ...extra]
    try {
      const photos = await readPhotos(
        mailbox,
        all.map(({ id }) => id),
      )
      for (const [index, { answer }] of all.entries()) answer.resolve(photos[index] ?? 'none')
    } catch (error) {
      for (const { answer } of all) answer.reject(error)
    }
  }
}

async function readPhotos({ client, user, signal }: Mailbox, ids: readonly string[]): Promise<readonly ContactPhoto[]> {
  const members = ids.map((id) => ({ path: graphPath`/users/${user}/contacts/${id}/photo/$value` }))
  const answers = await client.batch(members, { pool: mailboxPool(user), signal })
  return answers.map(photoOf)
}

/** Bytes come as base64. */
function photoOf(answer: BatchAnswer): ContactPhoto {
  if (!answer.ok) return isEngineError(answer.error, 'graph.not-found') ? 'none' : answer.error
  if (typeof answer.body === 'string' && answer.body !== '') return Buffer.from(answer.body, 'base64')
  return new EngineError('graph.item-unreadable', { context: { reason: 'empty-photo' } })
}
