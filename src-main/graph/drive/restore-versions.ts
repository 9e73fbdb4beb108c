import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { isObject } from '../item/fields.ts'
import { sameHash, sameTime } from './restore-facts.ts'
import type { StoredVersion } from './restore-facts.ts'
import type { TargetEntry } from './target-listing.ts'
import { cost, drivePool, itemPath } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'
import { storedHashes } from './upload-hash.ts'
import { uploadVerified } from './upload-verified.ts'

/** A file of the target, and what comes on top of what is there. */
export interface MoreVersions {
  readonly folder: string
  readonly name: string
  /** Oldest first. */
  readonly versions: readonly StoredVersion[]
}

/** Uploads the states one after the other over the file: each of them leaves the one before as a version. */
export async function appendVersions(
  target: TargetDrive,
  { folder, name, versions }: MoreVersions,
): Promise<readonly RestoreRemark[]> {
  const remarks: RestoreRemark[] = []
  for (const version of versions) {
    remarks.push(...(await uploadVerified(target, { folder, name, ...version, conflict: 'replace' })).remarks)
  }
  return remarks
}

/**
 * How many of the versions a file of the target has, if it is what a restore left that was interrupted: its content is
 * one of the versions, of that version's time, and its history is made of those before it, nothing else. No mark on the
 * file is needed for that, which people would see. Undefined if it is something else.
 */
export async function unfinishedAfter(
  target: TargetDrive,
  entry: TargetEntry,
  versions: readonly StoredVersion[],
): Promise<number | undefined> {
  if (entry.kind !== 'file') return undefined
  for (const [at, { file, times }] of versions.entries()) {
    const fits = file.size === entry.size && sameTime(entry.times.lastModifiedDateTime, times.lastModifiedDateTime)
    if (!fits) continue
    const isSame = entry.size === 0 || sameHash(entry.hashes, await storedHashes(file, target.signal)) === true
    if (isSame && (await hasHistory(target, entry, versions.slice(0, at + 1)))) return at + 1
  }
  return undefined
}

async function hasHistory(
  target: TargetDrive,
  entry: TargetEntry,
  expected: readonly StoredVersion[],
): Promise<boolean> {
  // The newest comes first.
  const there = (await listVersions(target, entry.id)).map(({ size }) => Number(size)).reverse()
  return String(withoutDates(there)) === String(withoutDates(expected.map(({ file }) => file.size)))
}

/** An empty file gets its date by a request of its own, which leaves a second empty version. */
function withoutDates(sizes: readonly number[]): readonly number[] {
  return sizes.filter((size, at) => size > 0 || sizes[at - 1] !== 0)
}

/** Whether the file has at least so many versions before the current one. */
export async function hasAllVersions(target: TargetDrive, entry: TargetEntry, earlier: number): Promise<boolean> {
  return (await listVersions(target, entry.id)).length > earlier
}

/** https://learn.microsoft.com/graph/api/driveitem-list-versions */
async function listVersions({ client, drive, signal }: TargetDrive, id: string): Promise<readonly JsonObject[]> {
  const path = `${itemPath(drive, id)}/versions`
  const found: JsonObject[] = []
  for await (const page of client.pages<JsonObject>({ path, pool: drivePool, cost: cost.list, signal })) {
    found.push(...page.value.filter(isObject))
  }
  return found
}
