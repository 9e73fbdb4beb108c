import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { Container, ItemDescriber } from '../../engine/ports/data-type.ts'
import { filledText, isObject, record, text } from '../item/fields.ts'
import { valueHash } from '../item/listed-value.ts'
import { containerMetadata, itemMetadata, propertiesOf } from '../item/metadata.ts'
import { itemName, peopleText } from '../item/names.ts'
import type { Person } from '../item/names.ts'

/** What there is, each kind in a container of its own; the ids of the containers are these names. */
export const kinds = ['rules', 'settings', 'categories'] as const
export type Kind = (typeof kinds)[number]

/** The Graph type of an item, by its kind: `o365:Type`. */
const types: Readonly<Record<Kind, string>> = {
  rules: 'messageRule',
  settings: 'mailboxSettings',
  categories: 'outlookCategory',
}

/** Id of the only item of its kind. */
export const settingsId = 'settings'

export function kindContainer(kind: Kind): Container {
  return { id: kind, parentId: undefined, name: kind, properties: containerMetadata(types[kind], kind, { id: kind }) }
}

export function kindOf(value: string | undefined): Kind | undefined {
  return kinds.find((kind) => kind === value)
}

/** What Graph gave, with what it is and a change key: Graph has none for these. */
export function listedProperties(kind: Kind, body: JsonObject): JsonObject {
  const own = Object.entries(body).filter(([name]) => !name.startsWith('@'))
  const properties: JsonObject = { ...(kind === 'settings' ? { id: settingsId } : {}), ...Object.fromEntries(own) }
  return { ...properties, kind, changeKey: valueHash(properties) }
}

/** JSON with the names of all objects in order: equal values give equal text. */
export function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_name, part: JsonValue) => {
    if (!isObject(part)) return part
    return Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
  })
}

export function settingsMetadata(properties: JsonObject): JsonObject {
  const kind = kindOf(text(properties, 'kind')) ?? 'settings'
  const name = kind === 'settings' ? 'settings' : (text(properties, 'displayName') ?? '')
  return itemMetadata({ type: types[kind], name }, properties)
}

export function settingsIdentity(metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  return { id: text(metadata, 'o365:Id') ?? '', changeKey: text(propertiesOf(metadata), 'changeKey') ?? '' }
}

export function settingsRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  return {
    name: fileName(metadata, properties),
    shard: '',
    time: 0,
    size: contentSize,
    title: text(metadata, 'o365:Name') ?? '',
    from: '',
    to: peopleText(recipientsOf(record(properties, 'actions') ?? {})),
    hasAttachments: false,
  }
}

/** Rules begin with their place in the order in which they are applied, and so are restored in it. */
function fileName(metadata: JsonObject, properties: JsonObject): string {
  const title = text(metadata, 'o365:Name') ?? ''
  const id = text(metadata, 'o365:Id') ?? ''
  if (kindOf(text(properties, 'kind')) === 'settings') return settingsId
  const { sequence } = properties
  const place = typeof sequence === 'number' && sequence >= 0 ? `${String(sequence).padStart(4, '0')} ` : ''
  return itemName(`${place}${title}`, id)
}

const sending = ['forwardTo', 'forwardAsAttachmentTo', 'redirectTo'] as const

/** Whom the actions of a rule send mail to. */
export function recipientsOf(actions: JsonObject): readonly Person[] {
  return sending.flatMap((name) => {
    const people = actions[name]
    return (Array.isArray(people) ? (people as readonly JsonValue[]) : []).flatMap((entry) => {
      const email = isObject(entry) ? record(entry, 'emailAddress') : undefined
      return email === undefined ? [] : [{ name: filledText(email, 'name'), address: filledText(email, 'address') }]
    })
  })
}

/** Every text in it. */
export function settingsText(metadata: JsonObject): string {
  const { id: _id, kind: _kind, changeKey: _key, folders, ...properties } = propertiesOf(metadata)
  return [...texts(properties), ...texts(folders ?? [])].join('\n')
}

function texts(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((part: JsonValue) => texts(part))
}
