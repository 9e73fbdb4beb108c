import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import type { OrderHints } from './order-hints.ts'
import { plannerPool, plannerRequest } from './planner-request.ts'
import type { Planner } from './planner-request.ts'

/** Times that a bucket is created whose creation has an unknown outcome. */
const attempts = 3

/** Name of the list of hints that buckets are in. */
const hintList = 'buckets'

/**
 * The buckets of a target plan, for those of a stored one: the very same, or the one of that name (the first of two for
 * the first of two), or a new one at its place.
 */
export class TargetBuckets {
  readonly #plan: string
  readonly #hints: OrderHints
  /** The stored ones, in their order. */
  readonly #stored: readonly JsonObject[]
  readonly #ids = new Map<string, Promise<string>>()
  #known = new Set<string>()

  constructor(plan: string, stored: readonly JsonObject[], hints: OrderHints) {
    this.#plan = plan
    this.#hints = hints
    this.#stored = stored.toSorted((one, other) => (hintOf(one) < hintOf(other) ? -1 : 1))
  }

  async load(planner: Planner): Promise<void> {
    const there = await this.#list(planner)
    this.#known = new Set(there.map(idOf))
    const free = new Map(there.map((bucket) => [idOf(bucket), bucket]))
    for (const stored of this.#stored) this.#match(stored, free.get(idOf(stored)), free)
    const byHint = there.toSorted((one, other) => (hintOf(one) < hintOf(other) ? -1 : 1))
    for (const stored of this.#stored) {
      const named = byHint.find((bucket) => free.has(idOf(bucket)) && nameOf(bucket) === nameOf(stored))
      if (!this.#ids.has(idOf(stored))) this.#match(stored, named, free)
    }
  }

  #match(stored: JsonObject, bucket: JsonObject | undefined, free: Map<string, JsonObject>): void {
    if (bucket === undefined) return
    free.delete(idOf(bucket))
    this.#ids.set(idOf(stored), Promise.resolve(idOf(bucket)))
    this.#hints.seed(hintList, hintOf(stored), hintOf(bucket))
  }

  /** Whether the stored plan had that bucket. */
  knows(stored: string): boolean {
    return this.#stored.some((bucket) => idOf(bucket) === stored)
  }

  /** The bucket that is there for a stored one. */
  async find(stored: string): Promise<string | undefined> {
    return await this.#ids.get(stored)
  }

  /** All buckets of the stored plan, in their order. */
  async ensureAll(planner: Planner): Promise<void> {
    for (const stored of this.#stored) await this.ensure(planner, idOf(stored))
  }

  async ensure(planner: Planner, stored: string): Promise<string | undefined> {
    const known = this.#ids.get(stored)
    const bucket = this.#stored.find((one) => idOf(one) === stored)
    if (known !== undefined || bucket === undefined) return await known
    const created = this.#hints.exclusively(() => this.#create(planner, bucket))
    this.#ids.set(stored, created)
    created.catch(() => this.#ids.delete(stored))
    return await created
  }

  async #create(planner: Planner, stored: JsonObject): Promise<string> {
    const placement = this.#hints.place(hintList, hintOf(stored))
    const name = filledText(stored, 'name') ?? '-'
    const body = { name, planId: this.#plan, orderHint: placement.hint }
    for (let left = attempts; ; left -= 1) {
      try {
        const { client, signal } = planner
        const request = { method: 'POST', path: '/planner/buckets', body, pool: plannerPool, signal } as const
        return this.#made(placement.settle, await client.json<JsonObject>(request))
      } catch (error) {
        if (!hasUnknownOutcome(error)) throw error
        const there = (await this.#list(planner)).find((one) => nameOf(one) === name && !this.#known.has(idOf(one)))
        if (there !== undefined) return this.#made(placement.settle, there)
        if (left <= 1) throw error
      }
    }
  }

  #made(settle: (hint: string | undefined) => void, bucket: JsonObject): string {
    settle(text(bucket, 'orderHint'))
    this.#known.add(idOf(bucket))
    return idOf(bucket)
  }

  async #list(planner: Planner): Promise<readonly JsonObject[]> {
    const path = graphPath`/planner/plans/${this.#plan}/buckets`
    const buckets: JsonObject[] = []
    for await (const page of planner.client.pages<JsonObject>(plannerRequest(planner, path)))
      buckets.push(...page.value)
    return buckets
  }
}

const idOf = (bucket: JsonObject): string => text(bucket, 'id') ?? ''
const nameOf = (bucket: JsonObject): string => text(bucket, 'name') ?? ''
const hintOf = (bucket: JsonObject): string => text(bucket, 'orderHint') ?? ''
