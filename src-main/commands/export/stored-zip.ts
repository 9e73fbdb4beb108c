import {
  nodeAt,
  RecentTrees,
  storedFile,
  walkNode,
  walkTree,
  type HexId,
  type OpenRepository,
} from '../../engine/index.ts'
import { findPaths } from '../parts/snapshot-paths.ts'
import type { ExportPlace } from './export-place.ts'
import { zipStream, type ZipEntry } from './zip.ts'

export interface StoredZipOptions {
  readonly repository: OpenRepository
  readonly tree: HexId
  /** From the snapshot's root; empty: everything. */
  readonly paths: readonly string[]
  readonly place: ExportPlace
  readonly onFile: (path: string, files: number) => void
}

/** Everything that was asked for, as it is stored, in one zip called `name`; the number of files in it. */
export async function writeStoredZip(options: StoredZipOptions, name: string): Promise<number> {
  const { target, failures } = options.place
  let files = 0
  const entries = async function* (): AsyncGenerator<ZipEntry, void, undefined> {
    for await (const entry of storedEntries(options)) {
      if (entry.data !== undefined) files++
      options.onFile(entry.name, files)
      yield entry
    }
  }
  await target.write([], name, '.zip', async (file) => {
    const leaveOut = async (entry: ZipEntry, error: unknown, offset: number): Promise<void> => {
      failures.take(entry.name, error)
      files--
      await file.cut(offset)
    }
    for await (const part of zipStream(entries(), 0, leaveOut)) await file.append(part)
  })
  return files
}

async function* storedEntries({
  repository,
  tree,
  paths,
  place: { failures, signal },
}: StoredZipOptions): AsyncGenerator<ZipEntry, void, undefined> {
  const nodes = (await findPaths(repository, tree, paths, signal)).flatMap((found) => found.nodes)
  const trees = new RecentTrees(repository)
  for (const path of nodes.length === 0 ? [''] : nodes) {
    const node = await nodeAt(trees, tree, path, signal)
    const walk = node === undefined ? walkTree(repository, tree, '', signal) : walkNode(repository, node, path, signal)
    for await (const walked of walk) {
      if (walked.failure !== undefined) failures.add(walked.path, walked.failure.code)
      if (walked.failure !== undefined || walked.leaving === true) continue
      const { type, size = 0, mtime } = walked.node
      const time = Date.parse(mtime)
      if (type === 'dir') yield { name: `${walked.path}/`, time, size: 0 }
      else if (type === 'file')
        yield { name: walked.path, time, size, data: storedFile(repository, walked.node).stream(signal) }
    }
  }
}
