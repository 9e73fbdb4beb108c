import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { filledText, record, text, time } from '../item/fields.ts'
import { plainValue } from '../item/listed-value.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { itemName, peopleText, type Person } from '../item/names.ts'
import { pageText } from './page-content.ts'

/** The type of pages that have a layout and web parts. */
export const sitePageType = '#microsoft.graph.sitePage'

/** A page as Graph gives it, without what it says about its answers. */
export function pageProperties(page: JsonObject): JsonObject {
  // Of an object it gives an object.
  return plainValue(page) as JsonObject
}

export function pageMetadata(properties: JsonObject): JsonObject {
  return itemMetadata(
    {
      type: 'sitePage',
      name: filledText(properties, 'title') ?? text(properties, 'name') ?? '',
      created: text(properties, 'createdDateTime'),
      modified: text(properties, 'lastModifiedDateTime'),
    },
    properties,
  )
}

/** Publishing a page is a change of it too. */
export function pageIdentity(metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  const properties = propertiesOf(metadata)
  const state = record(properties, 'publishingState') ?? {}
  const tag = text(properties, 'eTag') ?? text(properties, 'lastModifiedDateTime') ?? ''
  return {
    id: text(metadata, 'o365:Id') ?? '',
    changeKey: [tag, text(state, 'level') ?? '', text(state, 'versionId') ?? ''].join(' '),
  }
}

export function pageRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const title = text(metadata, 'o365:Name') ?? ''
  const stem = (text(properties, 'name') ?? title).replace(/\.aspx$/i, '')
  return {
    name: itemName(stem, pageIdentity(metadata).id),
    shard: '',
    time: time(properties, 'lastModifiedDateTime') ?? 0,
    size: contentSize,
    title,
    from: peopleText([personOf(properties, 'createdBy'), personOf(properties, 'lastModifiedBy')].filter(isFirst)),
    to: '',
    hasAttachments: false,
  }
}

export function searchedText(metadata: JsonObject): string {
  return pageText(propertiesOf(metadata))
}

function personOf(properties: JsonObject, name: string): Person {
  const user = record(record(properties, name) ?? {}, 'user') ?? {}
  return { name: text(user, 'displayName'), address: text(user, 'email') }
}

function isFirst(person: Person, at: number, all: readonly Person[]): boolean {
  return all.findIndex(({ name, address }) => name === person.name && address === person.address) === at
}
