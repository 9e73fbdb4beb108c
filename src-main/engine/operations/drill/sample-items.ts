import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import { rootOf } from '../../model/root-path.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { ItemDescriber, RootKind } from '../../ports/data-type.ts'
import { StoredType, type FolderPlace, type StoredItem } from '../stored/stored-folder.ts'
import type { DrillOptions } from './model.ts'

/** An item that was chosen, and where it is. */
export interface SampledItem {
  readonly path: string
  readonly kind: RootKind
  /** The root's folder. */
  readonly root: string
  readonly describer: ItemDescriber
  readonly type: StoredType
  readonly files: StoredItem
  /** The metadata file of the folder that it is in. */
  readonly folder: TreeNode | undefined
}

/** What was chosen of a data type, and out of how many. */
export interface TypeSample {
  readonly chosen: SampledItem[]
  items: number
}

/** Chooses items of every data type, each as likely as any other; reads trees alone. */
export async function sampleItems(options: DrillOptions): Promise<ReadonlyMap<string, TypeSample>> {
  const samples = new Map<string, TypeSample>()
  await visit(options, samples, options.snapshot.tree, '')
  return samples
}

async function visit(
  options: DrillOptions,
  samples: Map<string, TypeSample>,
  tree: HexId,
  path: string,
): Promise<void> {
  const { repository, describers, signal } = options
  signal.throwIfAborted()
  for (const { name, type, subtree } of (await repository.tree(tree, signal)).nodes) {
    if (type !== 'dir' || subtree === undefined) continue
    const inside = path === '' ? name : `${path}/${name}`
    const rooted = rootOf(inside)
    if (rooted === undefined && path === '' && name.startsWith('.')) continue
    if (rooted === undefined || rooted.rest.length === 0) await visit(options, samples, subtree, inside)
    else {
      const describer = describers[rooted.kind].find(({ folder }) => folder === name)
      if (describer === undefined) continue
      const stored = new StoredType(repository, describer, signal)
      const place = { path: inside, kind: rooted.kind, root: rooted.root, describer, type: stored }
      await visitType(options, sampleOf(samples, describer.type), place, stored.top(subtree))
    }
  }
}

function sampleOf(samples: Map<string, TypeSample>, type: string): TypeSample {
  const sample = samples.get(type) ?? { chosen: [], items: 0 }
  samples.set(type, sample)
  return sample
}

async function visitType(
  options: DrillOptions,
  sample: TypeSample,
  type: Omit<SampledItem, 'files' | 'folder'>,
  place: FolderPlace,
): Promise<void> {
  options.signal.throwIfAborted()
  const folder = await type.type.open(place)
  for (const shard of folder.shards)
    for (const [name, files] of await type.type.items(shard)) {
      const path = [type.path, place.path, shard.name, name].filter((part) => part !== '').join('/')
      take(options, sample, () => ({ ...type, path, files, folder: folder.file }))
    }
  options.onProgress?.({ stage: 'choose', done: sample.items, total: 0 })
  for (const inner of folder.folders) await visitType(options, sample, type, inner)
}

/** Reservoir sampling: https://en.wikipedia.org/wiki/Reservoir_sampling#Simple:_Algorithm_R */
function take({ sample: most, random }: DrillOptions, sample: TypeSample, make: () => SampledItem): void {
  if (most < 1) throw new EngineError('usage', { context: { reason: 'sample' } })
  sample.items++
  if (sample.chosen.length < most) sample.chosen.push(make())
  else {
    const at = Math.floor(random() * sample.items)
    if (at < most) sample.chosen[at] = make()
  }
}
