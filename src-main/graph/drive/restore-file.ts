import type { ItemOutcome, RestoreItem, RestoreRemark, StoredFile } from '../../engine/ports/restore-target.ts'
import { restorePermissions } from './permission-restore.ts'
import { contentOf, lacksTimes, storedFacts, storedVersions, timesBody } from './restore-facts.ts'
import type { StoredFacts, StoredVersion } from './restore-facts.ts'
import { touch } from './restore-folder.ts'
import { createNamed } from './restore-naming.ts'
import { distinct } from './restore-permission-plan.ts'
import { StoredContent } from './restore-same.ts'
import type { DriveTarget, Session } from './restore-session.ts'
import { appendVersions, hasAllVersions, unfinishedAfter } from './restore-versions.ts'
import type { TargetEntry, TargetListing } from './target-listing.ts'
import { acceptableName, nameForms } from './target-names.ts'
import { patchItem } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'
import { uploadVerified } from './upload-verified.ts'

/** A stored file, and the folder of the target that it goes into. */
interface FileWork {
  readonly target: TargetDrive
  readonly session: Session
  /** Graph id of the folder. */
  readonly folder: string
  readonly listing: TargetListing
  readonly facts: StoredFacts
  readonly content: StoredContent
  /** Earlier states, oldest first; none unless they were asked for. */
  readonly versions: readonly StoredVersion[]
}

/** Creates the file unless it is there already. */
export async function restoreFile(target: TargetDrive, place: DriveTarget, item: RestoreItem): Promise<ItemOutcome> {
  const facts = storedFacts(item.metadata)
  if (facts.skipped !== undefined) return { kind: 'skipped', code: facts.skipped }
  const file = contentOf(item, facts)
  if (file === undefined) return { kind: 'skipped', code: 'content-not-stored' }
  const { session, id: folder } = place
  const outcome =
    folder === undefined
      ? ({ kind: 'created', id: '' } as const)
      : await restoreInto(await fileWork(target, session, folder, item, file, facts))
  const remarks = place.remarks.splice(0)
  if (remarks.length === 0 || outcome.kind === 'failed' || outcome.kind === 'skipped') return outcome
  return { ...outcome, remarks: [...(outcome.remarks ?? []), ...remarks] }
}

async function fileWork(
  target: TargetDrive,
  session: Session,
  folder: string,
  item: RestoreItem,
  file: StoredFile,
  facts: StoredFacts,
): Promise<FileWork> {
  const versions = session.options.onRequest.has('versions') ? storedVersions(item, facts) : []
  const listing = await session.listings.of(target, folder)
  return { target, session, folder, listing, facts, content: new StoredContent(file, facts), versions }
}

async function restoreInto(work: FileWork): Promise<ItemOutcome> {
  const { session, listing, facts } = work
  const { dryRun, ignoreExisting } = session.options
  const there = ignoreExisting ? undefined : await findExisting(work)
  if (there !== undefined) return dryRun ? { kind: 'duplicate' } : await completeExisting(work, there)
  if (!dryRun) return await create(work)
  const isTaken = listing.isTaken(acceptableName(facts.name))
  return { kind: 'created', id: '', ...(isTaken ? { remarks: [{ code: 'name-taken' }] } : {}) }
}

/** The file of the target that this one is; the first versions of it if a restore of versions was interrupted. */
interface Existing {
  readonly entry: TargetEntry
  /** How many of the versions are there; undefined if the file itself is. */
  readonly versions?: number
}

async function findExisting({ target, listing, facts, content, versions }: FileWork): Promise<Existing | undefined> {
  const candidates = listing.candidates(nameForms(facts.name, false), false)
  for (const entry of candidates) {
    if ((await content.isIn(target, entry)) && listing.claim(entry)) return { entry }
  }
  if (versions.length === 0) return undefined
  for (const entry of candidates) {
    const count = await unfinishedAfter(target, entry, versions)
    if (count !== undefined && listing.claim(entry)) return { entry, versions: count }
  }
  return undefined
}

async function create(work: FileWork): Promise<ItemOutcome> {
  const { target, session, folder, listing, facts, content, versions } = work
  const naming = {
    target,
    listing,
    folder,
    name: facts.name,
    isFolder: false,
    date: session.date,
    isSame: (entry: TargetEntry) => content.isIn(target, entry),
  }
  const description = session.isPersonal ? facts.description : undefined
  const [oldest, ...later] = [...versions, { file: content.file, times: facts.times }]
  const { created, found, name, remarks } = await createNamed(naming, (free) =>
    uploadVerified(target, { folder, name: free, ...oldest, description, conflict: 'fail' }),
  )
  touch(session, folder)
  const id = created?.id ?? found?.id ?? ''
  const appended = found === undefined ? await appendVersions(target, { folder, name, versions: later }) : []
  if (found !== undefined) await completeFacts(work, found)
  const shared = await restorePermissions(target, session, {
    id,
    permissions: facts.permissions,
    isNew: found === undefined,
  })
  const lost = facts.description === undefined || session.isPersonal ? [] : [{ code: 'description-lost' }]
  const all = distinct([...remarks, ...(created?.remarks ?? []), ...appended, ...lost, ...shared.remarks])
  return { kind: 'created', id, ...remarksIn(all) }
}

/** The file is there; what a restore that was interrupted left out is made good. */
async function completeExisting(work: FileWork, { entry, versions: count }: Existing): Promise<ItemOutcome> {
  const { target, session, folder, facts, content, versions } = work
  const remarks: RestoreRemark[] = []
  let completed = await completeFacts(work, entry)
  if (count !== undefined) {
    const rest = [...versions.slice(count), { file: content.file, times: facts.times }]
    remarks.push(...(await appendVersions(target, { folder, name: entry.name, versions: rest })))
    touch(session, folder)
    completed = true
  } else if (versions.length > 0 && !(await hasAllVersions(target, entry, versions.length))) {
    remarks.push({ code: 'versions-missing' })
  }
  const permissions = { id: entry.id, permissions: facts.permissions, isNew: false }
  const shared = await restorePermissions(target, session, permissions)
  const all = distinct([...remarks, ...shared.remarks])
  return { kind: 'duplicate', ...(completed || shared.changed ? { completed: true } : {}), ...remarksIn(all) }
}

/**
 * An empty file takes two requests, of which the second may be missing. Below a folder of the restore's own that is made
 * good; elsewhere the file may be somebody's.
 */
async function completeFacts({ target, session, facts }: FileWork, entry: TargetEntry): Promise<boolean> {
  if (session.inPlace || entry.size > 0 || !lacksTimes(entry.times, facts.times)) return false
  const description = session.isPersonal && facts.description !== undefined ? { description: facts.description } : {}
  await patchItem(target, entry.id, { ...description, ...timesBody(facts.times) })
  return true
}

function remarksIn(remarks: readonly RestoreRemark[]): { readonly remarks?: readonly RestoreRemark[] } {
  return remarks.length === 0 ? {} : { remarks }
}
