import type { ErrorCode } from '../../model/errors.ts'
import { idBytes, isHexId, type HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import type { TreeNode } from '../../model/tree.ts'
import { isDamage } from '../../repository/damage.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { SlotSet } from '../../repository/slot-set.ts'
import type { Harmed } from './check-trees.ts'
import type { CheckFinding, DamagedPack, TouchedSnapshot } from './model.ts'

const MAX_PATHS = 1000

interface Found {
  readonly findings: readonly CheckFinding[]
  readonly harmed: Harmed
  readonly snapshots: readonly SavedSnapshot[]
  readonly signal: AbortSignal | undefined
}

/** The packs of which something is damaged, each with all the snapshots and paths that it touches. */
export async function damagedPacks(repository: OpenRepository, found: Found): Promise<DamagedPack[]> {
  const codes = packCodes(repository, found)
  if (codes.size === 0) return []
  const touch = new Touch(repository, found.harmed, found.signal)
  for (const { id, tree } of found.snapshots) await touch.look(id, tree, '')
  return [...codes].map(([id, code]) => ({ id, code, snapshots: touch.of(id) }))
}

/** What is wrong with each pack: what was found first. */
function packCodes({ table, packs }: OpenRepository, { findings, harmed }: Found): Map<HexId, ErrorCode> {
  const codes = new Map<HexId, ErrorCode>()
  const note = (pack: HexId, code: ErrorCode): void => {
    if (!codes.has(pack)) codes.set(pack, code)
  }
  for (const { code, subject, id } of findings) if (subject === 'pack' && isHexId(id)) note(id, code)
  for (const [slot, code] of harmed) note(packs.id(table.location(slot).pack), code)
  // A tree that was found to be unreadable although nobody had looked at its pack.
  for (const { code, subject, id } of findings) {
    const slot = subject === 'tree' && isHexId(id) ? table.find(idBytes(id), 'tree') : -1
    if (slot >= 0 && table.isStored(slot)) note(packs.id(table.location(slot).pack), code)
  }
  return codes
}

/** Looks for everything that is harmed below trees. What is sound is read once, however many snapshots have it. */
class Touch {
  readonly #repository: OpenRepository
  readonly #harmed: Harmed
  readonly #signal: AbortSignal | undefined
  /** Trees below which nothing is harmed. */
  readonly #sound: SlotSet
  readonly #touched = new Map<HexId, Map<HexId, { items: number; readonly paths: string[] }>>()

  constructor(repository: OpenRepository, harmed: Harmed, signal: AbortSignal | undefined) {
    this.#repository = repository
    this.#harmed = harmed
    this.#signal = signal
    this.#sound = new SlotSet(repository.table.slots)
  }

  of(pack: HexId): TouchedSnapshot[] {
    return [...(this.#touched.get(pack) ?? [])].map(([snapshot, items]) => ({ snapshot, ...items }))
  }

  /** Gives whether anything below the tree is harmed. */
  async look(snapshot: HexId, tree: HexId, path: string): Promise<boolean> {
    this.#signal?.throwIfAborted()
    const { table } = this.#repository
    const slot = table.find(idBytes(tree), 'tree')
    if (slot < 0 || !table.isStored(slot)) return true // in no pack
    if (this.#sound.has(slot)) return false
    const nodes = await this.#nodes(tree)
    if (nodes === undefined) {
      this.#note(snapshot, slot, path)
      return true
    }
    let isHarmed = false
    for (const node of nodes) if (await this.#lookAt(snapshot, node, path)) isHarmed = true
    if (!isHarmed) this.#sound.add(slot)
    return isHarmed
  }

  async #lookAt(snapshot: HexId, node: TreeNode, folder: string): Promise<boolean> {
    const path = folder === '' ? node.name : `${folder}/${node.name}`
    if (node.type === 'dir') return node.subtree === undefined || this.look(snapshot, node.subtree, path)
    const { table, packs } = this.#repository
    const harmed = (node.content ?? [])
      .map((id) => table.find(idBytes(id), 'data'))
      .filter((slot) => this.#harmed.has(slot))
    // Once for each pack, however many of its blobs the file has.
    const first = new Map(harmed.map((slot) => [packs.id(table.location(slot).pack), slot]))
    for (const slot of first.values()) this.#note(snapshot, slot, path)
    return harmed.length > 0
  }

  async #nodes(tree: HexId): Promise<readonly TreeNode[] | undefined> {
    try {
      return (await this.#repository.tree(tree, this.#signal)).nodes
    } catch (error) {
      if (!isDamage(error)) throw error
      return undefined
    }
  }

  #note(snapshot: HexId, slot: number, path: string): void {
    const { table, packs } = this.#repository
    const pack = packs.id(table.location(slot).pack)
    const snapshots = this.#touched.get(pack) ?? new Map<HexId, { items: number; readonly paths: string[] }>()
    this.#touched.set(pack, snapshots)
    const items = snapshots.get(snapshot) ?? { items: 0, paths: [] }
    snapshots.set(snapshot, items)
    items.items++
    if (items.paths.length < MAX_PATHS) items.paths.push(path)
  }
}
