import { fetch } from 'undici'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'

/** A Graph answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly bytes: Buffer
  /** The body as JSON; throws when it is none. */
  readonly json: JsonBody
}

export type JsonBody = Readonly<Record<string, unknown>>

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: string | Buffer
  readonly immutable?: boolean
  readonly pageSize?: number
}

export type Graph = (path: string, ask?: Ask) => Promise<Answer>

/** A plain HTTP client, signed in. It knows nothing of Graph but the address and the token. */
export async function connect(simulator: GraphSimulator): Promise<Graph> {
  const token = await signIn(simulator)
  return (path, ask = {}) => request(address(simulator, path), { authorization: `Bearer ${token}` }, ask)
}

function address(simulator: GraphSimulator, path: string): string {
  return path.startsWith('http') ? path : `${simulator.graphBaseUrl}/v1.0${path}`
}

export async function request(url: string, base: Readonly<Record<string, string>>, ask: Ask = {}): Promise<Answer> {
  const prefer = [
    ...(ask.immutable === false ? [] : ['IdType="ImmutableId"']),
    ...(ask.pageSize === undefined ? [] : [`odata.maxpagesize=${String(ask.pageSize)}`]),
  ]
  const response = await fetch(url, {
    method: ask.method ?? 'GET',
    headers: {
      ...base,
      ...(prefer.length === 0 ? {} : { prefer: prefer.join(', ') }),
      ...(ask.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...ask.headers,
    },
    ...(ask.json === undefined ? {} : { body: JSON.stringify(ask.json) }),
    ...(ask.body === undefined ? {} : { body: ask.body }),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return {
    status: response.status,
    headers: new Map(response.headers),
    bytes,
    get json(): JsonBody {
      return JSON.parse(bytes.toString('utf8')) as JsonBody
    },
  }
}

export function tokenForm(simulator: GraphSimulator): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: simulator.clientId,
    client_secret: simulator.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  })
}

export function askForToken(
  simulator: GraphSimulator,
  form: URLSearchParams,
  tenant = simulator.tenantId,
): Promise<Answer> {
  return request(
    `${simulator.loginBaseUrl}/${tenant}/oauth2/v2.0/token`,
    {},
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      immutable: false,
    },
  )
}

export async function signIn(simulator: GraphSimulator): Promise<string> {
  const answer = await askForToken(simulator, tokenForm(simulator))
  return textAt(answer.json, 'access_token')
}

export type Entity = Readonly<Record<string, unknown>>

/** The entities of a collection answer. */
export function valueOf(answer: Answer): Entity[] {
  const { value } = answer.json
  if (!Array.isArray(value)) throw new TypeError(`No collection: ${answer.bytes.toString('utf8')}`)
  return value as Entity[]
}

export function textAt(entity: Entity, name: string): string {
  const value = entity[name]
  if (typeof value !== 'string') throw new TypeError(`No text at ${name}: ${JSON.stringify(entity)}`)
  return value
}

/** Graph's error code, or the whole answer when it is no error. */
export function errorCode(answer: Answer): string {
  const { error } = answer.json
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : JSON.stringify(answer.json)
}

export interface Round {
  readonly entities: Entity[]
  readonly pages: Entity[][]
  readonly deltaLink: string
}

/** Follows a delta round to its end. */
export async function followDelta(graph: Graph, first: string, ask: Ask = {}): Promise<Round> {
  const pages: Entity[][] = []
  let link = first
  for (;;) {
    const answer = await graph(link, ask)
    if (answer.status !== 200) throw new Error(`${String(answer.status)} ${errorCode(answer)}`)
    pages.push(valueOf(answer))
    const { '@odata.nextLink': next, '@odata.deltaLink': delta } = answer.json
    if (typeof delta === 'string') return { pages, entities: pages.flat(), deltaLink: delta }
    if (typeof next !== 'string') throw new TypeError('Neither nextLink nor deltaLink')
    link = next
  }
}
