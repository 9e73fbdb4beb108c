import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { Container, ContainerListing } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, list, text } from '../item/fields.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import { laterNames, teamsPool } from '../messages/access.ts'
import { cutUtf8 } from '../../../src-shared/model/safe-name.ts'
import { activityOf, readActivities, writeActivities, type Activities } from './chat-activity.ts'
import type { Chats } from './chat-access.ts'
import { chatDetails, type ChatDetails } from './chat-details.ts'

/** Chats of one request; Graph gives at most 50. */
const pageSize = 50

/** Names that a chat without a topic is called by. */
const shownNames = 4
const nameBytes = 120

export interface ListedChats {
  readonly listing: ContainerListing
  readonly activities: Activities
}

/**
 * All chats of the user with their members, and what is pinned, installed and shown as tabs. The latter is asked for
 * again only where something happened since the last listing: Teams writes a line into the chat for such changes.
 */
export async function listChats(chats: Chats, last: ContainerListing | undefined): Promise<ListedChats> {
  const before = readActivities(last?.cursor)
  const known = new Map((last?.containers ?? []).map((container) => [container.id, propertiesOf(container.properties)]))
  const entries = await readChats(chats)
  const activities = new Map(entries.map((chat) => [text(chat, 'id') ?? '', activityOf(chat)]))
  const changed = entries.filter((chat) => {
    const id = text(chat, 'id') ?? ''
    return !known.has(id) || before.get(id) !== activities.get(id)
  })
  const details = await chatDetails(chats, changed)
  const containers = entries.map((chat) => {
    const id = text(chat, 'id') ?? ''
    return containerOf(chats.user, chat, details.get(id) ?? storedDetails(known.get(id) ?? {}))
  })
  return { listing: { containers, cursor: writeActivities(activities) }, activities }
}

/** https://learn.microsoft.com/graph/api/chat-list */
async function readChats({ client, user, signal }: Chats): Promise<readonly JsonObject[]> {
  const path = graphPath`/users/${user}/chats`
  const query = { $expand: 'members,lastMessagePreview', $top: pageSize }
  const found: JsonObject[] = []
  const request = { path, query, pool: teamsPool, together: user, signal, prefer: [laterNames] }
  for await (const page of client.pages<JsonObject>(request)) found.push(...page.value.filter(isObject))
  return found
}

const detailNames = ['members', 'pinnedMessages', 'installedApps', 'tabs'] as const

function storedDetails(properties: JsonObject): ChatDetails {
  return Object.fromEntries(
    detailNames.flatMap((name) => (list(properties, name) === undefined ? [] : [[name, list(properties, name) ?? []]])),
  )
}

/** `viewpoint` is what one user has read so far, and the last message lives in the chat. */
const volatile = new Set(['lastMessagePreview', 'viewpoint'])

function containerOf(user: string, chat: JsonObject, details: ChatDetails): Container {
  const lasting = Object.fromEntries(Object.entries(chat).filter(([name]) => !volatile.has(name)))
  const properties = { ...lasting, ...details }
  const members = sorted(list(properties, 'members') ?? [])
  const name = filledText(chat, 'topic') ?? memberNames(members, user)
  const id = text(chat, 'id') ?? ''
  return { id, parentId: undefined, name, properties: containerMetadata('chat', name, { ...properties, members }) }
}

/** In an order of their own, so that an unchanged chat is stored as the same bytes. */
function sorted(entries: readonly JsonValue[]): readonly JsonValue[] {
  return entries.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : Number(idOf(one) > idOf(other))))
}

function idOf(entry: JsonValue): string {
  return isObject(entry) ? (text(entry, 'id') ?? '') : ''
}

function memberNames(members: readonly JsonValue[], user: string): string {
  const people = members.filter(isObject)
  const others = people.filter((person) => text(person, 'userId') !== user)
  const names = (others.length === 0 ? people : others)
    .map(nameOf)
    .filter((name) => name !== '')
    .toSorted()
  if (names.length === 0) return 'Chat'
  const more = names.length > shownNames ? ` +${names.length - shownNames}` : ''
  return cutUtf8(names.slice(0, shownNames).join(', '), nameBytes) + more
}

function nameOf(person: JsonObject): string {
  return filledText(person, 'displayName') ?? filledText(person, 'email') ?? ''
}
