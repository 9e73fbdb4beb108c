import type { JsonObject } from '../../engine/model/json.ts'
import { shortId } from '../../engine/model/short-id.ts'
import { graphPath } from '../client/graph-url.ts'
import { record, text, time } from '../item/fields.ts'
import { detailsKey } from './details-json.ts'
import { plannerRequest } from './planner-request.ts'
import type { Planner } from './planner-request.ts'
import { hasDetails } from './task-properties.ts'
import { plannerTitle, unfinishedSource } from './unfinished.ts'

export interface Met {
  readonly id: string
  readonly orderHint: string | undefined
  readonly unfinished: boolean
}

/**
 * The tasks of a target plan, listed once. Each that was there before stands for one item of the snapshot: the task
 * itself, the one that a restore left unfinished, or one of the same title, bucket, dates and details.
 */
export class ExistingTasks {
  readonly #plan: string
  readonly #unmet = new Map<string, JsonObject>()
  readonly #byKey = new Map<string, JsonObject[]>()
  readonly #started = new Map<string, JsonObject>()
  readonly #known = new Set<string>()
  #before: Promise<unknown> = Promise.resolve()

  constructor(plan: string) {
    this.#plan = plan
  }

  async load(planner: Planner): Promise<void> {
    for await (const task of this.#all(planner)) {
      const id = text(task, 'id') ?? ''
      this.#known.add(id)
      this.#unmet.set(id, task)
      const source = unfinishedSource(text(task, 'title') ?? '')
      if (source !== undefined) this.#started.set(source, task)
      const key = taskKey(task, text(task, 'bucketId'))
      this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), task])
    }
  }

  /**
   * The task that stands for a stored one. `bucket`: where the stored one would go. One after the other: two stored tasks
   * that are alike but for their details would each hold the task that the other one looks for.
   */
  meet(planner: Planner, id: string, properties: JsonObject, bucket: string | undefined): Promise<Met | undefined> {
    const found = this.#before.then(() => this.#find(planner, id, properties, bucket))
    this.#before = found.catch(() => undefined) // whoever asked has the failure
    return found
  }

  async #find(
    planner: Planner,
    id: string,
    properties: JsonObject,
    bucket: string | undefined,
  ): Promise<Met | undefined> {
    const own = this.#take(this.#unmet.get(id))
    if (own !== undefined) return met(own, false)
    const started = this.#take(this.#started.get(shortId(id)))
    if (started !== undefined) return met(started, true)
    for (const task of this.#byKey.get(taskKey(properties, bucket)) ?? []) {
      if (this.#take(task) === undefined) continue
      if (await hasSameDetails(planner, task, record(properties, 'details') ?? {})) return met(task, false)
      this.#unmet.set(text(task, 'id') ?? '', task)
    }
    return undefined
  }

  created(id: string): void {
    this.#known.add(id)
  }

  /** A task of that title that nobody knows of: the creation whose answer got lost. */
  async findUnknown(planner: Planner, title: string): Promise<JsonObject | undefined> {
    for await (const task of this.#all(planner))
      if (text(task, 'title') === title && !this.#known.has(text(task, 'id') ?? '')) return task
    return undefined
  }

  #take(task: JsonObject | undefined): JsonObject | undefined {
    return task !== undefined && this.#unmet.delete(text(task, 'id') ?? '') ? task : undefined
  }

  async *#all(planner: Planner): AsyncGenerator<JsonObject, void, undefined> {
    const path = graphPath`/planner/plans/${this.#plan}/tasks`
    for await (const page of planner.client.pages<JsonObject>(plannerRequest(planner, path))) yield* page.value
  }
}

function met(task: JsonObject, unfinished: boolean): Met {
  return { id: text(task, 'id') ?? '', orderHint: text(task, 'orderHint'), unfinished }
}

function taskKey(task: JsonObject, bucket: string | undefined): string {
  const title = plannerTitle(text(task, 'title') ?? '')
  return JSON.stringify([title, bucket ?? '', time(task, 'startDateTime') ?? 0, time(task, 'dueDateTime') ?? 0])
}

async function hasSameDetails(planner: Planner, task: JsonObject, stored: JsonObject): Promise<boolean> {
  const wanted = detailsKey(stored)
  if (!hasDetails(task)) return wanted === detailsKey({})
  const path = graphPath`/planner/tasks/${text(task, 'id') ?? ''}/details`
  return detailsKey(await planner.client.json<JsonObject>(plannerRequest(planner, path))) === wanted
}
