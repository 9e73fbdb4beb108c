import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { cleanText } from '../outlook/clean-text.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { largestTaskFile, uploadRequests, uploadTaskFile } from './file-upload.ts'
import type { TaskFile } from './file-upload.ts'
import { markId, markJson, sourceOf } from './mark.ts'
import { namedFiles } from './task-body.ts'
import { objects } from './task-json.ts'

/** Times that a step is sent whose answer got lost. */
const lostAnswers = 4

/** Whether something of a task has to follow its creation: steps and files. */
export function hasFollowers(item: RestoreItem): boolean {
  return stepsOf(item).length > 0 || filesOf(item).files.length > 0
}

/** Steps and files of a stored task: one request each, two or more for a large file. */
export function followerRequests(item: RestoreItem): number {
  if (!hasFollowers(item)) return 0
  const files = filesOf(item).files.map(uploadRequests)
  return stepsOf(item).length + files.reduce((sum, requests) => sum + requests, 0) + 1
}

/** A task of the target that is being completed. */
export interface TaskPlace {
  readonly mailbox: Mailbox
  readonly clock: Clock
  readonly list: string
  readonly task: string
  /** A restore that was interrupted may have put some of it there. */
  readonly mayHaveSome: boolean
}

/** Puts steps and files on the task, as far as they are not there, and takes the mark of the unfinished away. */
export async function addFollowers(place: TaskPlace, item: RestoreItem): Promise<readonly RestoreRemark[]> {
  const { files, remarks } = filesOf(item)
  if (!hasFollowers(item) && !place.mayHaveSome) return remarks
  const refused = [...(await addSteps(place, stepsOf(item))), ...(await addFiles(place, files))]
  await markFinished(place, text(item.metadata, 'o365:Id') ?? '')
  return [...remarks, ...refused]
}

function stepsOf(item: RestoreItem): readonly JsonObject[] {
  const steps = objects(propertiesOf(item.metadata), 'checklistItems')
  // A step without a name cannot be made; the app makes none such either.
  return steps.filter((step) => filledText(step, 'displayName') !== undefined)
}

function filesOf(item: RestoreItem): {
  readonly files: readonly TaskFile[]
  readonly remarks: readonly RestoreRemark[]
} {
  const files: TaskFile[] = []
  const remarks: RestoreRemark[] = []
  for (const { file, part } of namedFiles(propertiesOf(item.metadata))) {
    const stored = item.parts.find(({ name }) => name === part)
    if (stored === undefined) remarks.push({ code: 'attachment-not-stored' })
    else if (stored.size > largestTaskFile) remarks.push({ code: 'attachment-too-large' })
    else files.push({ name: text(file, 'name') ?? part, contentType: filledText(file, 'contentType'), stored })
  }
  return { files, remarks }
}

function taskPath({ mailbox, list, task }: TaskPlace): string {
  return graphPath`/users/${mailbox.user}/todo/lists/${list}/tasks/${task}`
}

/** One after the other: the order in which they are made is the order in which people see them. */
async function addSteps(place: TaskPlace, steps: readonly JsonObject[]): Promise<readonly RestoreRemark[]> {
  const remarks: RestoreRemark[] = []
  const there = place.mayHaveSome && steps.length > 0 ? await children(place, 'checklistItems') : []
  const names = there.map((step) => text(step, 'displayName') ?? '')
  let count = names.length
  for (const step of steps) {
    const at = names.indexOf(cleanText(text(step, 'displayName') ?? ''))
    if (at >= 0) {
      names.splice(at, 1)
      continue
    }
    try {
      await addStep(place, step, count + 1)
      count += 1
    } catch (error) {
      if (!isEngineError(error, 'graph.request-refused')) throw error
      remarks.push({ code: 'checklist-item-refused' })
    }
  }
  return remarks
}

/** `position` counts the steps that are there afterwards: it tells whether one arrived whose answer got lost. */
async function addStep(place: TaskPlace, step: JsonObject, position: number): Promise<void> {
  const { client, user, signal } = place.mailbox
  const { id: _id, displayName: _name, ...facts } = step
  const body = { ...facts, displayName: cleanText(text(step, 'displayName') ?? '') }
  const path = `${taskPath(place)}/checklistItems`
  for (let left = lostAnswers; ; left -= 1) {
    try {
      await client.json<JsonObject>({ method: 'POST', path, body, pool: mailboxPool(user), signal })
      return
    } catch (error) {
      if (!hasUnknownOutcome(error) || left <= 1) throw error
      if ((await children(place, 'checklistItems')).length >= position) return
    }
  }
}

async function addFiles(place: TaskPlace, files: readonly TaskFile[]): Promise<readonly RestoreRemark[]> {
  const remarks: RestoreRemark[] = []
  const there = place.mayHaveSome && files.length > 0 ? await children(place, 'attachments') : []
  const known = there.map((file) => sameFile(file.size ?? null, text(file, 'name') ?? ''))
  let count = known.length
  for (const file of files) {
    const at = known.indexOf(sameFile(file.stored.size, cleanText(file.name)))
    if (at >= 0) {
      known.splice(at, 1)
      continue
    }
    try {
      await uploadTaskFile({ mailbox: place.mailbox, clock: place.clock, path: taskPath(place) }, file, count + 1)
      count += 1
    } catch (error) {
      if (!isEngineError(error, 'graph.request-refused')) throw error
      remarks.push({ code: 'attachment-refused' })
    }
  }
  return remarks
}

function sameFile(size: JsonValue, name: string): string {
  return JSON.stringify([size, name])
}

async function children(place: TaskPlace, name: string): Promise<readonly JsonObject[]> {
  const { client, user, signal } = place.mailbox
  const found: JsonObject[] = []
  const request = { path: `${taskPath(place)}/${name}`, query: { $top: 100 }, pool: mailboxPool(user), signal }
  for await (const page of client.pages<JsonObject>(request)) found.push(...page.value)
  return found
}

async function markFinished(place: TaskPlace, sourceId: string): Promise<void> {
  const { client, user, signal } = place.mailbox
  await client.json<JsonObject>({
    method: 'PATCH',
    path: `${taskPath(place)}${graphPath`/extensions/${markId}`}`,
    body: markJson({ source: sourceOf(sourceId), unfinished: false }),
    pool: mailboxPool(user),
    signal,
  })
}
