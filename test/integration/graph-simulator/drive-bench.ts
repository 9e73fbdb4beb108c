import { fetch } from 'undici'
import type { RequestInit } from 'undici'
import type { GraphSimulator, SimulatorClock, SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import type { TenantDrives } from '../../support/graph-simulator/services/drive/index.ts'
import { signIn } from './client.ts'
import type { JsonBody } from './client.ts'
import { alex, withSmall } from './tenant.ts'

/** An answer, redirections not followed. */
export interface DriveAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly bytes: Buffer
  readonly json: JsonBody
  /** Graph's error codes, the outer one first; empty for an answer that is no error. */
  readonly codes: readonly string[]
}

export interface DriveBench {
  readonly simulator: GraphSimulator
  readonly drives: TenantDrives
  /** Of alex. */
  readonly drive: string
  /** A request to Graph, signed in. A path below the version, or a whole address. */
  readonly ask: (
    method: string,
    path: string,
    json?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<DriveAnswer>
  /** A request with any body, signed in. */
  readonly put: (
    path: string,
    body: Buffer | string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<DriveAnswer>
  /** A request to a pre-authenticated address. */
  readonly plain: (
    method: string,
    url: string,
    headers?: Readonly<Record<string, string>>,
    body?: Buffer,
  ) => Promise<DriveAnswer>
}

/** A time that a test moves by hand. */
export class HandClock implements SimulatorClock {
  private time = Date.parse('2026-03-01T12:00:00Z')

  now(): number {
    return this.time
  }

  wait(): Promise<void> {
    return Promise.resolve()
  }

  pass(milliseconds: number): void {
    this.time += milliseconds
  }
}

export async function withDrives(
  use: (bench: DriveBench) => Promise<void>,
  options: Partial<SimulatorOptions> = {},
): Promise<void> {
  await withSmall(async ({ simulator }) => {
    const authorization = `Bearer ${await signIn(simulator)}`
    const drives = drivesOf(simulator.tenant)
    const address = (path: string): string => (path.startsWith('http') ? path : `${simulator.graphBaseUrl}/v1.0${path}`)
    await use({
      simulator,
      drives,
      drive: drives.driveIds(alex)[0] ?? '',
      ask: (method, path, json, headers = {}) =>
        send(address(path), {
          method,
          headers: { authorization, ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
          ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        }),
      put: (path, body, headers = {}) =>
        send(address(path), { method: 'PUT', headers: { authorization, ...headers }, body }),
      plain: (method, url, headers = {}, body) =>
        send(url, { method, headers, ...(body === undefined ? {} : { body }) }),
    })
  }, options)
}

async function send(url: string, init: RequestInit): Promise<DriveAnswer> {
  const response = await fetch(url, { ...init, redirect: 'manual' })
  const bytes = Buffer.from(await response.arrayBuffer())
  const json = (): JsonBody => JSON.parse(bytes.toString('utf8')) as JsonBody
  return {
    status: response.status,
    headers: new Map(response.headers),
    bytes,
    get json() {
      return json()
    },
    get codes() {
      return response.status < 400 || bytes.length === 0 ? [] : codesOf(json())
    },
  }
}

function codesOf(body: JsonBody): string[] {
  const { error } = body as {
    readonly error?: { readonly code: string; readonly innerError: { readonly code?: string } }
  }
  return [error?.code, error?.innerError.code].filter((code) => code !== undefined)
}

export const downloadUrl = '@microsoft.graph.downloadUrl'

export function text(answer: { readonly json: JsonBody }, name: string): string {
  const value = answer.json[name]
  if (typeof value !== 'string') throw new TypeError(`No text at ${name}: ${JSON.stringify(answer.json)}`)
  return value
}

export type Item = Readonly<Record<string, unknown>> & { readonly id: string; readonly name?: string }

export function items(answer: DriveAnswer): Item[] {
  const { value } = answer.json
  if (!Array.isArray(value)) throw new TypeError(answer.bytes.toString('utf8'))
  return value as Item[]
}

export const names = (answer: DriveAnswer): (string | undefined)[] => items(answer).map(({ name }) => name)

/** Follows a delta round to its end. */
export async function round(
  bench: DriveBench,
  first: string,
): Promise<{ readonly pages: Item[][]; readonly items: Item[]; readonly deltaLink: string }> {
  const pages: Item[][] = []
  for (let link = first; ;) {
    const answer = await bench.ask('GET', link)
    if (answer.status !== 200) throw new Error(`${String(answer.status)} ${answer.codes.join(' ')}`)
    pages.push(items(answer))
    const { '@odata.nextLink': next, '@odata.deltaLink': delta } = answer.json
    if (typeof delta === 'string') return { pages, items: pages.flat(), deltaLink: delta }
    link = String(next)
  }
}
