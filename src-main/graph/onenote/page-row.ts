import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { text, time } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { itemName } from '../item/names.ts'
import { resourcesOf } from './page-resources.ts'

/** Bytes of a page's HTML that are read for the index. */
const indexedBytes = 2_000_000

export function pageMetadata(properties: JsonObject): JsonObject {
  const facts = {
    type: 'page',
    name: text(properties, 'title') ?? '',
    created: text(properties, 'createdDateTime'),
    modified: text(properties, 'lastModifiedDateTime'),
  }
  return itemMetadata(facts, properties)
}

export function pageRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const title = text(metadata, 'o365:Name') ?? text(properties, 'title') ?? ''
  return {
    name: itemName(title, pageIdentity(metadata).id),
    shard: '',
    time: time(properties, 'lastModifiedDateTime') ?? time(properties, 'createdDateTime') ?? 0,
    size: contentSize,
    title,
    from: '',
    to: '',
    hasAttachments: resourcesOf(properties).some(({ kind }) => kind === 'file'),
  }
}

/** Place and indentation count as changes, since they need not change the page's time. */
export function pageIdentity(metadata: JsonObject): { readonly id: string; readonly changeKey: string } {
  const properties = propertiesOf(metadata)
  const parts = [
    text(properties, 'lastModifiedDateTime') ?? '',
    numberText(properties.level),
    numberText(properties.order),
  ]
  return { id: text(metadata, 'o365:Id') ?? '', changeKey: parts.join(' ') }
}

export function pageText(_metadata: JsonObject, content: Uint8Array): Promise<string> {
  return Promise.resolve(htmlToText(Buffer.from(content.subarray(0, indexedBytes)).toString('utf8')))
}

function numberText(value: unknown): string {
  return typeof value === 'number' ? String(value) : ''
}
