import type { Clock } from '../../engine/ports/clock.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { DataTypeRestorer, RestoreItem } from '../../engine/ports/restore-target.ts'
import { systemClock } from '../client/system-clock.ts'
import type { GraphClient } from '../client/types.ts'
import { outcomeOf } from '../item/outcome.ts'
import { storedFacts } from './restore-facts.ts'
import { restoreFile } from './restore-file.ts'
import { begin, findContainer, finishFolders, openedTarget } from './restore-folder.ts'
import type { FolderFinding } from './restore-folder.ts'
import { allSessions, isOwnLibrary, openLibrary } from './restore-library.ts'
import type { FindLibrary } from './restore-library.ts'
import { asDriveTarget } from './restore-session.ts'
import type { DriveTarget } from './restore-session.ts'
import type { TargetDrive } from './target-requests.ts'
import { driveFull } from './upload-quota.ts'
import { fragmentBytes } from './upload-session.ts'

/** A drive takes more, but each file that goes up holds a fragment, and writes count double. */
const concurrency = 4

export interface DriveRestorerOptions {
  /** Folder of the data type below its root in the snapshot, e.g. "onedrive". */
  readonly folder: string
  /** Graph id of the drive that takes what is restored. Rejects if the root has none. */
  readonly drive: (root: Root, signal: AbortSignal) => Promise<string>
  /** With "/" as the target folder, where other drives of the snapshot go; without it, into folders of that one drive. */
  readonly library?: FindLibrary
}

/** Its `finished` gives folders their times: each new file changes them. */
export type DriveRestorer = DataTypeRestorer & Required<Pick<DataTypeRestorer, 'finished'>>

/**
 * Restores files and folders into a drive.
 *
 * - Nothing is overwritten. A file with the same content under its name is a duplicate; one with another content keeps
 *   the name, and what is restored goes beside it as "name (restored 2026-11-21).ext", which the next restore knows
 *   again. Folders of one name are the same folder, once for each folder of the snapshot.
 * - Files and folders keep their times. Who made or changed them is not kept: Graph takes that from who is signed in.
 * - Further drives of the snapshot (libraries of a site) go into folders of their names, or, with "/" as the target folder,
 *   into libraries of their names if the target has such.
 * - Permissions, links and versions come back only when asked for, and nobody is told.
 *
 * https://learn.microsoft.com/graph/api/resources/driveitem
 */
export function driveRestorer(
  client: GraphClient,
  { folder, drive, library }: DriveRestorerOptions,
  clock: Clock = systemClock,
): DriveRestorer {
  const targetOf = ({ session }: DriveTarget, signal: AbortSignal): TargetDrive => {
    return { client, drive: session.drive, clock, signal }
  }
  return {
    folder,
    concurrency,
    keepsEmpty: true,
    requests: fileRequests,
    begin: async (root, options, signal) => {
      const target = { client, drive: await drive(root, signal), clock, signal }
      return await driveFull(() => begin(target, root, options))
    },
    container: async (parent, container, signal) => {
      const place = asDriveTarget(parent)
      const target = targetOf(place, signal)
      if (library !== undefined && isOwnLibrary(place, container))
        return await openLibrary(target, place, container, library)
      return await driveFull(() => findContainer(target, place, container))
    },
    item: (container, item, signal) => {
      return outcomeOf(() =>
        driveFull(async () => {
          const place = await openedTarget(asDriveTarget(container))
          return await restoreFile(targetOf(place, signal), place, item)
        }),
      )
    },
    finished: async (top, signal) => {
      const place = asDriveTarget(top)
      const findings: FolderFinding[] = []
      for (const session of allSessions(place.session))
        findings.push(...(await finishFolders(targetOf({ ...place, session }, signal), session)))
      return findings
    },
  }
}

/** A session and its fragments, or a put and a date for an empty file. */
function fileRequests({ metadata, content }: RestoreItem): number {
  const facts = storedFacts(metadata)
  if (facts.skipped !== undefined || (content === undefined && facts.size !== 0)) return 0
  return 1 + Math.max(1, Math.ceil((content?.size ?? 0) / fragmentBytes))
}
