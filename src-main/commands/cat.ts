import { nodeAt, storedFile, type OpenRepository } from '../engine/index.ts'
import type { SavedSnapshot } from '../engine/model/snapshot.ts'
import type { TreeNode } from '../engine/model/tree.ts'
import { writeToOutput } from './parts/byte-output.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { findSnapshot } from './parts/find-snapshot.ts'
import { openNamedRepository, readLock, whileLocked } from './parts/repository.ts'
import { requiredArgument, type Session } from './parts/session.ts'
import { findPath } from './parts/snapshot-paths.ts'
import { UsageError } from './parts/usage-error.ts'

const METADATA = '.json'

/** A path of a snapshot that a person named. */
export interface AskedNode {
  readonly repository: OpenRepository
  readonly snapshot: SavedSnapshot
  /** Without slashes around it. */
  readonly path: string
  /** Undefined for the whole snapshot. */
  readonly node: TreeNode | undefined
}

/** Writes a stored file to standard output. */
export async function cat(session: Session): Promise<ExitCode> {
  const opened = await openNamedRepository(session)
  return await whileLocked(session, opened, readLock, async (signal) => {
    const { repository, node } = await askedNode(session, opened.repository, signal)
    if (node?.type !== 'file')
      throw new UsageError('That is a folder: "holdfast dump" writes folders, "holdfast ls" lists them.')
    await writeToOutput(storedFile(repository, node).stream(signal), signal)
    return exitCodes.done
  })
}

/** The file or folder that the second and third argument name; of an item with a content, that. Throws UsageError. */
export async function askedNode(session: Session, repository: OpenRepository, signal: AbortSignal): Promise<AskedNode> {
  const asked = requiredArgument(session, 2)
  const snapshot = await findSnapshot(
    session,
    repository,
    { name: requiredArgument(session, 1), paths: [asked] },
    signal,
  )
  await repository.ensureIndex(signal)
  const { nodes } = await findPath(repository, snapshot.tree, asked, signal)
  const path = chosenPath(nodes)
  return { repository, snapshot, path, node: await nodeAt(repository, snapshot.tree, path, signal) }
}

/** Of an item's files the one that people mean. */
function chosenPath(paths: readonly string[]): string {
  const contents = paths.filter((path) => !path.endsWith(METADATA))
  const [path, ...others] = contents.length > 0 ? contents : paths
  if (path === undefined || others.length > 0) {
    const names = paths.map((one) => one.slice(one.lastIndexOf('.')))
    throw new UsageError(`The item has several files: add one of ${names.join(', ')} to its name.`)
  }
  return path
}
