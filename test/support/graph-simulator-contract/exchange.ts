import type { AnsweredRequest } from '../graph-simulator/observer.ts'
import type { FoundOperation, OperationIndex } from './operations.ts'
import type { Media, Operation } from './contract-data.ts'
import type { Finding, Sink } from './finding.ts'
import type { SchemaChecks } from './schema-checks.ts'

export type Side = 'request' | 'answer'

/** Something that does not fit the contract. */
export interface Violation extends Omit<Finding, 'kind'> {
  /** `GET /users/{user-id}/messages`, or the path when the contract has no such operation. */
  readonly operation: string
  readonly side: Side
  readonly kind: Finding['kind'] | 'unknown-operation' | 'unexpected-body' | 'content-type' | 'query' | 'precondition'
}

export interface ContractParts {
  readonly operations: OperationIndex
  readonly checks: SchemaChecks
}

export interface CheckedExchange {
  /** Undefined when the contract has no such operation. */
  readonly operation: string | undefined
  readonly violations: readonly Violation[]
}

const errorSchema = 'microsoft.graph.ODataErrors.ODataError'

/** Compares one request and its answer with the contract. */
export function checkExchange(parts: ContractParts, exchange: AnsweredRequest): CheckedExchange {
  const violations: Violation[] = []
  const found = parts.operations.find(exchange.method, pathBelowVersion(exchange.path))
  const name = found?.name ?? `${exchange.method} ${exchange.path}`
  const report = (side: Side) => (finding: Omit<Violation, 'operation' | 'side'>) => {
    violations.push({ operation: name, side, ...finding })
  }
  const { status, json } = exchange.answer
  if (status >= 400) {
    if (json !== undefined) parts.checks.byName(errorSchema)(json, 'error', errorSchema, { add: report('answer') })
  } else if (found === undefined) {
    const says = 'is not in the contract'
    report('request')({ about: 'operation', place: name, kind: 'unknown-operation', says })
  } else {
    checkParameters(found.operation, exchange, report('request'))
    checkRequest(parts, found, exchange, report('request'))
    checkAnswer(parts, found, exchange, report('answer'))
  }
  return { operation: found?.name, violations }
}

function pathBelowVersion(path: string): string {
  return path.replace(/^\/v1\.0(?=\/)/i, '')
}

type Report = (finding: Omit<Violation, 'operation' | 'side'>) => void

/** OData's options and the precondition, as far as the operation documents them. */
function checkParameters(
  { parameters = [] }: Operation,
  { queryText, requestHeaders }: AnsweredRequest,
  report: Report,
): void {
  const documented = new Set(
    parameters.map(({ $ref, name }) =>
      ($ref === undefined ? (name ?? '') : ($ref.split('/').at(-1) ?? '')).toLowerCase(),
    ),
  )
  for (const name of optionsOf(queryText).keys()) {
    if (!name.startsWith('$') || opaqueOptions.has(name) || documented.has(name.slice(1))) continue
    report({ about: name, place: name, kind: 'query', says: 'is not documented' })
  }
  if (documented.has('header.if-match.required') && requestHeaders['if-match'] === undefined) {
    report({ about: 'If-Match', place: 'If-Match', kind: 'precondition', says: 'is missing' })
  }
}

/** Graph itself writes them into its links. */
const opaqueOptions = new Set(['$skiptoken', '$deltatoken'])

function checkRequest(
  { checks }: ContractParts,
  { operation }: FoundOperation,
  { requestBody, requestHeaders }: AnsweredRequest,
  report: Report,
): void {
  if (requestBody.length === 0) return
  const type = mediaType(requestHeaders['content-type'])
  const content = operation.requestBody?.content
  if (content === undefined) {
    report({ about: 'body', place: 'the body', kind: 'unexpected-body', says: 'is not wanted' })
    return
  }
  const media = content[type]
  if (media === undefined) {
    if (!isBinary(content)) {
      const says = `is ${type}, none of ${Object.keys(content).join(', ')}`
      report({ about: 'body', place: 'the content type', kind: 'content-type', says })
    }
    return
  }
  if (type !== 'application/json' || media.schema === undefined) return
  const named = media.schema.$ref?.replace('#/components/schemas/', '')
  const sink: Sink = named === undefined ? { anyCase: true, add: report } : { add: report }
  checks.compile(media.schema, named ?? 'parameters')(jsonOf(requestBody), 'body', 'body', sink)
}

/** Streams are documented as octets; what they are of (a picture, a text) is the sender's affair. */
const isBinary = (content: Readonly<Record<string, Media>>): boolean =>
  content['application/octet-stream'] !== undefined

function jsonOf(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'))
}

function checkAnswer(
  { checks }: ContractParts,
  { operation }: FoundOperation,
  { answer, method, queryText }: AnsweredRequest,
  report: Report,
): void {
  if (answer.json === undefined) return
  const success = operation.responses['2XX'] ?? operation.responses['200'] ?? operation.responses['202']
  const media = success?.content?.['application/json']
  if (media?.schema === undefined) {
    report({ about: 'body', place: 'the body', kind: 'unexpected-body', says: 'is not documented' })
    return
  }
  const query = optionsOf(queryText)
  const named = media.schema.$ref?.replace('#/components/schemas/', '')
  const expanded = method === 'GET' ? expandedNames(query) : undefined
  checks.compile(media.schema, named ?? 'answer')(answer.json, 'answer', 'answer', { expanded, add: report })
  const selected = namesIn(query.get('$select'))
  if (method === 'GET' && selected !== undefined) {
    checkSelected(answer.json, new Set([...selected, ...(expanded ?? []), 'id']), report)
  }
}

/** Nobody gets properties that he did not ask for. */
function checkSelected(json: unknown, selected: ReadonlySet<string>, report: Report): void {
  const list = isRecord(json) && Array.isArray(json.value) ? (json.value as unknown[]) : [json]
  for (const entity of list.slice(0, 2)) {
    if (!isRecord(entity)) continue
    for (const [name, value] of Object.entries(entity)) {
      if (value === undefined || name.includes('@') || selected.has(name.toLowerCase())) continue
      report({ about: name, place: `answer.${name}`, kind: 'not-selected', says: 'was not selected' })
    }
  }
}

/** Names in lower case and with the `$` that v1.0 does not insist on. */
function optionsOf(queryText: string): ReadonlyMap<string, string> {
  return new Map(
    [...new URLSearchParams(queryText)].map(([name, value]) => {
      const key = name.toLowerCase()
      return [systemOptions.has(`$${key}`) ? `$${key}` : key, value]
    }),
  )
}

const systemOptions = new Set(['$count', '$expand', '$filter', '$orderby', '$search', '$select', '$skip', '$top'])

/** What `$select` asks for, lower case; undefined when it is not there. */
export function selectedNames(queryText: string): ReadonlySet<string> | undefined {
  const names = namesIn(optionsOf(queryText).get('$select'))
  return names && new Set(names)
}

/** `body/content` shows `body`; `microsoft.graph.fileAttachment/contentId` shows `contentId`. */
function namesIn(list: string | undefined): readonly string[] | undefined {
  return list?.split(',').map((name) => {
    const [first = '', second = ''] = name.trim().split('/')
    return (first.includes('.') ? second : first).toLowerCase()
  })
}

/** All words of `$expand`, inner ones too: what stands where in it does not matter here. A delta link has its own inside. */
function expandedNames(query: ReadonlyMap<string, string>): ReadonlySet<string> | undefined {
  if (query.has('$skiptoken') || query.has('$deltatoken') || query.has('token')) return undefined
  return new Set((query.get('$expand') ?? '').toLowerCase().match(/\w+/g) ?? [])
}

function mediaType(header: string | undefined): string {
  return (header ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? ''
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
