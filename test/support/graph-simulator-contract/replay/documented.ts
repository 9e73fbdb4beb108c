import type { DocumentedExample } from '../contract-data.ts'
import type { Address, Found } from './addresses.ts'
import { isJsonObject, type Json } from './json.ts'

/** An example made ready to be sent. */
export interface Ready {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Why an example cannot be replayed; undefined when it can. */
export function hindrance(example: DocumentedExample): string | undefined {
  if (example.url.includes('/beta/')) return 'is about the beta version'
  if (example.responseStatus === null) return 'documents no answer'
  if (example.responseStatus >= 400) return 'documents an error of circumstances that cannot be made'
  if (/[$]?(delta|skip)token=|token=|delta\(token/i.test(example.url))
    return 'has a token of the tenant it was written in'
  const sends = example.method === 'POST' || example.method === 'PATCH' || example.method === 'PUT'
  const actsWithoutBody = /\/(permanentDelete|restoreVersion)$/.test(example.operation ?? '')
  if (sends && !actsWithoutBody && isEmpty(example.requestBody)) return 'has no body, although its request needs one'
  if (hasPlaceholder(example.requestBody) || /[?&][^=]+=\{/.test(example.url)) return 'has placeholders for values'
  return undefined
}

function isEmpty(body: unknown): boolean {
  return body === null || body === undefined || body === ''
}

/** `datetime-value`, `{id}`, `String`: what a reader is to fill in. */
function hasPlaceholder(value: unknown): boolean {
  if (typeof value === 'string')
    return /^(\{[^}]+\}|[\w ]+[- ]value|String|\.\.\.|<.*>)$/.test(value.trim()) || value.includes('...')
  if (Array.isArray(value)) return value.some(hasPlaceholder)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(hasPlaceholder)
}

export interface Substitutes {
  /** Value by the property's name, wherever it stands; what the example itself has is left when undefined. */
  readonly values: Readonly<Record<string, (found: Found) => Json | undefined>>
  /** Stands for any GUID of a user. */
  readonly user: string
}

/** The documented query, headers and body, at an address of the simulator. */
export function ready(example: DocumentedExample, at: Address, substitutes: Substitutes): Ready {
  const { search } = new URL(example.url, 'https://graph.microsoft.com')
  const headers = Object.fromEntries(
    Object.entries(example.requestHeaders ?? {})
      .filter(([name]) => /^(content-type|prefer|consistencylevel)$/i.test(name))
      .map(([name, value]) => [name.toLowerCase(), value]),
  )
  const { requestBody } = example
  const common = { method: example.method, path: at.path + search }
  if (isEmpty(requestBody)) return { ...common, headers, body: undefined }
  if (typeof requestBody === 'string') return { ...common, headers, body: requestBody.replace(/\r?\n/g, '\r\n') }
  const body = JSON.stringify(substituted(requestBody as Json, at.found, substitutes))
  return { ...common, headers: { 'content-type': 'application/json', ...headers }, body }
}

const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

function substituted(value: Json, found: Found, substitutes: Substitutes): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((entry) => substituted(entry, found, substitutes))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([name, entry]): [string, Json] => {
    const key = guid.test(name) ? substitutes.user : name
    return [key, substitutes.values[name]?.(found) ?? substituted(entry ?? null, found, substitutes)]
  })
  return Object.fromEntries(entries)
}
