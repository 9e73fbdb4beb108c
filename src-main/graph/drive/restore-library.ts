import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreContainer } from '../../engine/ports/restore-target.ts'
import { folderFacts, isMain } from './restore-folder.ts'
import { newSession, rootFolder } from './restore-session.ts'
import type { DriveTarget, Session } from './restore-session.ts'
import type { TargetDrive } from './target-requests.ts'

/** A library of the snapshot that looks for its place. */
export interface LibrarySource {
  /** Graph id that it had. */
  readonly id: string
  readonly name: string
  readonly description: string | undefined
}

/** Graph id of the drive that takes a library; undefined in a dry run if it would have to be made. */
export type FindLibrary = (
  root: Root,
  library: LibrarySource,
  dryRun: boolean,
  signal: AbortSignal,
) => Promise<string | undefined>

/** Whether it is a library that has a drive of its own in the target, where everything goes back to its place. */
export function isOwnLibrary({ session, level }: DriveTarget, container: RestoreContainer): boolean {
  return level === 'top' && session.inPlace && !isMain(session, container, folderFacts(container))
}

/** The library of the target that takes one of the snapshot; asked again, the same. */
export function openLibrary(
  target: TargetDrive,
  top: DriveTarget,
  container: RestoreContainer,
  find: FindLibrary,
): Promise<DriveTarget> {
  const { containers } = top.session
  const { id, name, description } = folderFacts(container)
  const key = `library\n${id}`
  const opening = containers.get(key) ?? open(target, top, { id, name, description }, find)
  containers.set(key, opening)
  opening.catch(() => containers.delete(key))
  return opening
}

async function open(
  target: TargetDrive,
  { session, depth }: DriveTarget,
  library: LibrarySource,
  find: FindLibrary,
): Promise<DriveTarget> {
  const place = { level: 'drive', path: library.name, depth, remarks: [] } as const
  const drive = await find(session.root, library, session.options.dryRun, target.signal)
  if (drive === undefined) return { ...place, session, id: undefined, remarks: [] }
  const { id, isPersonal } = await rootFolder({ ...target, drive })
  const own = newSession(session.root, session.options, { drive, isPersonal, now: target.clock.now() })
  session.libraries.push(own)
  return { ...place, session: own, id, remarks: [] }
}

/** The restore into the root's own drive, and those into further libraries. */
export function allSessions(session: Session): readonly Session[] {
  return [session, ...session.libraries]
}
