import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { Clock } from '../../../src-main/engine/ports/clock.ts'
import type {
  ItemOutcome,
  RestoreContainer,
  RestoreItem,
  RestoreOptions,
  StoredFile,
  TargetContainer,
} from '../../../src-main/engine/ports/restore-target.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { driveRestorer } from '../../../src-main/graph/drive/restorer.ts'
import type { FolderFinding } from '../../../src-main/graph/drive/restore-folder.ts'
import { plainRestore } from '../../support/adapter-round.ts'
import type { FaultRule } from '../../support/graph-simulator/index.ts'
import { bytesOf, contentFrom, drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import type { ContentInput, DumpedItem, TenantDrives } from '../../support/graph-simulator/services/drive/index.ts'
import { grace, startWorld } from '../mail/mailbox-fixture.ts'
import type { World } from '../mail/mailbox-fixture.ts'

export const created = '2019-03-04T05:06:07.000Z'
export const modified = '2021-08-09T10:11:12.000Z'

/** Graph id of whose drive the snapshot is of. */
export const sourceOwner = 'a51f0b0c-3a53-4b77-9f0e-5cfb1f6d0001'

export interface DriveWorld extends World {
  readonly drives: TenantDrives
  /** Id of the drive that is restored to. */
  readonly drive: string
}

export interface DriveWorldOptions {
  readonly users?: readonly string[]
  readonly type?: 'business' | 'personal'
  readonly faults?: readonly FaultRule[]
}

/** A tenant where Grace has an empty drive. */
export async function driveWorld({ users = [], type, faults = [] }: DriveWorldOptions = {}): Promise<DriveWorld> {
  const people = [grace, ...users].map((userPrincipalName) => ({ userPrincipalName }))
  const world = await startWorld(people, { faults })
  const drives = drivesOf(world.simulator.tenant)
  const drive = type === undefined ? drives.driveIds(grace)[0] : drives.addDrive({ owner: grace, type }).id
  return { ...world, drives, drive: drive ?? '' }
}

/** A content as a snapshot holds it, read in uneven parts. */
export function heldFile(name: string, input: ContentInput): StoredFile {
  const content = contentFrom(input)
  return {
    name,
    size: content.size,
    bytes: () => Promise.resolve(bytesOf(content)),
    async *stream(_signal, from = 0) {
      for (let at = from; at < content.size; at += 1_000_003)
        yield await Promise.resolve(
          Buffer.concat([...content.read(at, Math.min(at + 1_000_003, content.size))]) as Uint8Array,
        )
    },
  }
}

/** A file of a snapshot. `metadata` goes into its properties. */
export function storedFile(name: string, input: ContentInput | undefined, metadata: JsonObject = {}): RestoreItem {
  const content = input === undefined ? undefined : heldFile(name, input)
  const properties: JsonObject = {
    id: `id of ${name}`,
    name,
    size: content?.size ?? 0,
    file: input === undefined ? {} : { hashes: { quickXorHash: contentFrom(input).quickXorHash() } },
    fileSystemInfo: { createdDateTime: created, lastModifiedDateTime: modified },
    ...metadata,
  }
  return {
    path: `users/ada/onedrive/OneDrive/files/${name}`,
    metadata: { 'o365:Id': `drive/id of ${name}`, 'o365:Name': name, properties },
    content,
    parts: [],
  }
}

/** A folder of a snapshot with the files in it; `folders` below it. */
export interface StoredFolder {
  readonly name: string
  readonly id?: string
  readonly metadata?: JsonObject
  readonly files?: readonly RestoreItem[]
  readonly folders?: readonly StoredFolder[]
}

export interface RestoreRun extends Partial<RestoreOptions> {
  /** Instead of the world's own. */
  readonly client?: GraphClient
  readonly signal?: AbortSignal
  /** As in 2026-11-21. */
  readonly date?: string
  /** Another drive of the snapshot than the user's own. */
  readonly library?: string
}

export interface Restored {
  /** By the folder's path in the target and the item's own. */
  readonly outcomes: ReadonlyMap<string, ItemOutcome>
  readonly findings: readonly FolderFinding[]
  readonly place: string
}

/** Time stands still but for the waits, which are over at once. */
function stillClock(date: string): Clock {
  let now = Date.parse(`${date}T12:00:00Z`)
  return {
    now: () => now,
    wait: (milliseconds, signal) => {
      signal?.throwIfAborted()
      now += milliseconds
      return new Promise((resolve) => setImmediate(resolve))
    },
  }
}

/** The client with some of its methods put differently. */
export function withMethods(client: GraphClient, methods: Partial<GraphClient>): GraphClient {
  return {
    json: (request) => client.json(request),
    bytes: (request) => client.bytes(request),
    stream: (request) => client.stream(request),
    pages: (request, options) => client.pages(request, options),
    batch: (members, options) => client.batch(members, options),
    putRange: (request) => client.putRange(request),
    accounting: () => client.accounting(),
    close: () => client.close(),
    ...methods,
  }
}

/** Restores files and folders of a drive as the engine does: folders on the way first, four items at a time. */
export async function restore(
  world: DriveWorld,
  files: StoredFolder,
  {
    client = world.client,
    signal = new AbortController().signal,
    date = '2026-11-21',
    library,
    ...more
  }: RestoreRun = {},
): Promise<Restored> {
  const options = { folder: 'onedrive', drive: () => Promise.resolve(world.drive) }
  const restorer = driveRestorer(client, options, stillClock(date))
  const outcomes = new Map<string, ItemOutcome>()
  const top = await restorer.begin(world.root(grace), { ...plainRestore, ...more }, signal)
  const root = await restorer.container(top, driveContainer(library), signal)
  const walk = async (parent: TargetContainer, folder: StoredFolder): Promise<void> => {
    const id = folder.id ?? `${parent.path}/${folder.name}`
    const container = { dirName: folder.name, metadata: folderMetadata(folder.name, id, folder.metadata ?? {}) }
    const target = await restorer.container(parent, container, signal)
    const items = folder.files ?? []
    for (let at = 0; at < items.length; at += restorer.concurrency) {
      const some = items.slice(at, at + restorer.concurrency)
      await Promise.all(
        some.map(async (item) => {
          outcomes.set(`${target.path} ${item.path}`, await restorer.item(target, item, signal))
        }),
      )
    }
    for (const child of folder.folders ?? []) await walk(target, child)
  }
  await walk(root, { ...files, name: 'files' })
  return { outcomes, findings: await restorer.finished(top, signal), place: top.path }
}

function driveContainer(library: string | undefined): RestoreContainer {
  const name = library ?? 'OneDrive'
  const metadata = folderMetadata(name, `drive ${name}`, { owner: { user: { id: sourceOwner } } })
  return { dirName: name, metadata: { ...metadata, 'o365:DefaultDrive': library === undefined } }
}

function folderMetadata(name: string, id: string, more: JsonObject): JsonObject {
  return { 'o365:Id': id, 'o365:Name': name, properties: { name, ...more } }
}

export function kinds({ outcomes }: Restored): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes.values()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Codes of what was remarked, in order, each as often as it was. */
export function remarks({ outcomes }: Restored): readonly string[] {
  const all = [...outcomes.values()].flatMap((outcome) => ('remarks' in outcome ? (outcome.remarks ?? []) : []))
  return all.map(({ code }) => code).sort()
}

/** What is in the drive, by path. */
export function dumped({ drives, drive }: DriveWorld): ReadonlyMap<string, DumpedItem> {
  return new Map(drives.dump(drive).map((item) => [item.path, item]))
}

/** Writes to the drive that reached the simulator. */
export function writes({ simulator }: World): number {
  const entries = simulator.log.entries().filter(({ method, route }) => method !== 'GET' && route.startsWith('drives/'))
  return entries.length
}

export function requests({ simulator }: World): number {
  return simulator.log.entries().filter(({ route }) => route.startsWith('drives/')).length
}

export function hashOf(input: ContentInput): string {
  return contentFrom(input).quickXorHash()
}

export { grace }
