import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ContainerListing } from '../../engine/ports/data-type.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { answerBody } from '../item/batch-answers.ts'
import { isObject, text } from '../item/fields.ts'
import {
  childrenMember,
  deltaMember,
  isAbsent,
  namedMember,
  remainingPages,
  wellKnownNames,
} from './folder-requests.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { childCount, FolderState, knownFolders, readCursor, readFolder, toContainers } from './folder-state.ts'
import type { Folder, FolderCursor } from './folder-state.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { isDeltaRefused } from '../outlook/quota.ts'
import { isRecoverable, readRecoverable, recoverableMembers, type RecoverableItems } from './recoverable-items.ts'

interface FolderListing {
  readonly listing: ContainerListing
  /** Fingerprint of Recoverable Items, if they are among the containers and it could be told. */
  readonly fingerprint: string | undefined
}

/**
 * All mail folders, hidden ones included, and Recoverable Items if there is something in it. An unchanged mailbox costs
 * one request: a batch of the folder delta, the top level (a delta does not promise hidden folders), Recoverable Items,
 * and the levels that are known to hold hidden folders.
 *
 * A mailbox that cannot use delta is walked level by level; a dead cursor makes the listing begin anew, which loses
 * nothing since a listing is always complete.
 */
export async function listFolders(mailbox: Mailbox, last: ContainerListing | undefined): Promise<FolderListing> {
  const cursor = readCursor(last?.cursor)
  if (last === undefined || cursor === undefined) return await listAnew(mailbox, last)
  try {
    return await listChanges(mailbox, last, cursor)
  } catch (error) {
    if (isEngineError(error, 'graph.cursor-lost') || isDeltaRefused(error)) return await listAnew(mailbox, last)
    throw error
  }
}

async function listAnew(mailbox: Mailbox, last: ContainerListing | undefined): Promise<FolderListing> {
  const { user } = mailbox
  // By itself: many users have no mailbox, and one question is enough to learn that.
  const [rootAnswer] = await sendTogether(mailbox, [namedMember(user, 'msgfolderroot')])
  const root = text(answerBody(rootAnswer), 'id') ?? ''
  const names = wellKnownNames.map((name) => namedMember(user, name))
  const members = [deltaMember(user), childrenMember(user), ...recoverableMembers(user), ...names]
  const [deltaAnswer, topAnswer, deepest, newest, ...named] = await sendBatch(mailbox, members)
  const state = new FolderState([])
  const delta = await deltaIfAllowed(mailbox, deltaAnswer)
  const counts = applyDelta(state, delta.entries)
  const top = applyChildren(state, root, (await remainingPages(mailbox, topAnswer)).entries)
  // Everything below is listed once with its hidden folders: nobody but the folder above tells that they are there.
  await walk(mailbox, state, withChildren(counts, top))
  const recoverable = readRecoverable([deepest, newest], last?.containers.find(isRecoverable))
  return finish(state, { root, wellKnown: namesById(named), delta: delta.deltaLink }, recoverable)
}

async function listChanges(mailbox: Mailbox, last: ContainerListing, cursor: FolderCursor): Promise<FolderListing> {
  const { user } = mailbox
  const { root } = cursor
  const folders = last.containers.filter((container) => !isRecoverable(container))
  const state = new FolderState(knownFolders(folders, cursor))
  const parents = state.parentsOfHidden().filter((id) => id !== root && state.get(id) !== undefined)
  const hidden = parents.map((id) => childrenMember(user, id))
  const members = [{ path: cursor.delta }, childrenMember(user), ...recoverableMembers(user), ...hidden]
  const [deltaAnswer, topAnswer, deepest, newest, ...rest] = await sendTogether(mailbox, members)
  const before = new Set(state.childrenOf(root).map((folder) => folder.id))
  const delta = await remainingPages(mailbox, deltaAnswer)
  const counts = applyDelta(state, delta.entries)
  const top = applyChildren(state, root, (await remainingPages(mailbox, topAnswer)).entries)
  const below = await applyKnownParents(mailbox, state, parents, rest)
  const mismatched = [...merge(merge(counts, top), below)].filter(
    ([id, count]) => state.get(id) !== undefined && state.childrenOf(id).length !== count,
  )
  await walk(
    mailbox,
    state,
    mismatched.map(([id]) => id),
  )
  const isNew = state.childrenOf(root).some((folder) => !before.has(folder.id))
  const wellKnown = isNew ? await wellKnownFolders(mailbox) : cursor.wellKnown
  const recoverable = readRecoverable([deepest, newest], last.containers.find(isRecoverable))
  return finish(state, { root, wellKnown, delta: delta.deltaLink }, recoverable)
}

function sendBatch(mailbox: Mailbox, members: readonly BatchMember[]): Promise<readonly BatchAnswer[]> {
  return mailbox.client.batch(members, { pool: mailboxPool(mailbox.user), signal: mailbox.signal })
}

/** With what else is asked of the user at the same moment. */
function sendTogether(
  { client, user, signal }: Mailbox,
  members: readonly BatchMember[],
): ReturnType<typeof sendBatch> {
  return client.batch(members, { pool: mailboxPool(user), together: user, signal })
}

/** Folder counts by id, as entries told them. */
type Counts = ReadonlyMap<string, number>

function applyDelta(state: FolderState, entries: readonly JsonObject[]): Counts {
  const counts = new Map<string, number>()
  for (const entry of entries) {
    const id = text(entry, 'id') ?? ''
    if (isObject(entry['@removed'])) state.remove(id)
    else {
      state.put(readFolder(entry, state.get(id)))
      count(counts, entry)
    }
  }
  return counts
}

function applyChildren(state: FolderState, parentId: string, entries: readonly JsonObject[]): Counts {
  const counts = new Map<string, number>()
  const folders = entries.map((entry) => {
    count(counts, entry)
    const folder = readFolder(entry, state.get(text(entry, 'id') ?? ''))
    return { ...folder, parentFolderId: parentId }
  })
  state.replaceChildren(parentId, folders)
  return counts
}

function count(counts: Map<string, number>, entry: JsonObject): void {
  const children = childCount(entry)
  if (children !== undefined) counts.set(text(entry, 'id') ?? '', children)
}

function merge(one: Counts, other: Counts): Counts {
  return new Map([...one, ...other])
}

async function applyKnownParents(
  mailbox: Mailbox,
  state: FolderState,
  parents: readonly string[],
  answers: readonly BatchAnswer[],
): Promise<Counts> {
  let counts: Counts = new Map()
  for (const [index, id] of parents.entries()) {
    const answer = answers[index]
    // Removed meanwhile: the delta and the listing of the folder above say so.
    if (answer?.ok === false && isEngineError(answer.error, 'graph.not-found')) continue
    counts = merge(counts, applyChildren(state, id, (await remainingPages(mailbox, answer)).entries))
  }
  return counts
}

function withChildren(...all: readonly Counts[]): readonly string[] {
  const counts = all.reduce(merge)
  return [...counts].filter(([, children]) => children > 0).map(([id]) => id)
}

/** Lists the children of these folders, hidden ones included, and what lies below those that were not known. */
async function walk(mailbox: Mailbox, state: FolderState, parents: readonly string[]): Promise<void> {
  const done = new Set<string>()
  for (let level = parents; level.length > 0;) {
    const ids = level.filter((id) => state.get(id)?.isSearch === false)
    const answers = await sendBatch(
      mailbox,
      ids.map((id) => childrenMember(mailbox.user, id)),
    )
    for (const id of ids) done.add(id)
    const below = await applyKnownParents(mailbox, state, ids, answers)
    level = withChildren(below).filter((id) => !done.has(id))
  }
}

/** A mailbox over its quota answers no delta: its folders come from the walk alone. */
async function deltaIfAllowed(mailbox: Mailbox, answer: BatchAnswer | undefined): ReturnType<typeof remainingPages> {
  try {
    return await remainingPages(mailbox, answer)
  } catch (error) {
    if (isDeltaRefused(error)) return { entries: [], deltaLink: undefined }
    throw error
  }
}

async function wellKnownFolders(mailbox: Mailbox): Promise<FolderCursor['wellKnown']> {
  return namesById(
    await sendBatch(
      mailbox,
      wellKnownNames.map((name) => namedMember(mailbox.user, name)),
    ),
  )
}

/** A mailbox need not have all of them. */
function namesById(answers: readonly BatchAnswer[]): FolderCursor['wellKnown'] {
  const named = wellKnownNames.flatMap((name, index) => {
    const answer = answers[index]
    if (answer?.ok === false && isAbsent(answer)) return []
    return [[text(answerBody(answer), 'id') ?? '', name] as const]
  })
  return Object.fromEntries(named)
}

type Found = Pick<FolderCursor, 'root' | 'wellKnown'> & { readonly delta: string | undefined }

function finish(
  state: FolderState,
  { root, wellKnown, delta }: Found,
  recoverable: RecoverableItems | undefined,
): FolderListing {
  // The topmost folder is where the containers hang, not one of them.
  const folders = state.folders().filter((folder) => folder.id !== root)
  const searches = folders.filter((folder) => folder.isSearch)
  const next: FolderCursor | undefined = delta === undefined ? undefined : { v: 1, delta, root, wellKnown, searches }
  const containers = toContainers(folders, wellKnown)
  // A name that Graph takes for another one's would bring a folder twice.
  const isOwn = recoverable !== undefined && recoverable.container.id !== root && !isListed(folders, recoverable)
  return {
    listing: {
      containers: isOwn ? [...containers, recoverable.container] : containers,
      cursor: next === undefined ? undefined : JSON.stringify(next),
    },
    fingerprint: recoverable?.fingerprint,
  }
}

function isListed(folders: readonly Folder[], { container }: RecoverableItems): boolean {
  return folders.some(({ id }) => id === container.id)
}
