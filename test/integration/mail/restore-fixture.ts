import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type {
  ItemOutcome,
  RestoreItem,
  RestoreOptions,
  StoredFile,
  TargetContainer,
} from '../../../src-main/engine/ports/restore-target.ts'
import { mailReader } from '../../../src-main/graph/mail/reader.ts'
import { mailRestorer } from '../../../src-main/graph/mail/restorer.ts'
import { plainRestore } from '../../support/adapter-round.ts'
import { ada, grace, listContainers, readChanges, readContent, signal } from './mailbox-fixture.ts'
import type { World } from './mailbox-fixture.ts'

/** What a snapshot holds of one folder. */
export interface StoredFolder {
  readonly id: string
  readonly parentId: string | undefined
  readonly name: string
  readonly metadata: JsonObject
  readonly items: readonly RestoreItem[]
}

/** Reads a mailbox as a backup does. */
export async function backUp(world: World, user = ada): Promise<readonly StoredFolder[]> {
  const reader = mailReader(world.client)
  const root = world.root(user)
  const listing = await listContainers(reader, root)
  const folders: StoredFolder[] = []
  for (const container of listing.containers) {
    const { changes } = await readChanges(reader, root, container)
    const items: RestoreItem[] = []
    for (const change of changes) {
      if (change.kind !== 'put') continue
      const bytes = await readContent(reader, root, container, change)
      const metadata = reader.metadata(change.properties)
      const path = `${container.name}/${change.id}`
      items.push({ path, metadata, content: storedFile(bytes), parts: [] })
    }
    folders.push({ ...container, metadata: container.properties, items })
  }
  return folders
}

/** A message's file as a snapshot has it. */
export function storedFile(bytes: Uint8Array): StoredFile {
  return {
    name: 'message.eml',
    size: bytes.length,
    bytes: () => Promise.resolve(bytes),
    stream: () => {
      throw new Error('a message is read whole')
    },
  }
}

/** Restores the folders that hold something, as a restore operation does: with their parents, four items at a time. */
export async function restore(
  world: World,
  folders: readonly StoredFolder[],
  more: Partial<RestoreOptions> = {},
  user = grace,
): Promise<readonly ItemOutcome[]> {
  const restorer = mailRestorer(world.client, { now: () => 0, wait: async () => undefined })
  const top = await restorer.begin(world.root(user), { ...plainRestore, ...more }, signal)
  const targets = new Map<string, TargetContainer>()
  const outcomes: ItemOutcome[] = []
  const open = async (id: string | undefined): Promise<TargetContainer> => {
    const folder = folders.find((each) => each.id === id)
    if (folder === undefined) return top
    const known = targets.get(folder.id)
    if (known !== undefined) return known
    const container = { dirName: folder.name, metadata: folder.metadata }
    const target = await restorer.container(await open(folder.parentId), container, signal)
    targets.set(folder.id, target)
    return target
  }
  for (const folder of folders) {
    if (folder.items.length === 0) continue
    const target = await open(folder.id)
    outcomes.push(...(await Promise.all(folder.items.map((item) => restorer.item(target, item, signal)))))
  }
  return outcomes
}

export function kinds(outcomes: readonly ItemOutcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Writes that reached the simulator. */
export function writes({ simulator }: World): number {
  const entries = simulator.log.entries().filter(({ method, route }) => method !== 'GET' && route !== '{tenant}/token')
  return entries.filter(({ route }) => !route.includes('$batch')).length
}
