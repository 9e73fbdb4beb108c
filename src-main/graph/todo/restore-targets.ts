import { EngineError } from '../../engine/model/errors.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type {
  RestoreContainer,
  RestoreOptions,
  RestoreRemark,
  TargetContainer,
} from '../../engine/ports/restore-target.ts'
import { filledText, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { ExistingTasks } from './existing-tasks.ts'
import { TargetLists } from './target-lists.ts'
import type { TargetList } from './target-lists.ts'
import { extensionsJson } from './task-json.ts'

/** One restore into the lists of one user. */
export interface TodoSession {
  readonly root: Root
  readonly options: RestoreOptions
  readonly lists: TargetLists
  /** Name of the target folder; undefined for "/": every list goes where it was. */
  readonly label: string | undefined
  /** By the id of the stored list. */
  readonly targets: Map<string, Promise<TodoTarget>>
  /** By the id of the target list. */
  readonly existing: Map<string, Promise<ExistingTasks>>
}

/** A list of the target, with the restore that it belongs to. */
export interface TodoTarget extends TargetContainer {
  readonly session: TodoSession
  /** What every task of the list gets told. */
  readonly taskRemarks: readonly RestoreRemark[]
  /** What is said of the list itself: by the first of its tasks, since only those have remarks. */
  readonly listRemarks: RestoreRemark[]
  /** A list that is made for its tasks alone: without any it does not come into being. */
  readonly whenNeeded?: () => Promise<TodoTarget>
}

export function asTodoTarget(target: TargetContainer): TodoTarget {
  if (!('session' in target && 'taskRemarks' in target)) {
    throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  }
  // Nobody else makes targets with a session.
  return target as TodoTarget
}

export async function begin(mailbox: Mailbox, root: Root, options: RestoreOptions): Promise<TodoTarget> {
  const lists = new TargetLists()
  await lists.load(mailbox)
  const names = options.targetFolder.split('/').map((name) => name.trim())
  const label = names.filter((name) => name !== '').join(' ')
  const session: TodoSession = {
    root,
    options,
    lists,
    label: label === '' ? undefined : label,
    targets: new Map(),
    existing: new Map(),
  }
  return { session, id: root.id, path: label, taskRemarks: [], listRemarks: [] }
}

/** The list that a list of the snapshot goes into; asked again, the same. */
export function findList(mailbox: Mailbox, parent: TodoTarget, container: RestoreContainer): Promise<TodoTarget> {
  const { targets } = parent.session
  const source = filledText(container.metadata ?? {}, 'o365:Id') ?? container.dirName
  const known = targets.get(source)
  if (known !== undefined) return known
  const open = (): Promise<TodoTarget> => {
    const target = targets.get(source) ?? openList(mailbox, parent.session, container, source)
    targets.set(source, target)
    target.catch(() => targets.delete(source))
    return target
  }
  if (text(propertiesOf(container.metadata ?? {}), 'wellknownListName') !== flagged) return open()
  const { session, path } = parent
  return Promise.resolve({ session, id: undefined, path, taskRemarks: [], listRemarks: [], whenNeeded: open })
}

/** The list of flagged emails takes no tasks: they come back in a list beside it. */
const flagged = 'flaggedEmails'

async function openList(
  mailbox: Mailbox,
  session: TodoSession,
  { dirName, metadata = {} }: RestoreContainer,
  source: string,
): Promise<TodoTarget> {
  const properties = propertiesOf(metadata)
  const role = text(properties, 'wellknownListName') ?? 'none'
  const name = filledText(properties, 'displayName') ?? filledText(metadata, 'o365:Name') ?? dirName
  const isFlagged = role === flagged
  const label = session.label ?? (isFlagged ? 'Restored' : undefined)
  const wanted = {
    name: label === undefined ? name : `${name} (${label})`,
    source,
    extensions: extensionsJson(properties),
  }
  const home = isFlagged || session.label !== undefined ? undefined : homeOf(session.lists, source, role)
  const list = home ?? (await session.lists.ensure(mailbox, wanted, session.options.dryRun))
  return {
    session,
    id: list.id,
    path: list.name,
    taskRemarks: isFlagged ? [{ code: 'flagged-email-as-task' }] : [],
    listRemarks: home === undefined ? remarksOf(list, properties.isShared === true) : [],
  }
}

/** Where the list was: the very same one, or the list with the same part in the app. */
function homeOf(lists: TargetLists, source: string, role: string): TargetList | undefined {
  return lists.byId(source) ?? (role === 'defaultList' ? lists.defaultList() : undefined)
}

function remarksOf(list: TargetList, wasShared: boolean): RestoreRemark[] {
  return [
    ...(wasShared ? [{ code: 'list-not-shared' }] : []),
    ...(list.withoutExtensions ? [{ code: 'extensions-left-out' }] : []),
  ]
}
