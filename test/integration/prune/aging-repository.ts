import { hash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { checkRepository } from '../../../src-main/engine/operations/check/check.ts'
import { walkTree } from '../../../src-main/engine/operations/restore/walk-tree.ts'
import type { DestinationStore } from '../../../src-main/engine/ports/destination-store.ts'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import { openRepository, type OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { listSnapshots, saveSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { RepositoryWriter } from '../../../src-main/engine/repository/writer.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { storeFolder, type Spec } from '../../unit/engine/operations/snapshot-scene.ts'
import { noise } from '../../unit/engine/repository/writer-scene.ts'
import { hasRestic, PASSPHRASE, restic } from '../repository/restic.ts'

const CHEAP_KEY = { cost: { N: 1024, r: 8, p: 1 } }
const DAY = 86_400_000
const FIRST_DAY = Date.UTC(2026, 0, 1, 12)

/** Files by path. */
export type Contents = Readonly<Record<string, string>>

/** A repository in a folder of its own, of something that changes a little from snapshot to snapshot. */
export class AgingRepository {
  readonly passphrase = PASSPHRASE
  readonly folder: string
  readonly store: DestinationStore
  /** What each snapshot holds. */
  readonly contents = new Map<HexId, Contents>()
  readonly #random: () => number
  readonly #files = new Map<string, Buffer>()
  #round = 0

  constructor(seed = 1, decorate: (store: DestinationStore) => DestinationStore = (store) => store) {
    this.folder = mkdtempSync(join(tmpdir(), 'holdfast-aging-'))
    this.store = decorate(createLocalFolder(this.place))
    this.#random = seededRandom(seed)
  }

  /** Where restic finds the repository. */
  get place(): string {
    return join(this.folder, 'repository')
  }

  async init(): Promise<void> {
    await initRepository({ store: this.store, passphrase: PASSPHRASE, key: CHEAP_KEY })
  }

  open(): Promise<OpenRepository> {
    return openRepository({ store: this.store, passphrase: PASSPHRASE })
  }

  /** Makes snapshots, one a day; in each, some files are new, some changed, some gone. */
  async age(days: number, files = 40): Promise<void> {
    const repository = await this.open()
    await repository.loadIndex()
    const writer = new RepositoryWriter(repository, { packSize: 100_000 }, 1)
    try {
      for (let day = 0; day < days; day++) {
        this.#change(files)
        await this.#snapshot(repository, writer)
      }
    } finally {
      await writer.close()
    }
  }

  /** A copy of the whole folder, with what is known of its snapshots. */
  copy(decorate?: (store: DestinationStore) => DestinationStore): AgingRepository {
    const copied = new AgingRepository(this.#round, decorate)
    cpSync(this.place, copied.place, { recursive: true })
    for (const [id, contents] of this.contents) copied.contents.set(id, contents)
    for (const [name, bytes] of this.#files) copied.#files.set(name, bytes)
    copied.#round = this.#round
    return copied
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #change(files: number): void {
    const below = (limit: number): number => Math.floor(this.#random() * limit)
    const write = (name: string): void => {
      const size = 200 + below(below(8) === 0 ? 400_000 : 20_000)
      const bytes = noise(size, `${String(this.#round)} ${name} ${String(below(1e9))}`)
      this.#files.set(name, below(2) === 0 ? bytes : Buffer.from(bytes.toString('hex')))
    }
    const wanted = this.#round === 0 ? files : files / 10
    for (let i = 0; i < wanted; i++)
      write(`folder ${String(below(5))}/sub ${String(below(3))}/${String(below(files * 4))}`)
    const names = [...this.#files.keys()]
    for (let i = 0; i < files / 10; i++) {
      write(names[below(names.length)] ?? 'a file')
      this.#files.delete(names[below(names.length)] ?? '')
    }
    this.#round++
  }

  async #snapshot({ store, sealer }: OpenRepository, writer: RepositoryWriter): Promise<void> {
    const tree = await storeFolder(writer, folderSpec(this.#files))
    await writer.checkpoint()
    const time = new Date(FIRST_DAY + this.#round * DAY).toISOString()
    const fields = { time, tree, paths: ['/users'], hostname: 'contoso', username: 'ada', tags: ['holdfast'] }
    const id = await saveSnapshot(store, sealer, fields)
    const hashes = [...this.#files].map(([name, bytes]) => [name, hash('sha256', bytes)])
    this.contents.set(id, Object.fromEntries(hashes) as Contents)
  }
}

interface Folder {
  [name: string]: Folder | Uint8Array
}

function folderSpec(files: ReadonlyMap<string, Buffer>): Spec {
  const top: Folder = {}
  for (const [path, bytes] of files) {
    const names = path.split('/')
    const last = names.pop() ?? ''
    let folder = top
    for (const name of names) {
      const inner = folder[name] ?? {}
      if (inner instanceof Uint8Array) throw new Error('a file is in the way')
      folder[name] = inner
      folder = inner
    }
    folder[last] = bytes
  }
  return top
}

/** What a snapshot's tree holds, read from the repository. */
export async function storedContents(repository: OpenRepository, tree: HexId): Promise<Contents> {
  await repository.ensureIndex()
  const contents: Record<string, string> = {}
  for await (const { path, node, failure } of walkTree(repository, tree)) {
    if (failure !== undefined) throw failure
    if (node.type === 'file') contents[path] = hash('sha256', await repository.content(node.content ?? []))
  }
  return contents
}

export interface Expected {
  readonly snapshots: ReadonlySet<HexId>
  /** What restic is asked as well. Default: all. */
  readonly judge?: 'structure' | 'all data' | 'nobody'
}

/** The repository holds these snapshots, each with what it held; nothing is wrong with it, and restic says so too. */
export async function expectIntact(aging: AgingRepository, { snapshots, judge = 'all data' }: Expected): Promise<void> {
  const repository = await aging.open()
  const listed = await listSnapshots(repository.store, repository.sealer)
  expect(listed.damaged).toEqual([])
  expect(new Set(listed.snapshots.map(({ id }) => id))).toEqual(snapshots)
  const { findings } = await checkRepository({ repository, readData: true })
  expect(findings).toEqual([])
  for (const { id, tree } of listed.snapshots)
    expect(await storedContents(repository, tree), `snapshot ${id}`).toEqual(aging.contents.get(id))
  // A process that was killed leaves its lock behind.
  if (!hasRestic || judge === 'nobody') return
  await restic(aging.place, ['check', '--no-lock', ...(judge === 'all data' ? ['--read-data'] : [])])
}
