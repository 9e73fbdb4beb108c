import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ItemDescriber } from '../../engine/ports/data-type.ts'
import { record, text } from '../item/fields.ts'
import { valueHash } from '../item/listed-value.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import type { TeamFacts } from './channel-listing.ts'
import type { Team } from './team-access.ts'

/** What is stored of a team beside its channels, by the property that holds it; the team itself has its properties. */
const kinds = {
  team: { type: 'team', name: 'settings' },
  installedApps: { type: 'teamApps', name: 'installed apps' },
  tags: { type: 'teamTags', name: 'tags' },
  incomingChannels: { type: 'incomingChannels', name: 'shared by other teams' },
} as const

type Kind = keyof typeof kinds

const kindNames = Object.keys(kinds) as Kind[]

/** Nothing is said about what cannot be read: it stays as it was. */
const cursor = 'team'

/** The team's own things. They have no change keys, so all of them are told each time. */
export function teamChanges({ id }: Pick<Team, 'id'>, facts: TeamFacts): ChangePage {
  const { team, installedApps, tags, incoming } = facts
  const changes = [
    ...(team === undefined ? [] : [put(id, 'team', team)]),
    ...(installedApps === undefined
      ? []
      : [putOrRemoved(id, 'installedApps', { installedApps }, installedApps.length)]),
    ...(tags === undefined ? [] : [putOrRemoved(id, 'tags', { tags }, tags.length)]),
    putOrRemoved(id, 'incomingChannels', { incomingChannels: incoming }, incoming.length),
  ]
  return { changes, next: undefined, cursor }
}

function put(team: string, kind: Kind, properties: JsonObject): Change {
  const id = keyOf(team, kind)
  return { kind: 'put', id, properties: { ...properties, id: kind === 'team' ? team : id, kind }, partial: false }
}

function putOrRemoved(team: string, kind: Kind, properties: JsonObject, count: number): Change {
  return count > 0 ? put(team, kind, properties) : { kind: 'removed', id: keyOf(team, kind) }
}

function keyOf(team: string, kind: Kind): string {
  return `${team}/${kind}`
}

/** What of the team an item is; undefined for a conversation. */
export function teamKindOf(properties: JsonObject): Kind | undefined {
  const kind = text(properties, 'kind')
  return record(properties, 'channelIdentity') === undefined ? kindNames.find((name) => name === kind) : undefined
}

export function teamItemMetadata(kind: Kind, properties: JsonObject): JsonObject {
  const { type, name } = kinds[kind]
  return itemMetadata({ type, name, created: text(properties, 'createdDateTime') }, properties)
}

export function teamItemRow(kind: Kind): ReturnType<ItemDescriber['row']> {
  const { name } = kinds[kind]
  return { name, shard: '', time: 0, size: 0, title: name, from: '', to: '', hasAttachments: false }
}

export function teamItemIdentity(kind: Kind, metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  const properties = propertiesOf(metadata)
  const id = text(properties, 'id') ?? ''
  return { id: kind === 'team' ? keyOf(id, kind) : id, changeKey: valueHash(properties) }
}

/** The names in it. */
export function teamItemText(properties: JsonObject): string {
  return [...namesIn(properties)].join('\n')
}

function* namesIn(value: unknown): Generator<string, void, undefined> {
  if (Array.isArray(value)) for (const each of value as readonly unknown[]) yield* namesIn(each)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'object') yield* namesIn(inner)
    else if (/^(displayName|description)$/.test(name) && typeof inner === 'string' && inner !== '') yield inner
  }
}
