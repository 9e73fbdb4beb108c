import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { Container, ContainerListing } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { answerEntries } from '../item/batch-answers.ts'
import { list, record, text } from '../item/fields.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { parsed } from './own-json.ts'

/** What is kept between listings. */
interface ListingCursor {
  readonly v: 2
  /** When the calendar groups were read, ISO 8601. */
  readonly read: string
  /** Calendar groups that were there. */
  readonly groups: readonly string[]
  /** Change keys of the calendars whose permissions were read. */
  readonly keys: Readonly<Record<string, string>>
}

const pageSize = 100

/** Groups are read again this long after the last time, whatever the calendars say. Milliseconds. */
const trustMs = 7 * 24 * 60 * 60_000

/**
 * The user's own calendars, each once, in whatever group they are. A calendar that somebody else shared with the user is
 * listed in both mailboxes: it belongs to its owner's backup and is left out here. It is the user's own if its owner has
 * the same address as the owner of the default calendar, who is the user under whatever name; or if nobody is named.
 *
 * One request for an unchanged mailbox. The groups and which calendars are in them are asked for when there is another
 * calendar or one of them changed, and once a week, since moving a calendar into another group need not change it. Who may
 * see a calendar is read when the calendar is new or its change key is another one; where that is not allowed, it is left
 * out. `now`: milliseconds since 1970.
 */
export async function listCalendars(
  mailbox: Mailbox,
  last: ContainerListing | undefined,
  now: number,
): Promise<ContainerListing> {
  const before = readCursor(last?.cursor)
  const isFresh = before !== undefined && now - Date.parse(before.read) < trustMs
  const groupMembers = [
    allGroups(mailbox.user),
    ...(before?.groups ?? []).map((id) => groupCalendars(mailbox.user, id)),
  ]
  const members = [allCalendars(mailbox.user), ...(isFresh ? [] : groupMembers)]
  const [calendarsAnswer, ...groupAnswers] = await send(mailbox, members, mailbox.user)
  const calendars = ownCalendars(await entries(mailbox, calendarsAnswer))
  const kept = isFresh ? keptGroups(calendars, last, before) : undefined
  const grouped =
    kept ?? (await readGroups(mailbox, before, isFresh ? await send(mailbox, groupMembers) : groupAnswers))
  const permissions = await permissionsOf(mailbox, calendars, last, before)
  const containers = calendars.map((calendar) => {
    const id = text(calendar, 'id') ?? ''
    return toContainer(calendar, grouped.byCalendar.get(id), permissions.get(id))
  })
  const keys = Object.fromEntries(calendars.map((each) => [text(each, 'id') ?? '', text(each, 'changeKey') ?? '']))
  const read = kept === undefined ? new Date(now).toISOString() : (before?.read ?? '')
  const cursor: ListingCursor = { v: 2, read, groups: grouped.ids, keys }
  return { containers, cursor: JSON.stringify(cursor) }
}

interface Grouped {
  /** Ids of all groups. */
  readonly ids: readonly string[]
  readonly byCalendar: ReadonlyMap<string, JsonObject>
}

/** What was known before, if the calendars are the same ones, and unchanged. */
function keptGroups(
  calendars: readonly JsonObject[],
  last: ContainerListing | undefined,
  before: ListingCursor,
): Grouped | undefined {
  const stored = new Map(last?.containers.map(({ id, properties }) => [id, propertiesOf(properties)]))
  const isSame = calendars.every((calendar) => {
    const id = text(calendar, 'id') ?? ''
    return stored.has(id) && before.keys[id] === (text(calendar, 'changeKey') ?? '')
  })
  if (!isSame || calendars.length !== Object.keys(before.keys).length) return undefined
  const groups = [...stored].flatMap(([id, properties]) => {
    const group = record(properties, 'calendarGroup')
    return group === undefined ? [] : [[id, group] as const]
  })
  return { ids: before.groups, byCalendar: new Map(groups) }
}

/** `answers`: to the listing of the groups, and to that of the calendars of each group known before. */
async function readGroups(
  mailbox: Mailbox,
  before: ListingCursor | undefined,
  [groupsAnswer, ...rest]: readonly BatchAnswer[],
): Promise<Grouped> {
  const groups = await entries(mailbox, groupsAnswer)
  const known = new Map((before?.groups ?? []).map((id, index) => [id, rest[index]]))
  const byCalendar = await groupsByCalendar(mailbox, groups, known)
  return { ids: groups.map((group) => text(group, 'id') ?? ''), byCalendar }
}

const allCalendars = (user: string): BatchMember => ({
  path: graphPath`/users/${user}/calendars`,
  query: { $top: pageSize },
})
const allGroups = (user: string): BatchMember => ({
  path: graphPath`/users/${user}/calendarGroups`,
  query: { $top: pageSize },
})
const groupCalendars = (user: string, group: string): BatchMember => ({
  path: graphPath`/users/${user}/calendarGroups/${group}/calendars`,
  query: { $select: 'id', $top: pageSize },
})
const calendarPermissions = (user: string, calendar: string): BatchMember => ({
  path: graphPath`/users/${user}/calendars/${calendar}/calendarPermissions`,
})

async function send(
  mailbox: Mailbox,
  members: readonly BatchMember[],
  together?: string,
): Promise<readonly BatchAnswer[]> {
  const { client, user, signal } = mailbox
  return await client.batch(members, { pool: mailboxPool(user), signal, together })
}

/** The entries of a batched listing, and those of its further pages. */
async function entries(mailbox: Mailbox, answer: BatchAnswer | undefined): Promise<readonly JsonObject[]> {
  const { client, user, signal } = mailbox
  return await answerEntries(client, answer, { pool: mailboxPool(user), signal })
}

/** Own calendars, each once, the default one first. */
export function ownCalendars(calendars: readonly JsonObject[]): readonly JsonObject[] {
  const owner = ownerOf(calendars.find(isDefault) ?? {})
  const byId = new Map(calendars.map((calendar) => [text(calendar, 'id') ?? '', calendar]))
  const own = [...byId.values()].filter((calendar) => {
    const address = ownerOf(calendar)
    return isDefault(calendar) || address === undefined || owner === undefined || address === owner
  })
  return own.sort((one, other) => Number(isDefault(other)) - Number(isDefault(one)))
}

function isDefault(calendar: JsonObject): boolean {
  return calendar.isDefaultCalendar === true
}

function ownerOf(calendar: JsonObject): string | undefined {
  return text(record(calendar, 'owner') ?? {}, 'address')?.toLowerCase()
}

async function groupsByCalendar(
  mailbox: Mailbox,
  groups: readonly JsonObject[],
  known: ReadonlyMap<string, BatchAnswer | undefined>,
): Promise<ReadonlyMap<string, JsonObject>> {
  const ids = groups.map((group) => text(group, 'id') ?? '')
  const missing = ids.filter((id) => !known.has(id))
  const answers = await sendIfAny(
    mailbox,
    missing.map((id) => groupCalendars(mailbox.user, id)),
  )
  const all = new Map([...known, ...missing.map((id, index) => [id, answers[index]] as const)])
  const found = new Map<string, JsonObject>()
  for (const group of groups) {
    const answer = all.get(text(group, 'id') ?? '')
    // Removed just now: its calendars are in another group, or gone.
    if (answer?.ok === false && isEngineError(answer.error, 'graph.not-found')) continue
    for (const calendar of await entries(mailbox, answer)) found.set(text(calendar, 'id') ?? '', group)
  }
  return found
}

async function sendIfAny(mailbox: Mailbox, members: readonly BatchMember[]): Promise<readonly BatchAnswer[]> {
  return members.length === 0 ? [] : await send(mailbox, members)
}

async function permissionsOf(
  mailbox: Mailbox,
  calendars: readonly JsonObject[],
  last: ContainerListing | undefined,
  before: ListingCursor | undefined,
): Promise<ReadonlyMap<string, JsonValue>> {
  const found = new Map<string, JsonValue>()
  const stale: string[] = []
  for (const calendar of calendars) {
    const id = text(calendar, 'id') ?? ''
    if (before?.keys[id] === undefined || before.keys[id] !== text(calendar, 'changeKey')) stale.push(id)
    else {
      const kept = last?.containers.find((container) => container.id === id)
      const permissions = kept === undefined ? undefined : list(propertiesOf(kept.properties), 'calendarPermissions')
      if (permissions !== undefined) found.set(id, permissions)
    }
  }
  const answers = await sendIfAny(
    mailbox,
    stale.map((id) => calendarPermissions(mailbox.user, id)),
  )
  for (const [index, id] of stale.entries()) {
    const permissions = await permissionEntries(mailbox, answers[index])
    if (permissions !== undefined) found.set(id, permissions)
  }
  return found
}

/** Not every kind of calendar shows them, nor every sign-in. */
async function permissionEntries(
  mailbox: Mailbox,
  answer: BatchAnswer | undefined,
): Promise<readonly JsonObject[] | undefined> {
  if (answer?.ok === false && isRefused(answer.error)) return undefined
  return await entries(mailbox, answer)
}

function isRefused(error: unknown): boolean {
  return (
    isEngineError(error, 'graph.forbidden') ||
    isEngineError(error, 'graph.not-found') ||
    isEngineError(error, 'graph.request-refused')
  )
}

/** Without the change keys, which change with what is in the calendar. */
function toContainer(
  calendar: JsonObject,
  group: JsonObject | undefined,
  permissions: JsonValue | undefined,
): Container {
  const properties: JsonObject = {
    ...withoutChangeKey(calendar),
    ...(group === undefined ? {} : { calendarGroup: withoutChangeKey(group) }),
    ...(permissions === undefined ? {} : { calendarPermissions: permissions }),
  }
  const name = text(calendar, 'name') ?? ''
  return {
    id: text(calendar, 'id') ?? '',
    parentId: undefined,
    name,
    properties: containerMetadata('calendar', name, properties),
  }
}

function withoutChangeKey(entity: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(entity).filter(([name]) => name !== 'changeKey'))
}

/** Undefined for one that another version wrote: then everything is read anew. */
function readCursor(cursor: string | undefined): ListingCursor | undefined {
  const value = parsed(cursor ?? '')
  const groups = list(value, 'groups')
  const keys = record(value, 'keys')
  const read = text(value, 'read')
  if (value.v !== 2 || read === undefined || groups === undefined || keys === undefined) return undefined
  const texts = Object.entries(keys).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { v: 2, read, groups: groups.filter((id) => typeof id === 'string'), keys: Object.fromEntries(texts) }
}
