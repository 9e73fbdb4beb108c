import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, list, text } from '../item/fields.ts'
import { sourceMark, unfinishedMark } from '../outlook/marks.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { contactsPath } from './contact-requests.ts'
import { contactKey, keySelect } from './graph-contact.ts'

const pageSize = 250
const marks = `singleValueExtendedProperties($filter=id eq '${sourceMark}' or id eq '${unfinishedMark}')`

/** A contact that is in the target folder. */
export interface ExistingContact {
  readonly id: string
  /** A restore that was interrupted left it without its photo or some of its fields. */
  readonly isUnfinished: boolean
}

/**
 * The contacts of one target folder: listed once, instead of asked for one by one. Each one stands for one item of the
 * snapshot: the one it was restored from (its hidden mark tells), the one that it is itself (restored in place), or,
 * if no restore made it, one with the same name, addresses, phones and company.
 */
export class ExistingContacts {
  readonly #folder: string
  readonly #ids = new Set<string>()
  readonly #bySource = new Map<string, ExistingContact>()
  readonly #byKey = new Map<string, string[]>()
  readonly #keys = new Map<string, string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  async load(mailbox: Mailbox): Promise<void> {
    for await (const page of this.#list(mailbox, {})) for (const contact of page) this.#add(contact)
  }

  /** The contact that stands for the item, if there is one; it then stands for no other. */
  meet(source: string, properties: JsonObject): ExistingContact | undefined {
    const marked = this.#bySource.get(source)
    if (marked !== undefined) {
      this.#bySource.delete(source)
      return marked
    }
    const key = contactKey(properties)
    const id = this.#keys.has(source) ? source : this.#byKey.get(key)?.[0]
    if (id === undefined) return undefined
    this.#forget(id)
    return { id, isUnfinished: false }
  }

  created(id: string): void {
    this.#ids.add(id)
  }

  /** A contact restored from that item that nobody knows of: the creation whose answer got lost. */
  async findUnknown(mailbox: Mailbox, source: string): Promise<string | undefined> {
    const value = source.replaceAll("'", "''")
    const $filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${sourceMark}' and ep/value eq '${value}')`
    for await (const page of this.#list(mailbox, { $filter })) {
      // Graph compares regardless of case, and ids of neighbours may differ in nothing else.
      const found = page.find((contact) => markOf(contact, sourceMark) === source && !this.#ids.has(idOf(contact)))
      if (found !== undefined) return idOf(found)
    }
    return undefined
  }

  #add(contact: JsonObject): void {
    const id = idOf(contact)
    this.#ids.add(id)
    const source = markOf(contact, sourceMark)
    if (source !== undefined) {
      this.#bySource.set(source, { id, isUnfinished: markOf(contact, unfinishedMark) === 'unfinished' })
      return
    }
    const key = contactKey(contact)
    this.#keys.set(id, key)
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), id])
  }

  #forget(id: string): void {
    const key = this.#keys.get(id) ?? ''
    this.#keys.delete(id)
    this.#byKey.set(
      key,
      (this.#byKey.get(key) ?? []).filter((other) => other !== id),
    )
  }

  async *#list(
    { client, user, signal }: Mailbox,
    more: Readonly<Record<string, string>>,
  ): AsyncGenerator<readonly JsonObject[], void, undefined> {
    const query = { $select: keySelect, $expand: marks, $top: pageSize, ...more }
    const request = { path: contactsPath(user, this.#folder), query, pool: mailboxPool(user), signal }
    for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) yield page.value
  }
}

function idOf(contact: JsonObject): string {
  return text(contact, 'id') ?? ''
}

function markOf(contact: JsonObject, mark: string): string | undefined {
  const properties = (list(contact, 'singleValueExtendedProperties') ?? []).filter(isObject)
  const found = properties.find((property) => text(property, 'id')?.toLowerCase() === mark.toLowerCase())
  return found === undefined ? undefined : text(found, 'value')
}
