import { isEngineError } from '../../engine/model/errors.ts'
import type { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { BatchAnswer } from '../client/types.ts'
import { isObject, text } from '../item/fields.ts'
import { plannerPool, plannerRequest } from './planner-request.ts'
import type { Planner } from './planner-request.ts'

/** Times that a change is sent which meets another version than the one it names. */
const attempts = 4

/** Every change names the version that it is of. */
const representation = ['return=representation']

/** A change of one of Planner's objects. */
export interface Part {
  readonly path: string
  readonly body: JsonObject
}

/** What became of a part: the changed object, or why not. */
export type PartAnswer =
  { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly error: EngineError }

/** Changes objects that do not depend on each other: their versions are read in one round trip, and changed in another. */
export async function patchParts(planner: Planner, parts: readonly Part[]): Promise<readonly PartAnswer[]> {
  if (parts.length === 0) return []
  const options = { pool: plannerPool, signal: planner.signal }
  const reads = await planner.client.batch(
    parts.map(({ path }) => ({ path })),
    options,
  )
  const ready = parts.flatMap((part, index) => {
    const etag = etagIn(reads[index])
    return etag === undefined ? [] : [{ part, etag }]
  })
  const members = ready.map(({ part: { path, body }, etag }) => ({
    method: 'PATCH' as const,
    path,
    body,
    headers: { 'If-Match': etag },
    prefer: representation,
  }))
  const answers = members.length === 0 ? [] : await planner.client.batch(members, options)
  const sent = new Map(ready.map(({ part }, index) => [part, answers[index]]))
  return await Promise.all(parts.map((part, index) => settle(planner, part, sent.get(part) ?? reads[index])))
}

function etagIn(answer: BatchAnswer | undefined): string | undefined {
  return answer?.ok === true && isObject(answer.body) ? text(answer.body, '@odata.etag') : undefined
}

async function settle(planner: Planner, part: Part, answer: BatchAnswer | undefined): Promise<PartAnswer> {
  if (answer?.ok === true) return { ok: true, value: isObject(answer.body) ? answer.body : {} }
  if (answer !== undefined && !isEngineError(answer.error, 'graph.conflict')) return answer
  try {
    return { ok: true, value: await patch(planner, part) }
  } catch (error) {
    if (!isEngineError(error) || error.code === 'cancelled') throw error
    return { ok: false, error }
  }
}

/** Changes one object, read again for as long as another version is there than the one named. */
export async function patch(planner: Planner, { path, body }: Part, known?: string): Promise<JsonObject> {
  let etag = known
  for (let left = attempts; ; left -= 1) {
    etag ??= await readEtag(planner, path)
    try {
      const request = plannerRequest(planner, path)
      const headers = { 'If-Match': etag }
      const changed = await planner.client.json<JsonObject | undefined>({
        ...request,
        method: 'PATCH',
        headers,
        body,
        prefer: representation,
      })
      return changed ?? {}
    } catch (error) {
      if (!isEngineError(error, 'graph.conflict') || left <= 1) throw error
      etag = undefined
    }
  }
}

async function readEtag(planner: Planner, path: string): Promise<string> {
  return text(await planner.client.json<JsonObject>(plannerRequest(planner, path)), '@odata.etag') ?? ''
}
