import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import { isObject, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { cleanText } from '../outlook/clean-text.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { ownCalendars } from './calendar-listing.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

/** Numbers tried behind a name that something invisible holds. */
const numbers = 9

export interface FoundCalendar {
  readonly id: string
  /** As it came to be called. */
  readonly name: string
  readonly isNew: boolean
}

/** The calendars of the target user: looked at once, created as needed, one at a time. */
export class TargetCalendars {
  #own: readonly JsonObject[]
  #busy: Promise<unknown> = Promise.resolve()
  #groups: readonly JsonObject[] | undefined

  private constructor(own: readonly JsonObject[]) {
    this.#own = own
  }

  static async load(mailbox: Mailbox): Promise<TargetCalendars> {
    return new TargetCalendars(await readOwn(mailbox))
  }

  defaultCalendar(): { readonly id: string; readonly name: string } {
    const found = this.#own.find((calendar) => calendar.isDefaultCalendar === true)
    if (found === undefined) throw new EngineError('restore.target-not-found', { context: { reason: 'calendar' } })
    return { id: text(found, 'id') ?? '', name: text(found, 'name') ?? '' }
  }

  /** Id of the calendar of that name. */
  find(name: string): string | undefined {
    const found = this.#own.find((calendar) => nameKey(text(calendar, 'name') ?? '') === nameKey(name))
    return found === undefined ? undefined : text(found, 'id')
  }

  /** The calendar of that name, created if need be: with its color, in the group of that name. */
  async ensure(mailbox: Mailbox, name: string, color?: string, group?: JsonValue): Promise<FoundCalendar> {
    const work = (): Promise<FoundCalendar> => this.#ensure(mailbox, name, color, group)
    const mine = this.#busy.then(work, work)
    this.#busy = mine
    return await mine
  }

  async #ensure(
    mailbox: Mailbox,
    name: string,
    color: string | undefined,
    group: JsonValue | undefined,
  ): Promise<FoundCalendar> {
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name} (${number})`
      const known = this.find(candidate)
      if (known !== undefined) return { id: known, name: candidate, isNew: false }
      try {
        return { ...(await this.#create(mailbox, candidate, color, group)), name: candidate }
      } catch (error) {
        // The name is held by something that does not show: a deleted calendar, another kind of folder.
        if (!isEngineError(error, 'graph.conflict') || number >= numbers) throw error
      }
    }
  }

  async #create(
    mailbox: Mailbox,
    name: string,
    color: string | undefined,
    group: JsonValue | undefined,
  ): Promise<Pick<FoundCalendar, 'id' | 'isNew'>> {
    const path = await this.#pathFor(mailbox, group)
    for (let left = attempts; ; left -= 1) {
      try {
        const calendar = await postCalendar(mailbox, path, name, color)
        this.#own = [...this.#own, calendar]
        return { id: text(calendar, 'id') ?? '', isNew: true }
      } catch (error) {
        if (!isEngineError(error, 'graph.conflict') && !hasUnknownOutcome(error)) throw error
        this.#own = await readOwn(mailbox)
        const id = this.find(name)
        if (id !== undefined) return { id, isNew: false }
        if (isEngineError(error, 'graph.conflict') || left <= 1) throw error
      }
    }
  }

  /** The groups that Outlook makes have their own class everywhere, whatever they are called. */
  async #pathFor(mailbox: Mailbox, group: JsonValue | undefined): Promise<string> {
    const { user } = mailbox
    const name = isObject(group) ? text(group, 'name') : undefined
    if (!isObject(group) || name === undefined) return graphPath`/users/${user}/calendars`
    this.#groups ??= await listGroups(mailbox)
    const found = groupLike(this.#groups, group) ?? (await this.#makeGroup(mailbox, name))
    if (found === undefined) return graphPath`/users/${user}/calendars`
    return graphPath`/users/${user}/calendarGroups/${text(found, 'id') ?? ''}/calendars`
  }

  /** A group is a nicety: where it cannot be made, the calendar goes among the others. */
  async #makeGroup(mailbox: Mailbox, name: string): Promise<JsonObject | undefined> {
    try {
      const made = await postGroup(mailbox, name)
      this.#groups = [...(this.#groups ?? []), made]
      return made
    } catch (error) {
      if (!isTaken(error) && !hasUnknownOutcome(error)) throw error
      this.#groups = await listGroups(mailbox)
      return groupLike(this.#groups, { name })
    }
  }
}

function isTaken(error: unknown): boolean {
  return isEngineError(error, 'graph.request-refused') || isEngineError(error, 'graph.conflict')
}

function groupLike(groups: readonly JsonObject[], wanted: JsonObject): JsonObject | undefined {
  const [classId, name] = [text(wanted, 'classId'), nameKey(text(wanted, 'name') ?? '')]
  const isSameClass = (group: JsonObject): boolean => classId !== undefined && text(group, 'classId') === classId
  return groups.find(isSameClass) ?? groups.find((group) => nameKey(text(group, 'name') ?? '') === name)
}

function listGroups(mailbox: Mailbox): Promise<readonly JsonObject[]> {
  return listAll(mailbox, graphPath`/users/${mailbox.user}/calendarGroups`)
}

async function readOwn(mailbox: Mailbox): Promise<readonly JsonObject[]> {
  return ownCalendars(await listAll(mailbox, graphPath`/users/${mailbox.user}/calendars`))
}

async function listAll({ client, user, signal }: Mailbox, path: string): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = []
  const request = { path, query: { $top: 100 }, pool: mailboxPool(user), signal }
  for await (const page of client.pages<JsonObject>(request)) all.push(...page.value)
  return all
}

async function postCalendar(
  { client, user, signal }: Mailbox,
  path: string,
  name: string,
  color: string | undefined,
): Promise<JsonObject> {
  const plain = { name: cleanText(name) }
  const request = { method: 'POST', path, pool: mailboxPool(user), signal } as const
  if (color === undefined || color === 'auto') return await client.json<JsonObject>({ ...request, body: plain })
  try {
    return await client.json<JsonObject>({ ...request, body: { ...plain, color } })
  } catch (error) {
    if (!isEngineError(error, 'graph.request-refused')) throw error
    return await client.json<JsonObject>({ ...request, body: plain })
  }
}

async function postGroup({ client, user, signal }: Mailbox, name: string): Promise<JsonObject> {
  const path = graphPath`/users/${user}/calendarGroups`
  const body = { name: cleanText(name) }
  return await client.json<JsonObject>({ method: 'POST', path, body, pool: mailboxPool(user), signal })
}
