import { isEngineError } from '../../engine/model/errors.ts'
import type { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { graphPath } from '../client/graph-url.ts'
import { createRequest, planAttachments } from './attachment-plan.ts'
import type { AttachmentPlan } from './attachment-plan.ts'
import { attachFile } from '../outlook/attachment-upload.ts'
import { removeMessage } from './existing-messages.ts'
import type { ExistingMessages } from './existing-messages.ts'
import { text } from '../item/fields.ts'
import { fileInMemory } from '../outlook/attachment-file.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { unfinishedMark } from '../outlook/marks.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import type { GraphMessage } from './graph-message.ts'
import type { MessageFile } from './mime-message.ts'
import { isRefusal, weakerForms } from './refusal.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

/** How long a message that could not be finished may take to be removed when the restore was cancelled. */
const cleanupMs = 10_000

/** Where messages are created. */
export interface CreationPlace {
  readonly mailbox: Mailbox
  readonly folder: string
  readonly existing: ExistingMessages
  readonly clock: Clock
}

/**
 * Creates the message with all its files and gives its Graph id. What does not fit into the create request follows; a
 * message is marked as unfinished for as long, and removed again if a file cannot be put on it: it is there as a whole
 * or not at all. After a crash the mark tells the next restore.
 */
export async function createMessage(place: CreationPlace, message: GraphMessage): Promise<string> {
  const plan = planAttachments(message)
  const { after, inside } = plan
  const id = await place.existing.alone(message.internetMessageId, () => createInSomeForm(place, message, plan))
  if (after.length === 0) return id
  try {
    await attachAll(place, id, after, inside.length)
    await markFinished(place.mailbox, id)
    return id
  } catch (error) {
    await takeBack(place, id, message)
    throw error
  }
}

async function createInSomeForm(place: CreationPlace, message: GraphMessage, plan: AttachmentPlan): Promise<string> {
  const forms = [message]
  let refusal: EngineError | undefined
  for (let form = forms.shift(); form !== undefined; form = forms.shift()) {
    try {
      return await createOnce(place, form, plan)
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (refusal === undefined) forms.push(...weakerForms(message, error))
      refusal ??= error
    }
  }
  throw refusal ?? new Error('no form of the message was tried')
}

/** Creates it once, even if an answer gets lost: before another attempt the folder is looked at. */
async function createOnce(place: CreationPlace, message: GraphMessage, plan: AttachmentPlan): Promise<string> {
  const { mailbox, folder, existing } = place
  const body = createRequest(message, plan)
  for (let left = attempts; ; left -= 1) {
    try {
      const id = await postMessage(mailbox, folder, body)
      existing.created(message.internetMessageId)
      return id
    } catch (error) {
      if (!hasUnknownOutcome(error)) throw error
      const id = await existing.findUnknown(mailbox, message.internetMessageId)
      if (id !== undefined) {
        existing.created(message.internetMessageId)
        return id
      }
      if (left <= 1) throw error
    }
  }
}

async function postMessage({ client, user, signal }: Mailbox, folder: string, body: JsonObject): Promise<string> {
  const path = graphPath`/users/${user}/mailFolders/${folder}/messages`
  const created = await client.json<JsonObject>({ method: 'POST', path, body, pool: mailboxPool(user), signal })
  return text(created, 'id') ?? ''
}

async function attachAll(
  { mailbox, clock }: CreationPlace,
  message: string,
  files: readonly MessageFile[],
  already: number,
): Promise<void> {
  const path = graphPath`/users/${mailbox.user}/messages/${message}`
  for (const [index, file] of files.entries()) {
    await attachFile({ mailbox, clock, path }, fileInMemory(file), already + index + 1)
  }
}

async function markFinished({ client, user, signal }: Mailbox, id: string): Promise<void> {
  await client.json<JsonObject>({
    method: 'PATCH',
    path: graphPath`/users/${user}/messages/${id}`,
    body: { singleValueExtendedProperties: [{ id: unfinishedMark, value: 'finished' }] },
    pool: mailboxPool(user),
    signal,
  })
}

/** Should this fail as well, the mark makes the next restore do it. */
async function takeBack(place: CreationPlace, id: string, message: GraphMessage): Promise<void> {
  const { client, user, signal } = place.mailbox
  try {
    await removeMessage({ client, user, signal: signal.aborted ? AbortSignal.timeout(cleanupMs) : signal }, id)
    place.existing.removed(message.internetMessageId)
  } catch (error) {
    if (!isEngineError(error)) throw error
  }
}
