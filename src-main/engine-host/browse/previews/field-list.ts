import { formatMoment } from '../../../../src-shared/text/amounts.ts'
import type { JsonObject, JsonValue } from '../../../engine/model/json.ts'
import { isObject, text, time } from '../../../graph/item/fields.ts'
import { htmlToText } from '../../../graph/item/html-text.ts'
import { yesOrNo } from '../words.ts'
import type { PreviewOf } from './preview.ts'

export type Field = PreviewOf<'fields'>['fields'][number]

const MOST_FIELDS = 300
const MOST_VALUES = 1_000
const LONGEST = 20_000
const DEEPEST = 4

/** What says nothing to people: what Graph and the repository keep for themselves. */
const TECHNICAL =
  /^(id|changekey|.*etag|ctag|kind|.*id|.*ids|parentreference|weburl|hostedcontents|.*guid|.*lookupid)$|[@:]|^_/i

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** A field, if there is something to say. */
export function field(label: string, value: string | undefined): readonly Field[] {
  const plain = value?.trim() ?? ''
  return plain === '' ? [] : [{ label, value: plain.slice(0, LONGEST) }]
}

/** A moment of Graph's, in this machine's time zone. */
export function momentField(label: string, properties: JsonObject, name: string): readonly Field[] {
  const at = time(properties, name)
  return at === undefined ? [] : field(label, formatMoment(at))
}

/** Everything of an object that people can read, one field for each value. */
export function allFields(object: JsonObject, above = '', depth = 0): readonly Field[] {
  const fields: Field[] = []
  for (const [name, value] of Object.entries(object)) {
    if (fields.length >= MOST_FIELDS) break
    if (TECHNICAL.test(name)) continue
    const label = above === '' ? labelOf(name) : `${above} / ${labelOf(name)}`
    if (isObject(value) && depth < DEEPEST && nameOf(value) === undefined)
      fields.push(...allFields(value, label, depth + 1))
    else fields.push(...field(label, valueText(value)))
  }
  return fields.slice(0, MOST_FIELDS)
}

/** "displayName" is "Display name"; names that people gave (with blanks or capitals) stay. */
function labelOf(name: string): string {
  const plain = name.replaceAll('_x0020_', ' ')
  if (!/^[a-z]+[A-Za-z0-9]*$/.test(plain)) return plain
  const words = plain.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** In plain words; empty for what cannot be said in a line or a few. */
export function valueText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return yesOrNo(value)
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return plainText(value)
  if (isObject(value)) return nameOf(value) ?? ''
  const values = value
  const texts = values.slice(0, MOST_VALUES).map(valueText)
  return texts.filter((one) => one !== '').join(', ')
}

function plainText(value: string): string {
  const at = ISO.test(value) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(at)) return formatMoment(at)
  return /<[a-z][^>]*>/i.test(value) ? htmlToText(value) : value
}

const NAMES = ['displayName', 'name', 'title', 'LookupValue', 'Label', 'email', 'address', 'userPrincipalName']

/** What an object is called, where a name is what people want to know of it: a person, a label. */
function nameOf(value: JsonObject): string | undefined {
  const identity = ['user', 'application', 'group', 'emailAddress'].map((name) => value[name]).find(isObject)
  if (identity !== undefined) return nameOf(identity)
  return NAMES.map((name) => text(value, name)).find((name) => name !== undefined && name !== '')
}
