import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreOptions, RestoreRemark, TargetContainer } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, record } from '../item/fields.ts'
import type { FileTimes } from './restore-facts.ts'
import { TargetListings } from './target-listing.ts'
import { cost, drivePool } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'

/** One restore into one drive. */
export interface Session {
  readonly root: Root
  readonly options: RestoreOptions
  /** Graph id. */
  readonly drive: string
  /** A personal drive: only those have descriptions. */
  readonly isPersonal: boolean
  /** "/" as the target folder: everything goes where it was. */
  readonly inPlace: boolean
  /** As in 2026-11-21: names copies. */
  readonly date: string
  readonly listings: TargetListings
  /** By the target folder above and the source: which folder of the target was found or made. */
  readonly containers: Map<string, Promise<DriveTarget>>
  /** Source of the drive whose files go directly into the target folder. */
  readonly mainDrive: { source?: string }
  /** Graph ids of who owns the drives: the target's and, as containers tell them, those of the snapshot. */
  readonly owners: Set<string>
  /** Folders that there is something to say about. */
  readonly remarked: DriveTarget[]
  /** Restores into further libraries of the same root. */
  readonly libraries: Session[]
  /** Folders that get their times when everything is in them; by id. */
  readonly dated: Map<string, DatedFolder>
}

export interface DatedFolder {
  readonly id: string
  readonly path: string
  readonly depth: number
  readonly times: FileTimes
  /** Something was put into it, or its times are not right. */
  isDue: boolean
}

/** A folder of the target, with the restore that it belongs to. */
export interface DriveTarget extends TargetContainer {
  readonly session: Session
  /** What it stands for: the target folder itself, a drive of the snapshot, or a folder (a drive's "files" among them). */
  readonly level: 'top' | 'drive' | 'folder'
  readonly depth: number
  /** What there is to say about the folder itself: goes along with the first item in it, or with the end. */
  readonly remarks: RestoreRemark[]
  /** A folder that is made for its files alone: without any it does not come into being. */
  readonly whenNeeded?: () => Promise<DriveTarget>
}

export function asDriveTarget(target: TargetContainer): DriveTarget {
  if (!('session' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with a session.
  return target as DriveTarget
}

export function newSession(
  root: Root,
  options: RestoreOptions,
  { drive, isPersonal, now }: Pick<Session, 'drive' | 'isPersonal'> & { readonly now: number },
): Session {
  return {
    root,
    options,
    drive,
    isPersonal,
    inPlace: targetNames(options).length === 0,
    date: new Date(now).toISOString().slice(0, 10),
    listings: new TargetListings(),
    containers: new Map(),
    mainDrive: {},
    owners: new Set([root.id]),
    remarked: [],
    libraries: [],
    dated: new Map(),
  }
}

/** The folders of `options.targetFolder`, from the drive's root down; none for "/". */
export function targetNames({ targetFolder }: RestoreOptions): readonly string[] {
  return targetFolder
    .split('/')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

export interface TargetRoot {
  /** Graph id of the folder that has everything in it. */
  readonly id: string
  readonly isPersonal: boolean
}

/** The root folder of the drive. Rejects with restore.target-not-found. */
export async function rootFolder({ client, drive, signal }: TargetDrive): Promise<TargetRoot> {
  const path = graphPath`/drives/${drive}/root`
  const query = { $select: 'id,parentReference' }
  const root = await client.json<JsonObject>({ path, query, pool: drivePool, cost: cost.item, signal })
  const id = filledText(root, 'id')
  if (id === undefined) throw new EngineError('restore.target-not-found')
  return { id, isPersonal: filledText(record(root, 'parentReference') ?? {}, 'driveType') === 'personal' }
}
