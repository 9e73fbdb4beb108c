import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ContainerListing } from '../../engine/ports/data-type.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { isObject, text } from './fields.ts'
import {
  bodyOf,
  childrenMember,
  deltaMember,
  mailboxPool,
  namedMember,
  remainingPages,
  wellKnownNames,
} from './folder-requests.ts'
import type { Mailbox } from './folder-requests.ts'
import { childCount, FolderState, knownFolders, readCursor, readFolder, toContainers } from './folder-state.ts'
import type { FolderCursor } from './folder-state.ts'
import { isDeltaRefused } from './quota.ts'

/**
 * All mail folders, hidden ones included. An unchanged mailbox costs one request: a batch of the folder delta, the top
 * level (a delta does not promise hidden folders), and the levels that are known to hold hidden folders.
 *
 * A mailbox that cannot use delta is walked level by level; a dead cursor makes the listing begin anew, which loses
 * nothing since a listing is always complete.
 */
export async function listFolders(mailbox: Mailbox, last: ContainerListing | undefined): Promise<ContainerListing> {
  const cursor = readCursor(last?.cursor)
  if (last === undefined || cursor === undefined) return await listAnew(mailbox)
  try {
    return await listChanges(mailbox, last, cursor)
  } catch (error) {
    if (isEngineError(error, 'graph.cursor-lost') || isDeltaRefused(error)) return await listAnew(mailbox)
    throw error
  }
}

async function listAnew(mailbox: Mailbox): Promise<ContainerListing> {
  const { user } = mailbox
  const names = wellKnownNames.map((name) => namedMember(user, name))
  const members = [namedMember(user, 'msgfolderroot'), deltaMember(user), childrenMember(user), ...names]
  const [rootAnswer, deltaAnswer, topAnswer, ...named] = await sendBatch(mailbox, members)
  const root = text(bodyOf(rootAnswer), 'id') ?? ''
  const state = new FolderState([])
  const delta = await deltaIfAllowed(mailbox, deltaAnswer)
  const counts = applyDelta(state, delta.entries)
  const top = applyChildren(state, root, (await remainingPages(mailbox, topAnswer)).entries)
  // Everything below is listed once with its hidden folders: nobody but the folder above tells that they are there.
  await walk(mailbox, state, withChildren(counts, top))
  return finish(state, root, namesById(named), delta.deltaLink)
}

async function listChanges(mailbox: Mailbox, last: ContainerListing, cursor: FolderCursor): Promise<ContainerListing> {
  const { user } = mailbox
  const state = new FolderState(knownFolders(last, cursor))
  const parents = state.parentsOfHidden().filter((id) => id !== cursor.root && state.get(id) !== undefined)
  const hidden = parents.map((id) => childrenMember(user, id))
  const [deltaAnswer, topAnswer, ...rest] = await sendBatch(mailbox, [
    { path: cursor.delta },
    childrenMember(user),
    ...hidden,
  ])
  const before = new Set(state.childrenOf(cursor.root).map((folder) => folder.id))
  const delta = await remainingPages(mailbox, deltaAnswer)
  const counts = applyDelta(state, delta.entries)
  const top = applyChildren(state, cursor.root, (await remainingPages(mailbox, topAnswer)).entries)
  const below = await applyKnownParents(mailbox, state, parents, rest)
  const mismatched = [...merge(merge(counts, top), below)].filter(
    ([id, count]) => state.get(id) !== undefined && state.childrenOf(id).length !== count,
  )
  await walk(
    mailbox,
    state,
    mismatched.map(([id]) => id),
  )
  const isNew = state.childrenOf(cursor.root).some((folder) => !before.has(folder.id))
  return finish(state, cursor.root, isNew ? await wellKnownFolders(mailbox) : cursor.wellKnown, delta.deltaLink)
}

function sendBatch(mailbox: Mailbox, members: readonly BatchMember[]): Promise<readonly BatchAnswer[]> {
  return mailbox.client.batch(members, { pool: mailboxPool(mailbox.user), signal: mailbox.signal })
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
    return [[text(bodyOf(answer), 'id') ?? '', name] as const]
  })
  return Object.fromEntries(named)
}

function isAbsent(answer: BatchAnswer & { readonly ok: false }): boolean {
  const { code } = answer.error
  return code === 'graph.not-found' || code === 'graph.request-refused' || code === 'graph.forbidden'
}

function finish(
  state: FolderState,
  root: string,
  wellKnown: FolderCursor['wellKnown'],
  delta: string | undefined,
): ContainerListing {
  // The topmost folder is where the containers hang, not one of them.
  const folders = state.folders().filter((folder) => folder.id !== root)
  const searches = folders.filter((folder) => folder.isSearch)
  const next: FolderCursor | undefined = delta === undefined ? undefined : { v: 1, delta, root, wellKnown, searches }
  return {
    containers: toContainers(folders, wellKnown),
    cursor: next === undefined ? undefined : JSON.stringify(next),
  }
}
