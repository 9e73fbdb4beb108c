import type { DocumentedExample } from '../contract-data.ts'
import type { Json, JsonObject } from './json.ts'

/** Asks the simulator; the body is undefined when it is no JSON object. */
export type AskJson = (path: string) => Promise<{ readonly status: number; readonly json: JsonObject | undefined }>

/** What stands for the parameters of a path, by name. */
export type Found = Readonly<Record<string, string>>

/** Where to look when the collection right above a parameter does not say it, or which of its entries fit. */
export interface Seeds {
  /** Candidates for a parameter; undefined: those of the collection above it. */
  readonly ids: (parameter: string, operation: string, found: Found) => readonly string[] | undefined
  /** Path of the collection to ask instead of the one above the parameter; undefined: that one. */
  readonly collection: (parameter: string, operation: string, found: Found) => string | undefined
  /** Whether an entry of a collection will do for this operation, and for the example of it. */
  readonly accepts: (parameter: string, operation: string, entry: JsonObject, example: DocumentedExample) => boolean
}

interface Search {
  /** Method and path. */
  readonly operation: string
  readonly example: DocumentedExample
}

export interface Address {
  readonly path: string
  readonly found: Found
}

const mostCandidates = 40
const mostPages = 4

/**
 * Finds something for each parameter of an operation: `GET /users/{user-id}/todo/lists/{todoTaskList-id}/tasks/{..}`
 * becomes the address of a task that is there. Goes on to the next list when one has no tasks.
 */
export class Addresses {
  private readonly ask: AskJson
  private readonly seeds: Seeds

  constructor(ask: AskJson, seeds: Seeds) {
    this.ask = ask
    this.seeds = seeds
  }

  /** Undefined when nothing fits. */
  async find(search: Search): Promise<Address | undefined> {
    const path = search.operation.split(' ')[1] ?? ''
    return await this.walk(search, path.split('/').slice(1), '', {})
  }

  private async walk(
    search: Search,
    segments: readonly string[],
    walked: string,
    found: Found,
  ): Promise<Address | undefined> {
    const at = segments.findIndex((segment) => segment.includes('{'))
    if (at < 0) return { path: [walked, ...segments].join('/'), found }
    const before = [walked, ...segments.slice(0, at)].join('/')
    const segment = segments[at] ?? ''
    const name = /\{([^}]*)\}/.exec(segment)?.[1] ?? ''
    for (const candidate of await this.candidates(name, search, before, found)) {
      const place = `${before}/${segment.replace(/\{[^}]*\}/, encodeURI(candidate))}`
      const rest = await this.walk(search, segments.slice(at + 1), place, { ...found, [name]: candidate })
      if (rest !== undefined) return rest
    }
    return undefined
  }

  private async candidates(name: string, search: Search, above: string, found: Found): Promise<readonly string[]> {
    const { operation, example } = search
    const seeded = this.seeds.ids(name, operation, found)
    if (seeded !== undefined) return seeded
    const ids: string[] = []
    let next: string | undefined = this.seeds.collection(name, operation, found) ?? above
    for (let page = 0; next !== undefined && page < mostPages; page++) {
      const { status, json } = await this.ask(next)
      if (status !== 200 || json === undefined) break
      const fitting = entriesOf(json).filter((entry) => this.seeds.accepts(name, operation, entry, example))
      ids.push(...fitting.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])))
      const link: Json | undefined = json['@odata.nextLink']
      next = typeof link === 'string' ? link : undefined
    }
    return ids.slice(0, mostCandidates)
  }
}

function entriesOf({ value }: JsonObject): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonObject[]) : []
}
