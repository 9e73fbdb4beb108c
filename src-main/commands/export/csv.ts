import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { isObject } from '../../graph/item/fields.ts'

const DEEPEST = 3
/** What a spreadsheet would take for a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/
const NUMBER = /^[+-]?\d+(\.\d+)?$/

/**
 * Objects as a table, a column for every field that one of them has: UTF-8 with a byte order mark, so that spreadsheets
 * know. https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvFile(objects: readonly JsonObject[]): string {
  const rows = objects.map((object) => new Map(flat(object, '', 0)))
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))]
  const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))]
  return `\ufeff${lines.map((cells) => cells.map(cell).join(',')).join('\r\n')}\r\n`
}

function* flat(object: JsonObject, prefix: string, depth: number): Generator<readonly [string, string]> {
  for (const [name, value] of Object.entries(object)) {
    const column = prefix === '' ? name : `${prefix}.${name}`
    if (isObject(value) && depth < DEEPEST) yield* flat(value, column, depth + 1)
    else if (value !== null) yield [column, valueText(value)]
  }
}

function valueText(value: JsonValue): string {
  if (typeof value === 'object') {
    const isPlain = Array.isArray(value) && value.every((item) => typeof item !== 'object')
    return isPlain ? value.join('; ') : JSON.stringify(value)
  }
  return String(value)
}

function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
