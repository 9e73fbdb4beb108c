import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { Container, ItemDescriber, Root } from '../../engine/ports/data-type.ts'
import { filledText, isObject, list, record, text, time } from '../item/fields.ts'
import { groupProperties } from '../item/group-properties.ts'
import { plainValue, valueHash } from '../item/listed-value.ts'
import { containerMetadata, itemMetadata, propertiesOf } from '../item/metadata.ts'
import { peopleText } from '../item/names.ts'
import { photoProperty } from '../item/photo-body.ts'

/** The three items of a group. */
export type GroupItem = 'settings' | 'members' | 'owners'

const types: Readonly<Record<GroupItem, string>> = {
  settings: 'groupSettings',
  members: 'groupMembers',
  owners: 'groupOwners',
}

/** Names under which the stored properties have more than Graph's own. */
export const ownNames = {
  changeKey: 'changeKey',
  /** What there is to know of the photo beside its bytes: mediaEtag, contentType, width, height. */
  photo: photoProperty,
  /** Why Graph did not give something: `members`, `owners`, `photo`, or `exchange` for all that Exchange keeps. */
  notRead: 'notRead',
} as const

/** Kept by Exchange, given for a group by itself alone. Not here: what is of the signed-in person (unseenCount ...). */
export const exchangeProperties = [
  'allowExternalSenders',
  'autoSubscribeNewMembers',
  'hideFromAddressLists',
  'hideFromOutlookClients',
] as const

/** They change by themselves: a new value alone is no new version. */
const volatileProperties: ReadonlySet<string> = new Set([
  'expirationDateTime',
  'renewedDateTime',
  'onPremisesLastSyncDateTime',
  'onPremisesProvisioningErrors',
  'serviceProvisioningErrors',
])

export function directoryContainer({ id }: Root): Container {
  const name = 'directory'
  return { id, parentId: undefined, name, properties: containerMetadata('group', name, { id }) }
}

/** Id of an item: the settings have the group's own. */
export function itemId(group: string, item: GroupItem): string {
  return item === 'settings' ? group : `${group}/${item}`
}

/** What is there of the settings; `isWhole` if the lister gave all that lists give. */
export function listedSettings(properties: JsonObject | undefined): JsonObject | undefined {
  if (properties === undefined || !groupProperties.every((name) => name in properties)) return undefined
  return Object.fromEntries(groupProperties.map((name) => [name, properties[name] ?? null]))
}

/** Graph gives groups no change key: it is made of all that does not change by itself. */
export function withChangeKey(properties: JsonObject): JsonObject {
  const lasting = Object.entries(properties).filter(([name]) => !volatileProperties.has(name))
  const changeKey = valueHash(lasting.map(([name, value]) => [name, steady(plainValue(value))]).toSorted(byName))
  return { ...properties, [ownNames.changeKey]: changeKey }
}

function byName([one]: readonly unknown[], [other]: readonly unknown[]): number {
  return String(one) < String(other) ? -1 : 1
}

/** Lists of words (addresses, options) come in any order. */
function steady(value: JsonValue): JsonValue {
  if (!Array.isArray(value)) return value
  const entries = value as readonly JsonValue[]
  return entries.every((entry) => typeof entry === 'string') ? entries.toSorted() : entries
}

/** A member or owner as it is stored: compact, since a group may have ten thousands. */
export function memberEntry(member: JsonObject): JsonObject {
  const type = /\.(\w+)$/.exec(text(member, '@odata.type') ?? '')?.[1] ?? 'user'
  const upn = filledText(member, 'userPrincipalName')
  const mail = filledText(member, 'mail')
  return {
    id: text(member, 'id') ?? '',
    ...(type === 'user' ? {} : { type }),
    ...optional('displayName', filledText(member, 'displayName')),
    ...optional('userPrincipalName', upn),
    ...optional('mail', mail?.toLowerCase() === upn?.toLowerCase() ? undefined : mail),
  }
}

function optional(name: string, value: string | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value }
}

/** The stored people of a members or owners item. */
export function entriesOf(properties: JsonObject, item: 'members' | 'owners'): readonly JsonObject[] {
  return (list(properties, item) ?? []).filter(isObject)
}

export function groupItemOf(metadata: JsonObject): GroupItem | undefined {
  const type = text(metadata, 'o365:Type')
  return (Object.keys(types) as GroupItem[]).find((item) => types[item] === type)
}

/** Which item properties are of. */
function kindOf(properties: JsonObject): GroupItem {
  if (Array.isArray(properties.members)) return 'members'
  return Array.isArray(properties.owners) ? 'owners' : 'settings'
}

export function groupMetadata(properties: JsonObject): JsonObject {
  const item = kindOf(properties)
  const name = item === 'settings' ? (text(properties, 'displayName') ?? '') : item
  const created = item === 'settings' ? text(properties, 'createdDateTime') : undefined
  return itemMetadata({ type: types[item], name, created }, properties)
}

export function groupIdentity(metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  const changeKey = text(propertiesOf(metadata), ownNames.changeKey) ?? ''
  return { id: text(metadata, 'o365:Id') ?? '', changeKey }
}

export function groupRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const item = groupItemOf(metadata) ?? 'settings'
  const isSettings = item === 'settings'
  const people = isSettings ? [] : entriesOf(properties, item)
  return {
    name: item,
    shard: '',
    time: time(properties, 'createdDateTime') ?? 0,
    size: contentSize,
    title: text(metadata, 'o365:Name') ?? '',
    from: isSettings ? peopleText([{ address: filledText(properties, 'mail') }]) : '',
    to: peopleText(people.map((one) => ({ name: filledText(one, 'displayName'), address: addressOf(one) }))),
    hasAttachments: false,
  }
}

export function addressOf(member: JsonObject): string | undefined {
  return filledText(member, 'userPrincipalName') ?? filledText(member, 'mail')
}

/** A group is found by its name, its description and everybody in it. */
export function groupText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const own = ['displayName', 'mail', 'description', 'classification'].map((name) => text(properties, name) ?? '')
  const people = [...entriesOf(properties, 'members'), ...entriesOf(properties, 'owners')]
  const lines = people.map((one) => [text(one, 'displayName') ?? '', addressOf(one) ?? ''].join(' ').trim())
  return [...own, ...lines].filter((line) => line !== '').join('\n')
}

/** What could not be read this time stays what it was: a refusal must not look as if everybody had left. */
export function keepingUnread(properties: JsonObject, before: JsonObject): JsonObject {
  const notRead = Object.keys(record(properties, ownNames.notRead) ?? {})
  const names = notRead.flatMap((name): readonly string[] => (name === 'exchange' ? exchangeProperties : [name]))
  const kept = names.filter((name) => name in before && before[name] !== null)
  return { ...properties, ...Object.fromEntries(kept.map((name) => [name, before[name] ?? null])) }
}
