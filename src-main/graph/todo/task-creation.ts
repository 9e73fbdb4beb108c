import { isEngineError } from '../../engine/model/errors.ts'
import type { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import type { ExistingTasks } from './existing-tasks.ts'
import { markJson, sourceOf } from './mark.ts'
import { isFormRefused } from './refusal.ts'
import { extensionsJson, taskJson, weakerForms } from './task-json.ts'
import type { TaskRequest } from './task-json.ts'
import { hasFollowers } from './task-followers.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

/** Where tasks are created. */
export interface CreationPlace {
  readonly mailbox: Mailbox
  readonly list: string
  readonly existing: ExistingTasks
}

interface CreatedTask {
  readonly id: string
  readonly remarks: readonly RestoreRemark[]
}

/** Creates the task as far as one request goes; it is marked as unfinished if something of it has to follow. */
export async function createTask(place: CreationPlace, item: RestoreItem): Promise<CreatedTask> {
  const properties = propertiesOf(item.metadata)
  const source = sourceOf(text(item.metadata, 'o365:Id') ?? '')
  const mark = markJson({ source, unfinished: hasFollowers(item) })
  let refusal: EngineError | undefined
  for (const { json, remarks } of formsOf(properties, mark)) {
    try {
      return { id: await createOnce(place, source, json), remarks }
    } catch (error) {
      if (!isFormRefused(error) || !isEngineError(error)) throw error
      refusal ??= error
    }
  }
  throw refusal ?? new Error('no form of the task was tried')
}

/** As stored, then without the extensions of others, then weaker and weaker. */
function formsOf(properties: JsonObject, mark: JsonObject): readonly TaskRequest[] {
  const whole = taskJson(properties)
  const extensions = extensionsJson(properties)
  const own: TaskRequest = { ...whole, json: { ...whole.json, extensions: [mark] } }
  if (extensions.length === 0) return [own, ...weakerForms(own)]
  const first: TaskRequest = { ...whole, json: { ...whole.json, extensions: [mark, ...extensions] } }
  const left: TaskRequest = { ...own, remarks: [...own.remarks, { code: 'extensions-left-out' }] }
  return [first, left, ...weakerForms(left)]
}

/** Creates it once, even if an answer gets lost: before another attempt the list is looked at. */
async function createOnce(place: CreationPlace, source: string, body: JsonObject): Promise<string> {
  const { client, user, signal } = place.mailbox
  const path = graphPath`/users/${user}/todo/lists/${place.list}/tasks`
  for (let left = attempts; ; left -= 1) {
    try {
      const created = await client.json<JsonObject>({ method: 'POST', path, body, pool: mailboxPool(user), signal })
      const id = text(created, 'id') ?? ''
      place.existing.created(id)
      return id
    } catch (error) {
      if (!hasUnknownOutcome(error)) throw error
      const id = await place.existing.findUnknown(place.mailbox, source)
      if (id !== undefined) {
        place.existing.created(id)
        return id
      }
      if (left <= 1) throw error
    }
  }
}
