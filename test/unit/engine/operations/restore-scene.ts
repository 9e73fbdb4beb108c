import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import {
  restoreToFolder,
  type FolderRestoreOptions,
  type FolderRestoreReport,
} from '../../../../src-main/engine/operations/restore/to-folder.ts'
import type { DestinationStore } from '../../../../src-main/engine/ports/destination-store.ts'
import { OpenRepository } from '../../../../src-main/engine/repository/repository.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'
import { sha256, type Scene } from '../repository/writer-scene.ts'
import { CONTENT, placeOf, type SnapshotScene, type Spec } from './snapshot-scene.ts'

/** Files and links in CONTENT. */
export const COUNT = 10

/** A copy of the repository that a test may damage. */
export function copyOf(made: SnapshotScene): SnapshotScene {
  const memory = createMemoryStore(new Map([...made.memory.files].map(([name, bytes]) => [name, bytes.slice()])))
  return { ...made, memory }
}

/** The repository as another process would open it, index not loaded. */
export function opened({ repository, memory }: Scene, store: DestinationStore = memory): OpenRepository {
  return new OpenRepository(store, repository.key, repository.config)
}

export function restore(
  scene: SnapshotScene,
  target: string,
  options: Partial<FolderRestoreOptions> = {},
): Promise<FolderRestoreReport> {
  return restoreToFolder({ repository: opened(scene), tree: scene.tree, paths: [], target, ...options })
}

/** What is below a folder on disk, as `Spec` writes it. */
export function onDisk(path: string): Spec {
  const found: Record<string, Spec | Uint8Array | string> = {}
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const place = join(path, entry.name)
    if (entry.isSymbolicLink()) found[entry.name] = `-> ${readlinkSync(place)}`
    else found[entry.name] = entry.isDirectory() ? onDisk(place) : new Uint8Array(readFileSync(place))
  }
  return found
}

/** Paths of all files and links of a Spec, and their contents. */
export function leaves(spec: Spec, path = ''): Map<string, Uint8Array | string> {
  const found = new Map<string, Uint8Array | string>()
  for (const [name, value] of Object.entries(spec)) {
    if (value instanceof Uint8Array || typeof value === 'string') found.set(path + name, value)
    else for (const [below, leaf] of leaves(value, `${path}${name}/`)) found.set(below, leaf)
  }
  return found
}

/** All that is on disk is right, and what is not there is what `missing` says. */
export function expectAllBut(target: string, missing: readonly string[]): void {
  const found = leaves(onDisk(target))
  const wrong: string[] = []
  for (const [path, leaf] of leaves(CONTENT)) {
    const there = found.get(path)
    const isSame = there !== undefined && Buffer.from(there).equals(Buffer.from(leaf))
    if (missing.includes(path) ? there !== undefined : !isSame) wrong.push(path)
  }
  expect(wrong).toEqual([])
}

/** What is on disk is whole, if not all; gives how many files there are. */
export function expectOnlyWhole(spec: Spec, place: string): number {
  const there = existsSync(place) ? leaves(onDisk(place)) : new Map<string, Uint8Array | string>()
  const all = leaves(spec)
  const broken = [...there].filter(([path, leaf]) => !Buffer.from(leaf).equals(Buffer.from(all.get(path) ?? '')))
  expect(broken.map(([path]) => path)).toEqual([])
  return there.size
}

/** The files that need a blob of the pack. */
export async function filesOfPack(made: SnapshotScene, name: string): Promise<string[]> {
  const repository = opened(made)
  await repository.loadIndex()
  const paths: string[] = []
  const walk = async (tree: HexId, path: string): Promise<void> => {
    for (const node of (await repository.tree(tree)).nodes) {
      if (node.subtree !== undefined) await walk(node.subtree, `${path}${node.name}/`)
      else if (node.content?.some((blob) => placeOf(repository, blob).pack === name) === true)
        paths.push(path + node.name)
    }
  }
  await walk(made.tree, '')
  return paths.sort()
}

/** The ids of a file's blobs, at least two. */
export async function blobsOf(scene: SnapshotScene, path: string): Promise<[HexId, HexId]> {
  const repository = opened(scene)
  await repository.loadIndex()
  let tree: HexId | undefined = scene.tree
  let content: readonly HexId[] | null | undefined
  for (const name of path.split('/')) {
    const node: { subtree?: HexId; content: readonly HexId[] | null } | undefined =
      tree === undefined ? undefined : (await repository.tree(tree)).nodes.find((one) => one.name === name)
    tree = node?.subtree
    content = node?.content
  }
  const [first, second] = content ?? []
  if (first === undefined || second === undefined) throw new Error(`${path} is not in several blobs`)
  return [first, second]
}

export function describePlace(path: string): object {
  const stats = lstatSync(path)
  const content = stats.isFile()
    ? sha256(readFileSync(path))
    : stats.isSymbolicLink()
      ? readlinkSync(path)
      : readdirSync(path)
  return { content, ino: stats.ino, mtime: stats.mtimeMs, mode: stats.mode }
}
