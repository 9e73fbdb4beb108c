import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreContainer, RestoreOptions, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { filledText, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { restorePermissions } from './permission-restore.ts'
import { lacksTimes, sameTime, storedFacts, timesBody } from './restore-facts.ts'
import type { StoredFacts } from './restore-facts.ts'
import { createNamed } from './restore-naming.ts'
import { newSession, rootFolder, targetNames } from './restore-session.ts'
import type { DriveTarget, Session } from './restore-session.ts'
import type { TargetEntry, TargetListing } from './target-listing.ts'
import { nameForms } from './target-names.ts'
import { cost, drivePool, itemPath, patchItem } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'

/** The folder of a drive's snapshot that holds its files (see 'apart' in ports/data-type.ts). */
const filesFolder = 'files'

/** The folder that takes what is restored; names below each other are separated by "/". */
export async function begin(target: TargetDrive, root: Root, options: RestoreOptions): Promise<DriveTarget> {
  const { id, isPersonal } = await rootFolder(target)
  const session = newSession(root, options, { drive: target.drive, isPersonal, now: target.clock.now() })
  let folder: DriveTarget = { session, id, path: '', level: 'top', depth: 0, remarks: [] }
  for (const name of targetNames(options)) {
    folder = { ...(await openFolder(target, folder, plainFolder(name))), level: 'top' }
  }
  return folder
}

function plainFolder(name: string): StoredFacts {
  return { ...storedFacts({}), name }
}

/**
 * The folder that a container of the snapshot goes into; asked again, the same. A notebook comes back with the notes: a
 * plain folder of its name is made only for files that are in it.
 */
export function findContainer(
  target: TargetDrive,
  parent: DriveTarget,
  container: RestoreContainer,
): Promise<DriveTarget> {
  const facts = folderFacts(container)
  if (facts.skipped === undefined && parent.whenNeeded === undefined)
    return findFolder(target, parent, container, facts)
  const whenNeeded = async (): Promise<DriveTarget> =>
    await findFolder(target, await openedTarget(parent), container, facts)
  return Promise.resolve({ ...parent, id: undefined, remarks: [], whenNeeded })
}

/** The folder itself, made by now. */
export async function openedTarget(folder: DriveTarget): Promise<DriveTarget> {
  return (await folder.whenNeeded?.()) ?? folder
}

function findFolder(
  target: TargetDrive,
  parent: DriveTarget,
  container: RestoreContainer,
  facts: StoredFacts,
): Promise<DriveTarget> {
  const { containers } = parent.session
  const key = `${parent.level} ${parent.path}\n${facts.id}`
  const known = containers.get(key)
  if (known !== undefined) return known
  const found = openContainer(target, parent, container, facts)
  containers.set(key, found)
  found.catch(() => containers.delete(key))
  return found
}

export function folderFacts({ dirName, metadata }: RestoreContainer): StoredFacts {
  const facts = storedFacts(metadata ?? {})
  return { ...facts, id: facts.id === '' ? dirName : facts.id, name: facts.name === '' ? dirName : facts.name }
}

/**
 * The files of the user's own drive go directly into the target folder, where a person looks for them; those of any
 * further drive into a folder of that drive's name.
 */
async function openContainer(
  target: TargetDrive,
  parent: DriveTarget,
  container: RestoreContainer,
  facts: StoredFacts,
): Promise<DriveTarget> {
  const { session, level } = parent
  if (level === 'top') {
    noteOwner(session, container)
    const folder = isMain(session, container, facts)
      ? parent
      : await openFolder(target, parent, plainFolder(facts.name))
    return { ...folder, level: 'drive', remarks: folder.remarks }
  }
  if (level === 'drive' && isFilesFolder(container)) return { ...parent, level: 'folder' }
  const folder = await openFolder(target, parent, facts)
  if (folder.id !== undefined && !session.options.dryRun) {
    const permissions = { id: folder.id, permissions: facts.permissions, isNew: false }
    const { remarks } = await restorePermissions(target, session, permissions)
    if (remarks.length > 0) folder.remarks.push({ code: 'folder-permissions-incomplete' })
  }
  if (folder.remarks.length > 0) session.remarked.push(folder)
  return folder
}

/** Where nothing tells which drive is the user's own, the first one is. */
export function isMain(session: Session, { metadata }: RestoreContainer, { id }: StoredFacts): boolean {
  const told = metadata?.['o365:DefaultDrive']
  if (typeof told === 'boolean') return told
  session.mainDrive.source ??= id
  return session.mainDrive.source === id
}

function noteOwner({ owners }: Session, { metadata }: RestoreContainer): void {
  const owner = record(propertiesOf(metadata ?? {}), 'owner') ?? {}
  for (const kind of ['user', 'group']) {
    const id = filledText(record(owner, kind) ?? {}, 'id')
    if (id !== undefined) owners.add(id)
  }
}

function isFilesFolder({ dirName, metadata }: RestoreContainer): boolean {
  return dirName === filesFolder || record(propertiesOf(metadata ?? {}), 'root') !== undefined
}

/** The folder below the target; in a dry run without an id if there is none. */
async function openFolder(target: TargetDrive, parent: DriveTarget, facts: StoredFacts): Promise<DriveTarget> {
  const { session } = parent
  const below = (name: string): string => (parent.path === '' ? name : `${parent.path}/${name}`)
  const base = { session, level: 'folder', depth: parent.depth + 1 } as const
  if (parent.id === undefined) return { ...base, id: undefined, path: below(facts.name), remarks: [] }
  const listing = await session.listings.of(target, parent.id)
  const found = claimFolder(session, parent, listing, facts)
  if (found !== undefined) {
    noteTimes(session, { id: found.id, path: below(found.name), depth: base.depth }, facts, found)
    return { ...base, id: found.id, path: below(found.name), remarks: [] }
  }
  if (session.options.dryRun) return { ...base, id: undefined, path: below(facts.name), remarks: [] }
  return { ...base, ...(await makeFolder(target, parent, listing, facts)) }
}

function claimFolder(
  session: Session,
  parent: DriveTarget,
  listing: TargetListing,
  facts: StoredFacts,
): TargetEntry | undefined {
  const role = session.inPlace && parent.depth === 0 ? facts.specialFolder : undefined
  const byRole = role === undefined ? undefined : listing.folderWithRole(role)
  // The form between may be the name of quite another folder, and is asked of Graph instead.
  const [first = '', ...others] = nameForms(facts.name, true)
  const named = listing.candidates([first, ...others.slice(-1)], true).filter(({ kind }) => kind === 'folder')
  return [...(byRole === undefined ? [] : [byRole]), ...named].find((entry) => listing.claim(entry))
}

async function makeFolder(
  target: TargetDrive,
  parent: DriveTarget,
  listing: TargetListing,
  facts: StoredFacts,
): Promise<{ readonly id: string; readonly path: string; readonly remarks: RestoreRemark[] }> {
  const { session, id: folder = '' } = parent
  const naming = {
    target,
    listing,
    folder,
    name: facts.name,
    isFolder: true,
    date: session.date,
    isSame: (entry: TargetEntry) => Promise.resolve(entry.kind === 'folder'),
  }
  const { created, found, name, remarks } = await createNamed(naming, (free) => postFolder(target, folder, free, facts))
  const id = created ?? found?.id ?? ''
  const path = parent.path === '' ? name : `${parent.path}/${name}`
  if (created !== undefined) session.listings.created(id)
  if (created !== undefined && facts.description !== undefined && session.isPersonal) {
    await patchItem(target, id, { description: facts.description })
  }
  touch(session, folder)
  noteTimes(session, { id, path, depth: parent.depth + 1 }, facts, found)
  return { id, path, remarks: remarks.length === 0 ? [] : [{ code: 'folder-renamed' }] }
}

/** https://learn.microsoft.com/graph/api/driveitem-post-children */
async function postFolder(
  { client, drive, signal }: TargetDrive,
  parent: string,
  name: string,
  { times }: StoredFacts,
): Promise<string> {
  const folder = await client.json<JsonObject>({
    method: 'POST',
    path: `${itemPath(drive, parent)}/children`,
    body: { name, folder: {}, ...timesBody(times), '@microsoft.graph.conflictBehavior': 'fail' },
    pool: drivePool,
    cost: cost.write,
    signal,
  })
  return text(folder, 'id') ?? ''
}

/** Folders that stay as they are keep their times: only those made by a restore, now or before, get the stored ones. */
function noteTimes(
  session: Session,
  folder: { readonly id: string; readonly path: string; readonly depth: number },
  { times }: StoredFacts,
  found: TargetEntry | undefined,
): void {
  if (times.lastModifiedDateTime === undefined || session.options.dryRun) return
  if (found !== undefined && !sameTime(found.times.createdDateTime, times.createdDateTime)) return
  session.dated.set(folder.id, { ...folder, times, isDue: found !== undefined && lacksTimes(found.times, times) })
}

/** Something was put into the folder, which is a change of the folder itself. */
export function touch(session: Session, folder: string): void {
  const dated = session.dated.get(folder)
  if (dated !== undefined) dated.isDue = true
}

/** What did not come back of a folder. */
export interface FolderFinding {
  /** In the target. */
  readonly path: string
  readonly remarks: readonly RestoreRemark[]
}

/** Gives the folders their times when everything is in them, and says what no item has carried along. */
export async function finishFolders(target: TargetDrive, session: Session): Promise<readonly FolderFinding[]> {
  const undated = session.options.dryRun ? [] : await dateFolders(target, session)
  const remarked = session.remarked.splice(0).filter(({ remarks }) => remarks.length > 0)
  return [...remarked.map(({ path, remarks }) => ({ path, remarks: remarks.splice(0) })), ...undated]
}

/** From the deepest up. */
async function dateFolders(target: TargetDrive, session: Session): Promise<readonly FolderFinding[]> {
  const due = [...session.dated.values()].filter(({ isDue }) => isDue).sort((one, other) => other.depth - one.depth)
  const members = due.map(({ id, times }) => ({
    method: 'PATCH' as const,
    path: itemPath(target.drive, id),
    body: timesBody(times),
    cost: cost.write,
  }))
  const answers = await target.client.batch(members, { pool: drivePool, signal: target.signal })
  return due.flatMap((folder, at) => {
    const answer = answers[at]
    if (answer?.ok !== false) {
      folder.isDue = false
      return []
    }
    return [{ path: folder.path, remarks: [{ code: 'folder-times-lost', detail: answer.error.code }] }]
  })
}
