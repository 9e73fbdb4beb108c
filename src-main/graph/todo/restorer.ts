import type { Clock } from '../../engine/ports/clock.ts'
import type { DataTypeRestorer, ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { systemClock } from '../client/system-clock.ts'
import type { GraphClient } from '../client/types.ts'
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { ExistingTasks } from './existing-tasks.ts'
import { sourceOf } from './mark.ts'
import { asTodoTarget, begin, findList } from './restore-targets.ts'
import type { TodoSession, TodoTarget } from './restore-targets.ts'
import { createTask } from './task-creation.ts'
import { addFollowers, followerRequests } from './task-followers.ts'

/** As many as a mailbox takes at the same time. */
const concurrency = 4

/**
 * Restores To Do lists and tasks.
 *
 * - To Do has no folders: for a target folder, a list comes back as "<name> (<target folder>)" beside the one that is
 *   there. "/" puts every list where it was: the default list into the default list, others into the user's own list of
 *   the same name. The list of flagged emails takes no tasks: they become plain tasks of a list beside it.
 * - A task is a duplicate if the list has it itself, or one that was restored from it (a hidden mark says so), or one of
 *   the same title, note and due date that nothing else of the snapshot stands for.
 * - Steps and files follow the creation; a task is marked as unfinished for as long, and the next restore completes it.
 * - Lists are not shared again, and nobody is told anything.
 *
 * https://learn.microsoft.com/graph/api/resources/todo-overview
 */
export function todoRestorer(client: GraphClient, clock: Clock = systemClock): DataTypeRestorer {
  const mailboxOf = (session: TodoSession, signal: AbortSignal): Mailbox => ({ client, user: session.root.id, signal })
  return {
    folder: 'tasks',
    concurrency,
    keepsEmpty: true,
    requests: (item) => 1 + followerRequests(item),
    begin: (root, options, signal) => begin({ client, user: root.id, signal }, root, options),
    container: (parent, container, signal) => {
      const target = asTodoTarget(parent)
      return findList(mailboxOf(target.session, signal), target, container)
    },
    item: (container, item, signal) => {
      const known = asTodoTarget(container)
      const mailbox = mailboxOf(known.session, signal)
      return outcomeOf(async () => {
        const target = (await known.whenNeeded?.()) ?? known
        return await createUnlessThere({ mailbox, clock, target }, item)
      })
    },
  }
}

interface Place {
  readonly mailbox: Mailbox
  readonly clock: Clock
  readonly target: TodoTarget
}

async function createUnlessThere({ mailbox, clock, target }: Place, item: RestoreItem): Promise<ItemOutcome> {
  const { session, id: list } = target
  const { dryRun, ignoreExisting } = session.options
  const remarks = (): RestoreRemark[] => [...target.taskRemarks, ...target.listRemarks.splice(0)]
  if (list === undefined || (dryRun && ignoreExisting)) return { kind: 'created', id: '', ...told(remarks()) }
  const existing = await existingTasks(mailbox, session, list)
  const id = text(item.metadata, 'o365:Id') ?? ''
  const met = ignoreExisting ? undefined : existing.meet(id, sourceOf(id), propertiesOf(item.metadata))
  if (met?.unfinished === false) return { kind: 'duplicate' }
  if (met !== undefined) {
    const task = { mailbox, clock, list, task: met.id, mayHaveSome: true }
    const more = dryRun ? [] : await addFollowers(task, item)
    return { kind: 'duplicate', completed: true, ...told([...remarks(), ...more]) }
  }
  if (dryRun) return { kind: 'created', id: '', ...told(remarks()) }
  const created = await createTask({ mailbox, list, existing }, item)
  const more = await addFollowers({ mailbox, clock, list, task: created.id, mayHaveSome: false }, item)
  return { kind: 'created', id: created.id, ...told([...remarks(), ...created.remarks, ...more]) }
}

function told(remarks: readonly RestoreRemark[]): { readonly remarks?: readonly RestoreRemark[] } {
  return remarks.length === 0 ? {} : { remarks }
}

function existingTasks(mailbox: Mailbox, session: TodoSession, list: string): Promise<ExistingTasks> {
  const known = session.existing.get(list)
  if (known !== undefined) return known
  const tasks = new ExistingTasks(list)
  const loading = tasks.load(mailbox).then(() => tasks)
  session.existing.set(list, loading)
  loading.catch(() => session.existing.delete(list))
  return loading
}
