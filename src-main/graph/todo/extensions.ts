import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { BatchAnswer } from '../client/types.ts'
import { answerEntries } from '../item/batch-answers.ts'
import { isObject } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { isMark } from './mark.ts'
import { isFormRefused } from './refusal.ts'
import { plainValue } from '../item/listed-value.ts'

/** The open extensions of each of these lists or tasks, without our own mark; undefined where they cannot be read. */
export async function readExtensions(
  mailbox: Mailbox,
  paths: readonly string[],
): Promise<readonly (readonly JsonObject[] | undefined)[]> {
  if (paths.length === 0) return []
  const members = paths.map((path) => ({ path: `${path}/extensions` }))
  const answers = await mailbox.client.batch(members, { pool: mailboxPool(mailbox.user), signal: mailbox.signal })
  return await Promise.all(answers.map((answer) => extensionsIn(mailbox, answer)))
}

export async function extensionsIn(
  mailbox: Mailbox,
  answer: BatchAnswer | undefined,
): Promise<readonly JsonObject[] | undefined> {
  if (answer?.ok === false && isWithheld(answer.error)) return undefined
  return (await plainEntries(mailbox, answer)).filter((extension) => !isMark(extension))
}

/** Reading them takes the permission to write, which a backup need not have; what people see of a task is none of it. */
function isWithheld(error: unknown): boolean {
  return isEngineError(error, 'graph.forbidden') || isFormRefused(error)
}

/** A collection that a batch member asked for, whole and without Graph's annotations. */
export async function plainEntries(
  { client, user, signal }: Mailbox,
  answer: BatchAnswer | undefined,
): Promise<readonly JsonObject[]> {
  const entries = await answerEntries(client, answer, { pool: mailboxPool(user), signal })
  return entries.map(plainValue).filter(isObject)
}
