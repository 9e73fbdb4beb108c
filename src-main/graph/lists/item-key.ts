import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { htmlToText } from '../item/html-text.ts'
import { plainValue, valueHash } from '../item/listed-value.ts'
import type { Column } from './columns.ts'

/** Which field of the one list stands for which of the other. */
export interface FieldPair {
  /** The column as it is stored. */
  readonly column: Column
  /** Name of the field to look at. */
  readonly field: string
}

/**
 * What two items have to have in common to be the same: all values that a restore brings back for certain. References
 * and values that Graph may refuse are compared one by one.
 */
export function itemKey(fields: JsonObject, pairs: readonly FieldPair[]): string {
  const values = pairs
    .filter(({ column }) => isPlain(column))
    .map(({ column, field }) => comparable(column, fields[field]))
  return createHash('sha256').update(JSON.stringify(values)).digest('base64').slice(0, 16)
}

function isPlain({ kind }: Column): boolean {
  return (
    kind === 'text' ||
    kind === 'number' ||
    kind === 'currency' ||
    kind === 'boolean' ||
    kind === 'dateTime' ||
    kind === 'choice'
  )
}

/** SharePoint rewrites line ends and HTML; nothing and an empty value are the same to people. */
function comparable({ kind, facet }: Column, value: JsonValue | undefined): unknown {
  if (value === undefined || value === null) return kind === 'boolean' ? false : ''
  if (kind === 'dateTime') return typeof value === 'string' ? Date.parse(value) : value
  if (typeof value !== 'string') return value
  const isHtml = facet.textType === 'richText' || value.startsWith('<div class="ExternalClass')
  return (isHtml ? htmlToText(value) : value).replace(/\r\n?/g, '\n').trim()
}

/** Of a value that Graph may refuse: empty if there is none. */
export function fragileKey(value: JsonValue | undefined): string {
  return value === undefined || value === null || value === '' ? '' : valueHash(plainValue(value))
}
