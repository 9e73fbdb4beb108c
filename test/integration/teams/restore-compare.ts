import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../../src-main/engine/model/json.ts'
import { isObject, list, text } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import type { HeldItem, HeldType } from '../../support/adapter-round.ts'

/** What Teams or the directory assigns, so that two copies differ in it. */
const assigned: Readonly<Record<string, string>> = {
  id: 'ids are made by Teams',
  etag: 'the version of a message, made by Teams',
  replyToId: 'the id of the first message: answers are compared below it',
  channelIdentity: 'ids of the team and channel',
  webUrl: 'has the ids',
  lastModifiedDateTime: 'when it was written into the target',
  tenantId: 'another tenant',
  email: 'a channel gets an address of its own',
  displayName: 'of people: they have other names in the other tenant; of things it is compared by itself',
  filesFolder: 'files come back with the files of the group',
  createdDateTime: 'of a channel: moved before its first message; of messages it is compared by itself',
  migrationMode: 'tells that messages were imported',
  originalCreatedDateTime: 'when the channel was made in the target',
  internalId: 'the id of the first channel',
  primaryChannel: 'has its id',
  sortOrderIndex: 'the order of the tabs is compared by the list',
}

/** Everything that a snapshot has of a team, without what is assigned; people by their place among `users`. */
export function comparable(held: HeldType, users: readonly string[]): JsonObject {
  const channels = held.containers
    .map(({ name, properties }) => channelOf(held, name, propertiesOf(properties), users))
    .sort(byText)
  return { channels }
}

function channelOf(held: HeldType, name: string, properties: JsonObject, users: readonly string[]): JsonObject {
  const id = text(properties, 'id')
  const items = held.items.filter(({ container }) => container === id)
  const tabs = (list(properties, 'tabs') ?? []).filter(isObject).toSorted(byPlace)
  return {
    name,
    properties: stripped({ ...properties, tabs: tabs.map(tabOf) }, users),
    items: items.map((item) => itemOf(item, users)).sort(byText),
  }
}

function tabOf(tab: JsonObject): JsonObject {
  return { name: text(tab, 'displayName') ?? '', configuration: tab.configuration ?? null, app: appOf(tab.teamsApp) }
}

const appOf = (app: JsonValue | undefined): JsonValue => (isObject(app) ? (app.displayName ?? null) : null)

function itemOf(item: HeldItem, users: readonly string[]): JsonObject {
  const properties = propertiesOf(item.metadata)
  if (properties.body === undefined) return { ofTeam: stripped(properties, users) }
  return messageOf(item, properties, users)
}

function messageOf(item: HeldItem, message: JsonObject, users: readonly string[]): JsonObject {
  const { hostedContents: _, replies: _r, ...own } = message
  const answers = (list(message, 'replies') ?? []).filter(isObject).map((reply) => messageOf(item, reply, users))
  return {
    at: text(message, 'createdDateTime') ?? '',
    ...(stripped(withContents(item, own), users) as JsonObject),
    answers,
  }
}

/** Addresses of pictures become hashes of what is behind them; elements without an end are written as XHTML has them. */
function withContents(item: HeldItem, message: JsonObject): JsonObject {
  const hosted = (list(propertiesOf(item.metadata), 'hostedContents') ?? []).filter(isObject)
  const shown = JSON.stringify(message).replace(
    /https?:[^"\\\s]*\/hostedContents\/([^"\\/]+)\/\$value/g,
    (_whole, id: string) => {
      const name = text(hosted.find((one) => one.id === id) ?? {}, 'name') ?? ''
      const bytes = item.parts.get(name)
      return bytes === undefined ? 'nothing' : createHash('sha256').update(bytes).digest('hex')
    },
  )
  return JSON.parse(shown.replaceAll(' />', '>')) as JsonObject
}

function stripped(value: JsonValue, users: readonly string[]): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((one) => stripped(one, users)).sort(byText)
  if (!isObject(value)) return value
  const person = text(value, 'userId') ?? (value.userIdentityType === undefined ? undefined : text(value, 'id'))
  const entries = Object.entries(value)
    .filter(([name]) => !Object.hasOwn(assigned, name) && !/^(userId|email)$/.test(name))
    .map(([name, inner]) => [name, stripped(inner, users)] as const)
  return { ...Object.fromEntries(entries), ...(person === undefined ? {} : { person: users.indexOf(person) }) }
}

function byText(one: unknown, other: unknown): number {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)]
  return first < second ? -1 : Number(first > second)
}

function byPlace(one: JsonObject, other: JsonObject): number {
  return byText(text(one, 'sortOrderIndex'), text(other, 'sortOrderIndex'))
}
