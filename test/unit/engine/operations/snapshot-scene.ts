import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import type { TreeNode } from '../../../../src-main/engine/model/tree.ts'
import { directoryNode, fileNode, sorted } from '../../../../src-main/engine/operations/backup/layout.ts'
import type { PackList } from '../../../../src-main/engine/repository/pack-list.ts'
import type { OpenRepository } from '../../../../src-main/engine/repository/repository.ts'
import { saveSnapshot } from '../../../../src-main/engine/repository/snapshots.ts'
import { loadUnpacked, sealUnpacked } from '../../../../src-main/engine/repository/unpacked-file.ts'
import type { RepositoryWriter } from '../../../../src-main/engine/repository/writer.ts'
import { idBytes } from '../../../../src-main/engine/model/ids.ts'
import { filesIn, makeScene, noise, withWriter, type Scene } from '../repository/writer-scene.ts'

export const TIME = '2026-03-04T05:06:07.089Z'

/** A folder's content: bytes are a file, "-> target" a link, an object a folder. */
export interface Spec {
  readonly [name: string]: Spec | Uint8Array | string
}

export interface SnapshotScene extends Scene {
  readonly tree: HexId
  readonly snapshot: HexId
}

/** Files of all sizes in small packs, so that damage to one pack concerns few of them. */
export const CONTENT = {
  empty: new Uint8Array(0),
  small: Buffer.from('small'),
  text: Buffer.from('compressible '.repeat(5000)),
  parts: noise(2_000_000, 'parts'),
  'with parts': {
    'same parts': noise(2_000_000, 'parts'),
    'longer parts': Buffer.concat([noise(2_000_000, 'parts'), Buffer.from('end')]),
  },
  folder: {
    inner: noise(50_000, 'inner'),
    deeper: { leaf: noise(60_000, 'leaf'), 'same as small': Buffer.from('small') },
  },
  link: '-> small',
} satisfies Spec

/** Stores a folder; files whose contents are long are in several blobs. */
export async function storeFolder(writer: RepositoryWriter, spec: Spec): Promise<HexId> {
  const nodes: TreeNode[] = []
  for (const [name, value] of Object.entries(spec)) {
    if (value instanceof Uint8Array) {
      const { blobs, size } = await writer.add(value, false)
      nodes.push(fileNode(name, blobs, size, TIME))
    } else if (typeof value === 'string') nodes.push(linkNode(name, value.slice(3)))
    else nodes.push(directoryNode(name, await storeFolder(writer, value), TIME))
  }
  return writer.addTree({ nodes: sorted(nodes) })
}

function linkNode(name: string, linktarget: string): TreeNode {
  return { ...fileNode(name, [], 0, TIME), type: 'symlink', mode: 0x8000000 + 0o777, linktarget, content: null }
}

/** A repository with one snapshot of the folder. */
export async function makeSnapshot(spec: Spec = CONTENT, packSize = 64 << 10): Promise<SnapshotScene> {
  const scene = makeScene()
  const tree = await withWriter(
    scene.repository,
    async (writer) => {
      const id = await storeFolder(writer, spec)
      await writer.checkpoint()
      return id
    },
    { packSize },
  )
  return { ...scene, tree, snapshot: await addSnapshot(scene.repository, tree) }
}

export function addSnapshot(repository: OpenRepository, tree: HexId): Promise<HexId> {
  const fields = { time: TIME, paths: ['/'], hostname: 'test', username: 'test' }
  return saveSnapshot(repository.store, repository.sealer, { ...fields, tree })
}

/** Where a blob is, as the index says. */
export function placeOf(
  { table, packs }: { table: OpenRepository['table']; packs: PackList },
  id: HexId,
  type: 'data' | 'tree' = 'data',
): { readonly pack: string; readonly id: HexId; readonly offset: number; readonly length: number } {
  const { pack, offset, length } = table.location(table.find(idBytes(id), type))
  const packId = packs.id(pack)
  return { pack: `data/${packId.slice(0, 2)}/${packId}`, id: packId, offset, length }
}

/** Changes a stored file. */
export function change(
  { memory }: Pick<Scene, 'memory'>,
  name: string,
  edit: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined,
): void {
  const bytes = memory.files.get(name)
  if (bytes === undefined) throw new Error(`no file ${name}`)
  const edited = edit(bytes.slice())
  if (edited === undefined) memory.files.delete(name)
  else memory.files.set(name, edited)
}

/** Flips one bit of a stored file. */
export function flip(scene: Pick<Scene, 'memory'>, name: string, at: number, bit = 0): void {
  change(scene, name, (bytes) => {
    const place = at < 0 ? bytes.length + at : at
    bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
    return bytes
  })
}

export interface IndexBlob {
  id: string
  type: string
  offset: number
  length: number
  uncompressed_length?: number
}

export interface IndexJson {
  packs: { id: string; blobs: IndexBlob[] }[]
}

/** Puts one index file into the place of all, with what `edit` makes of it. */
export async function rewriteIndex(scene: Scene, edit: (index: IndexJson) => void): Promise<void> {
  const packs: IndexJson['packs'] = []
  for (const name of filesIn(scene.memory, 'index')) {
    packs.push(...((await loadUnpacked(scene.memory, scene.repository.sealer, name)) as IndexJson).packs)
    scene.memory.files.delete(name)
  }
  const index = { packs }
  edit(index)
  const { id, bytes } = sealUnpacked(scene.repository.sealer, JSON.stringify(index))
  scene.memory.files.set(`index/${id}`, bytes)
}

/** The blob's entry in an index. */
export function entryOf(index: IndexJson, id: HexId, type = 'data'): IndexBlob {
  const found = index.packs.flatMap(({ blobs }) => blobs).find((blob) => blob.id === id && blob.type === type)
  if (found === undefined) throw new Error('no such blob in the index')
  return found
}
