import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { idBytes, type HexId } from '../../../src-main/engine/model/ids.ts'
import { checkRepository } from '../../../src-main/engine/operations/check/check.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import { repairConfig } from '../../../src-main/engine/operations/repair/repair-config.ts'
import { repairIndex } from '../../../src-main/engine/operations/repair/repair-index.ts'
import { repairPacks } from '../../../src-main/engine/operations/repair/repair-packs.ts'
import { repairSnapshots } from '../../../src-main/engine/operations/repair/repair-snapshots.ts'
import { addKey, listKeys, removeKey } from '../../../src-main/engine/repository/keys.ts'
import { openRepository, type OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import { expectCode } from '../../support/destination-conformance.ts'
import { AgingRepository, expectIntact, storedContents, type Contents } from '../prune/aging-repository.ts'

type Damage = 'flip' | 'truncate' | 'delete' | 'header'

let original: AgingRepository
let aging: AgingRepository

beforeAll(async () => {
  original = new AgingRepository(21)
  await original.init()
  await original.age(4)
})
afterAll(() => {
  original.remove()
})

/** The file of a folder of the repository, named by its place in the sorted list. */
function fileOf(folder: string, at = 0): string {
  const names = readdirSync(join(aging.place, folder)).sort()
  return `${folder}/${names.at(at) ?? ''}`
}

/** Damages a file; gives the bytes from and to which nothing is as it was. */
function harm(name: string, damage: Damage, at: number): { readonly from: number; readonly to: number } {
  const path = join(aging.place, name)
  const bytes = readFileSync(path)
  if (damage === 'delete') {
    rmSync(path)
    return { from: 0, to: bytes.length }
  }
  rmSync(path)
  if (damage === 'truncate') {
    writeFileSync(path, bytes.subarray(0, at))
    return { from: at, to: bytes.length }
  }
  const place = damage === 'header' ? bytes.length - 10 : at
  bytes[place] = (bytes[place] ?? 0) ^ 4
  writeFileSync(path, bytes)
  return { from: place, to: place + 1 }
}

const id = (name: string): HexId => name.slice(name.lastIndexOf('/') + 1) as HexId
const all = (): ReadonlySet<HexId> => new Set(original.contents.keys())

afterEach(() => {
  aging.remove()
})

describe.each<Damage>(['flip', 'truncate', 'delete'])('%s of', (damage) => {
  it('the config: named, and made anew', async () => {
    aging = original.copy()
    harm('config', damage, 20)
    await expectCode(aging.open(), damage === 'delete' ? 'repository.not-found' : 'repository.config-damaged')
    const { passphrase } = aging
    expect(await repairConfig({ store: aging.store, passphrase })).toMatchObject({ version: 2 })
    expect(await repairConfig({ store: aging.store, passphrase })).toBeUndefined()
    await expectIntact(aging, { snapshots: all() })
  })

  it('a key: named where another one opens the repository, which may replace it', async () => {
    aging = original.copy()
    const name = fileOf('keys')
    const { key } = await aging.open()
    const options = { cost: { N: 1024, r: 8, p: 1 } }
    const second = await addKey(aging.store, key, 'another passphrase', options)
    harm(name, damage, 300)
    const wrong = damage === 'delete' ? 'repository.wrong-passphrase' : 'repository.key-damaged'
    await expectCode(aging.open(), wrong)
    const repository = await openRepository({ store: aging.store, passphrase: 'another passphrase' })
    expect(repository.keyId).toBe(second)
    const report = await checkRepository({ repository, readData: false })
    expect(report).toMatchObject({ findings: [], damagedKeys: damage === 'delete' ? [] : [id(name)] })
    if (damage !== 'delete') await removeKey(aging.store, id(name), repository.keyId)
    await addKey(aging.store, repository.key, aging.passphrase, options)
    expect((await listKeys(aging.store)).damaged).toEqual([])
    await expectIntact(aging, { snapshots: all() })
  })

  it('an index: named, and written anew from the packs', async () => {
    aging = original.copy()
    const name = fileOf('index', 1)
    harm(name, damage, 40)
    const { findings } = await checkRepository({ repository: await aging.open(), readData: false })
    expect(findings.length).toBeGreaterThan(0)
    const finding = { code: 'repository.index-damaged', subject: 'index', id: id(name) }
    if (damage !== 'delete') expect(findings[0]).toEqual(finding)
    const refusal = damage === 'delete' ? 'repository.blob-missing' : 'repository.index-damaged'
    await expectRefusal(refusal)
    const would = await repairIndex({ repository: await aging.open(), dryRun: true })
    expect(readdirSync(join(aging.place, 'index'))).toHaveLength(damage === 'delete' ? 3 : 4)
    const report = await repairIndex({ repository: await aging.open() })
    expect(report).toMatchObject({ damagedIndexes: damage === 'delete' ? [] : [id(name)], unreadablePacks: [] })
    expect(report.readPacks).toEqual(would.readPacks)
    expect(report.readPacks.length).toBeGreaterThan(0)
    await expectIntact(aging, { snapshots: all() })
    const again = await repairIndex({ repository: await aging.open(), readAllPacks: true })
    expect(again).toMatchObject({ readPacks: [], indexFiles: { removed: 0, written: 0 } })
  })

  it('a snapshot: named, the others stay', async () => {
    aging = original.copy()
    const name = fileOf('snapshots', 2)
    harm(name, damage, 50)
    aging.contents.delete(id(name))
    const { findings } = await checkRepository({ repository: await aging.open(), readData: true })
    const finding = { code: 'repository.snapshot-damaged', subject: 'snapshot', id: id(name) }
    expect(findings).toEqual(damage === 'delete' ? [] : [finding])
    // Nobody knows what it needs.
    if (damage !== 'delete') await expectRefusal('repository.snapshot-damaged')
    const kept = await repairSnapshots({ repository: await aging.open() })
    expect(kept).toMatchObject({ sound: 3, repaired: [], lost: [], removed: [] })
    const report = await repairSnapshots({ repository: await aging.open(), removeOriginals: true })
    expect(report.removed).toEqual(damage === 'delete' ? [] : [id(name)])
    await prune({ repository: await aging.open(), maxUnused: { bytes: 0 } })
    await expectIntact(aging, { snapshots: new Set(aging.contents.keys()) })
  })
})

/** A prune removes nothing. */
async function expectRefusal(code: Parameters<typeof expectCode>[1]): Promise<void> {
  const before = readdirSync(aging.place, { recursive: true }).sort()
  await expectCode(prune({ repository: await aging.open(), maxUnused: { bytes: 0 } }), code)
  expect(readdirSync(aging.place, { recursive: true }).sort()).toEqual(before)
}

/** A pack with blobs of that type that the second snapshot, and not the first one, has brought. */
async function packWith(type: 'data' | 'tree'): Promise<{ readonly name: string; readonly id: HexId }> {
  const repository = await aging.open()
  await repository.loadIndex()
  const { table, packs } = repository
  const [, second] = (await listSnapshots(repository.store, repository.sealer)).snapshots
  const wanted = second?.tree ?? ''
  const counts = new Map<number, number>()
  for (const slot of table.stored())
    if (table.type(slot) === type) {
      const { pack } = table.location(slot)
      counts.set(pack, (counts.get(pack) ?? 0) + 1)
    }
  // The root of the second snapshot for trees; any pack of several blobs for data.
  const root = table.location(table.find(idBytes(wanted as HexId), 'tree')).pack
  const several = [...counts].find(([, count]) => count > 3)?.[0] ?? 0
  const found = packs.id(type === 'tree' ? root : several)
  return { name: `data/${found.slice(0, 2)}/${found}`, id: found }
}

interface Harm {
  /** By snapshot: what it holds that is not harmed. */
  readonly left: ReadonlyMap<HexId, Contents>
  /** Ids of harmed blobs. */
  readonly blobs: ReadonlySet<HexId>
}

/** What must be left of each snapshot when these bytes of a pack are gone, found out from the sound repository. */
async function harmOf(pack: HexId, { from, to }: { readonly from: number; readonly to: number }): Promise<Harm> {
  const repository = await original.open()
  await repository.loadIndex()
  const { table, packs } = repository
  const blobs = new Set<HexId>()
  for (const slot of table.stored()) {
    const place = table.location(slot)
    const isHit = place.offset < to && from < place.offset + place.length
    if (packs.id(place.pack) === pack && isHit) blobs.add(table.id(slot))
  }
  const left = new Map<HexId, Contents>()
  const { snapshots } = await listSnapshots(repository.store, repository.sealer)
  for (const { id: snapshot, tree } of snapshots) {
    const gone = await gonePaths(repository, tree, blobs)
    const whole = Object.entries(original.contents.get(snapshot) ?? {})
    const isGone = (path: string): boolean =>
      gone.some((one) => one === '' || path === one || path.startsWith(`${one}/`))
    left.set(snapshot, Object.fromEntries(whole.filter(([path]) => !isGone(path))))
  }
  return { left, blobs }
}

/** Files and folders that need one of the blobs themselves; '' for the root. */
async function gonePaths(
  repository: OpenRepository,
  tree: HexId,
  blobs: ReadonlySet<HexId>,
  path = '',
): Promise<readonly string[]> {
  if (blobs.has(tree)) return [path]
  const gone: string[] = []
  for (const node of (await repository.tree(tree)).nodes) {
    const place = path === '' ? node.name : `${path}/${node.name}`
    if (node.subtree !== undefined) gone.push(...(await gonePaths(repository, node.subtree, blobs, place)))
    else if (node.content?.some((blob) => blobs.has(blob)) === true) gone.push(place)
  }
  return gone
}

const cases = (['data', 'tree'] as const).flatMap((type) =>
  (['flip', 'truncate', 'delete', 'header'] as const).map((damage) => ({ type, damage })),
)

describe.each(cases)('$damage of a pack with $type', ({ type, damage }) => {
  it('is named with all it touches; the rest is saved', async () => {
    aging = original.copy()
    const pack = await packWith(type)
    const size = readFileSync(join(aging.place, pack.name)).length
    const hit = harm(pack.name, damage, damage === 'truncate' ? Math.floor(size / 2) : 30)
    const { left, blobs } = await harmOf(pack.id, damage === 'header' ? { from: 0, to: 0 } : hit)
    const touched = [...left].filter(([snapshot, files]) => differs(files, original.contents.get(snapshot)))
    if (damage !== 'header') expect(touched.length).toBeGreaterThan(0)

    const report = await checkRepository({ repository: await aging.open(), readData: true })
    expect(report.damagedPacks.map((one) => one.id)).toEqual([pack.id])
    expect(new Set(report.damagedPacks[0]?.snapshots.map(({ snapshot }) => snapshot))).toEqual(
      new Set(touched.map(([snapshot]) => snapshot)),
    )
    for (const { snapshot, paths, items } of report.damagedPacks[0]?.snapshots ?? []) {
      const { tree } = (await snapshotsOf(original)).find((one) => one.id === snapshot) ?? { tree: '' as HexId }
      expect([...paths].sort()).toEqual([...(await gonePaths(await loaded(original), tree, blobs))].sort())
      expect(items).toBe(paths.length)
    }
    if (damage === 'delete') await expectRefusal('repository.pack-missing')

    const repaired = await repairPacks({ repository: await aging.open(), packs: [pack.id] })
    expect(new Set(repaired.lost)).toEqual(blobs)
    const saving = await repairSnapshots({ repository: await aging.open() })
    expect(saving.sound + saving.repaired.length + saving.lost.length).toBe(original.contents.size)
    // Once more: nothing is made twice. Then the damaged ones go.
    const again = await repairSnapshots({ repository: await aging.open(), removeOriginals: true })
    expect(again.repaired).toEqual(saving.repaired)
    expect(new Set(again.removed)).toEqual(new Set(touched.map(([snapshot]) => snapshot)))
    for (const [snapshot] of touched) aging.contents.delete(snapshot)
    for (const { source, target } of saving.repaired)
      if (target !== undefined) aging.contents.set(target, left.get(source) ?? {})
    await expectIntact(aging, { snapshots: new Set(aging.contents.keys()) })
    await prune({ repository: await aging.open(), maxUnused: { bytes: 0 } })
    await expectIntact(aging, { snapshots: new Set(aging.contents.keys()) })
    for (const one of await snapshotsOf(aging)) {
      const isOld = original.contents.has(one.id)
      expect(one.tags).toEqual(isOld ? ['holdfast'] : ['holdfast', 'repaired'])
      expect(Object.keys(await storedContents(await loaded(aging), one.tree)).length).toBeGreaterThan(0)
    }
  })
})

const loaded = async (one: AgingRepository): Promise<OpenRepository> => {
  const repository = await one.open()
  await repository.loadIndex()
  return repository
}

const snapshotsOf = async (one: AgingRepository) => {
  const { store, sealer } = await one.open()
  return (await listSnapshots(store, sealer)).snapshots
}

function differs(some: Contents, others: Contents | undefined): boolean {
  return Object.keys(some).length !== Object.keys(others ?? {}).length
}
