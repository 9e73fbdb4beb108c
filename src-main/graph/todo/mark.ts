import { createHash } from 'node:crypto'
import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, text } from '../item/fields.ts'

/**
 * The hidden mark on restored tasks: an open extension of our own, which no app shows. It says which stored task it was
 * made from, and whether something of it is still on its way.
 * https://learn.microsoft.com/graph/api/resources/opentypeextension
 */
const markName = 'holdfast.restored'

const typeName = 'microsoft.graph.openTypeExtension'

/** How Graph names the mark in filters and answers. */
export const markId = `${typeName}.${markName}`

export interface Mark {
  /** Stands for the Graph id of the stored task. */
  readonly source: string
  readonly unfinished: boolean
}

/** Ids are long, and say nothing to anybody: a hash of them is enough to know a task again. */
export function sourceOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 22)
}

export function markJson({ source, unfinished }: Mark): JsonObject {
  return { '@odata.type': typeName, extensionName: markName, source, unfinished }
}

/** The mark among the extensions of a task. */
export function readMark(extensions: readonly unknown[]): Mark | undefined {
  const extension = extensions.find((one) => isObject(one) && isMark(one))
  if (!isObject(extension)) return undefined
  const source = text(extension, 'source')
  return source === undefined ? undefined : { source, unfinished: extension.unfinished === true }
}

export function isMark(extension: JsonObject): boolean {
  return text(extension, 'extensionName') === markName || (text(extension, 'id') ?? '').endsWith(`.${markName}`)
}
