import { filledText, record } from '../../../graph/item/fields.ts'
import { namedFiles } from '../../../graph/lists/item-files.ts'
import { contentPart, filePart } from '../parts.ts'
import { pictureType } from '../media-types.ts'
import { isStandardColumn } from '../../../graph/lists/columns.ts'
import { fieldWords as words } from '../words.ts'
import { allFields, field, momentField } from './field-list.ts'
import { firstBytes } from '../stored-item.ts'
import type { MakePreview } from './preview.ts'

/** What is known of an item that has no form of its own, and its files. */
export const previewFields: MakePreview = async (item, { signal }) => {
  const { content, properties, title, version, parts } = item
  const own =
    content === undefined ? [] : [contentPart(content, await contentName(title, await firstBytes(content, 16, signal)))]
  return {
    kind: 'fields',
    title: title === '' ? version.name : title,
    fields: [...allFields(properties)],
    parts: [...own, ...parts.map((file) => filePart(file))],
  }
}

/** Contents of these items are photos. */
function contentName(title: string, start: Uint8Array): Promise<string> {
  const type = pictureType(start)
  return Promise.resolve(type === undefined ? title : `${title}.${type.slice(6).replace('jpeg', 'jpg')}`)
}

/** A list item: what was entered, under the names of its columns. */
export const previewListItem: MakePreview = (item) => {
  const { properties, title, version, parts } = item
  const names = new Map(namedFiles(properties).map(({ file, part }) => [part, file]))
  const values = Object.entries(record(properties, 'fields') ?? {})
  const entered = values.filter(([name]) => name === 'Title' || !isStandardColumn(name))
  return Promise.resolve({
    kind: 'fields',
    title: title === '' ? version.name : title,
    fields: [
      ...allFields(Object.fromEntries(entered)),
      ...momentField(words.created, properties, 'createdDateTime'),
      ...momentField(words.modified, properties, 'lastModifiedDateTime'),
      ...field(words.by, version.from),
    ],
    parts: parts.map((file) => filePart(file, names.get(file.name) ?? file.name)),
  })
}

/** The list itself: its columns. */
export const previewList: MakePreview = (item) =>
  Promise.resolve({
    kind: 'fields',
    title: filledText(item.properties, 'displayName') ?? item.title,
    fields: [...allFields(item.properties)],
    parts: item.parts.map((file) => filePart(file)),
  })
