import type { Schema } from './contract-data.ts'
import type { Finding } from './finding.ts'

type Problem = Pick<Finding, 'kind' | 'says'>

const formats: Readonly<Record<string, readonly [RegExp, string]>> = {
  'date-time': [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, 'is no date'],
  date: [/^\d{4}-\d\d-\d\d$/, 'is no day'],
  time: [/^\d\d:\d\d(:\d\d(\.\d+)?)?$/, 'is no time of day'],
  duration: [/^-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/, 'is no duration'],
  uuid: [/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, 'is no GUID'],
  base64url: [/^[A-Za-z0-9+/_-]*={0,2}$/, 'is not in base64'],
}

/** Above this a regular expression over a value (an attachment's content) costs more than it tells. */
const longestMatched = 4096

/** Makes a check of strings, numbers and truth values; gives nothing when the value fits. */
export function plainCheck(schema: Schema): (value: unknown) => Problem | undefined {
  const { type, format } = schema
  const wanted = type === 'integer' ? 'number' : type
  const values = allowedValues(schema)
  const [pattern, says] = format === undefined ? [] : (formats[format] ?? [])
  return (value) => {
    if (wanted !== undefined && typeof value !== wanted) {
      return { kind: 'shape', says: `is ${typeof value}, not ${type ?? ''}` }
    }
    if (type === 'integer' && !Number.isInteger(value)) return { kind: 'shape', says: 'is no whole number' }
    if (typeof value !== 'string') return undefined
    if (values !== undefined && !isAllowed(value, values, schema['x-flags'] !== undefined)) {
      return { kind: 'enum', says: `is "${value}", none of ${[...values.values()].join(', ')}` }
    }
    if (pattern === undefined || says === undefined || value.length > longestMatched) return undefined
    return pattern.test(value) ? undefined : { kind: 'format', says }
  }
}

function allowedValues(schema: Schema): ReadonlyMap<string, string> | undefined {
  const values = schema['x-flags'] ?? schema.enum?.filter((value) => value !== null)
  return values && new Map(values.map((value) => [value.toLowerCase(), value]))
}

/** The schema and the examples write enumerations in different case. Flags are listed with commas. */
function isAllowed(value: string, values: ReadonlyMap<string, string>, flags: boolean): boolean {
  const given = flags ? value.split(',').map((part) => part.trim()) : [value]
  return given.every((one) => values.has(one.toLowerCase()))
}
