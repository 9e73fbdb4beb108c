import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { BatchAnswer, GraphClient, GraphRequest } from '../client/types.ts'
import { isObject, list, text } from './fields.ts'

/** Body of a batch's member that succeeded; throws the error of one that did not. */
export function answerBody(answer: BatchAnswer | undefined): JsonObject {
  if (answer === undefined) throw malformed()
  if (!answer.ok) throw answer.error
  if (!isObject(answer.body)) throw malformed()
  return answer.body
}

/** All entries of a collection whose first page came in a batch: the rest of the pages by single requests. */
export async function answerEntries(
  client: GraphClient,
  answer: BatchAnswer | undefined,
  request: Pick<GraphRequest, 'pool' | 'signal'>,
): Promise<readonly JsonObject[]> {
  const body = answerBody(answer)
  const value = list(body, 'value')
  if (value === undefined) throw malformed()
  const entries = value.filter(isObject)
  const next = text(body, '@odata.nextLink')
  if (next === undefined) return entries
  for await (const page of client.pages<JsonObject>({ ...request, path: next })) entries.push(...page.value)
  return entries
}

function malformed(): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault: 'batch-answer' } })
}
