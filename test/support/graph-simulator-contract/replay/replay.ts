import type { DocumentedExample } from '../contract-data.ts'
import { selectedNames } from '../exchange.ts'
import type { OperationIndex } from '../operations.ts'
import type { SchemaChecks } from '../schema-checks.ts'
import { simulatedOperations } from '../simulated-operations.ts'
import { Addresses, type Seeds } from './addresses.ts'
import { hindrance, ready, type Ready, type Substitutes } from './documented.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { shapeDifferences } from './shapes.ts'

export interface Verdict {
  readonly example: DocumentedExample
  /** `refused`: the simulator says with 400 that it does not know what the example asks for. */
  readonly outcome: 'fits' | 'differs' | 'refused' | 'skipped'
  readonly why: string
}

/** Sends a request and does not follow redirections. */
export type Send = (request: Ready) => Promise<{
  readonly status: number
  readonly json: JsonObject | undefined
}>

export interface ReplayParts {
  readonly operations: OperationIndex
  readonly checks: SchemaChecks
  readonly send: Send
  readonly seeds: Seeds
  readonly substitutes: Substitutes
}

/** Sends the documented requests to a simulator that has everything, and compares the answers with the documented ones. */
export class Replay {
  private readonly parts: ReplayParts
  private readonly simulated: ReadonlySet<string>
  private readonly addresses: Addresses
  /** Listings asked for since something was last changed. */
  private readonly listings = new Map<string, { readonly status: number; readonly json: JsonObject | undefined }>()

  constructor(parts: ReplayParts) {
    this.parts = parts
    this.simulated = simulatedOperations(parts.operations)
    this.addresses = new Addresses((path) => this.list(path), parts.seeds)
  }

  /** One after the other, reading first and deleting last. */
  async run(examples: readonly DocumentedExample[]): Promise<readonly Verdict[]> {
    const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']
    const rank = ({ method }: DocumentedExample): number => methods.indexOf(method)
    const verdicts: Verdict[] = []
    for (const example of examples.toSorted((one, other) => rank(one) - rank(other))) {
      verdicts.push({ example, ...(await this.verdict(example)) })
    }
    return verdicts
  }

  private async verdict(example: DocumentedExample): Promise<Omit<Verdict, 'example'>> {
    const operation = (example.operation ?? '').replace(/ \/me(?=\/|$)/, ' /users/{user-id}')
    if (!this.simulated.has(operation)) return { outcome: 'skipped', why: 'is about something that is not simulated' }
    const why = hindrance(example)
    if (why !== undefined) return { outcome: 'skipped', why }
    const address = await this.addresses.find({ operation, example })
    if (address === undefined) return { outcome: 'skipped', why: 'finds nothing at its address' }
    const request = ready(example, address, this.parts.substitutes)
    const answer = await this.parts.send(await this.withEtag(request))
    if (request.method !== 'GET') this.listings.clear()
    if (answer.status === example.responseStatus) return this.compared(example, operation, answer.json)
    if (answer.status === 400 && isUnknown(answer.json)) return { outcome: 'refused', why: message(answer.json) }
    const says = `${String(answer.status)}, not ${String(example.responseStatus)}: ${message(answer.json)}`
    return { outcome: 'differs', why: says }
  }

  private compared(
    { url, responseBody }: DocumentedExample,
    operation: string,
    answered: JsonObject | undefined,
  ): Omit<Verdict, 'example'> {
    if (answered === undefined) return { outcome: 'fits', why: '' }
    const selected = selectedNames(new URL(url, 'https://graph.microsoft.com').search)
    const options = { selected, unfit: this.unfitPlaces(operation, responseBody) }
    const differences = shapeDifferences(responseBody, answered, options)
    if (differences.length === 0) return { outcome: 'fits', why: '' }
    return { outcome: 'differs', why: differences.map(({ place, says }) => `${place} ${says}`).join('; ') }
  }

  /** About 6 % of the examples do not fit their own schema: what they say there binds nobody. */
  private unfitPlaces(operation: string, body: unknown): ReadonlySet<string> {
    const [method = '', path = ''] = operation.split(' ')
    const responses = this.parts.operations.find(method, path)?.operation.responses
    const schema = responses?.['2XX']?.content?.['application/json']?.schema
    const places = new Set<string>()
    if (schema !== undefined && isJsonObject(body)) {
      const add = ({ place }: { readonly place: string }): unknown => places.add(place)
      this.parts.checks.compile(schema, 'answer')(body, 'answer', 'answer', { expanded: new Set(), add })
    }
    return places
  }

  /** Planner wants to see the state that is to be changed. */
  private async withEtag(request: Ready): Promise<Ready> {
    if (!request.path.startsWith('/planner/') || request.method === 'GET' || request.method === 'POST') return request
    const { json } = await this.parts.send({ method: 'GET', path: request.path, headers: {}, body: undefined })
    const etag = json?.['@odata.etag']
    return typeof etag === 'string' ? { ...request, headers: { ...request.headers, 'if-match': etag } } : request
  }

  private async list(path: string): ReturnType<Send> {
    const known = this.listings.get(path)
    if (known !== undefined) return known
    const listed = await this.parts.send({ method: 'GET', path, headers: {}, body: undefined })
    this.listings.set(path, listed)
    return listed
  }
}

const unknownThings =
  /query option|Parsing|Could not find a property|Invalid filter|is not supported|cannot be expanded|does not exist\.$/

function isUnknown(json: JsonObject | undefined): boolean {
  return unknownThings.test(message(json))
}

function message(json: JsonObject | undefined): string {
  const error = json?.error
  return isJsonObject(error) && typeof error.message === 'string' ? error.message : ''
}
