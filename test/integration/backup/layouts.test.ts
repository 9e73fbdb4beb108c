import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { openUpdatedCatalog, catalogFile } from '../../../src-main/engine/operations/catalog/open-updated.ts'
import { backUp } from '../../../src-main/engine/operations/backup/back-up.ts'
import type { BackupReport, ContentFilter } from '../../../src-main/engine/operations/backup/model.ts'
import { restoreToTenant } from '../../../src-main/engine/operations/restore/to-tenant.ts'
import { walkTree } from '../../../src-main/engine/operations/restore/walk-tree.ts'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { DataTypeRestorer } from '../../../src-main/engine/ports/restore-target.ts'
import { text } from '../../../src-main/graph/item/fields.ts'
import { plainRestore } from '../../support/adapter-round.ts'
import { BackupScene, PASSPHRASE } from '../../support/backup-scene.ts'
import { catalogRows } from '../../support/catalog-rows.ts'
import { ofEveryKind } from '../../support/of-every-kind.ts'
import { ScriptedSource, type ScriptedItem } from '../../support/scripted-source.ts'
import { systemClock } from '../../support/system-clock.ts'

const root: Root = { kind: 'user', id: 'ada-id', name: 'ada@contoso.example' }
const signal = new AbortController().signal
const scenes: BackupScene[] = []

afterEach(() => {
  for (const scene of scenes.splice(0)) scene.remove()
})

class World {
  readonly scene = new BackupScene()
  readonly source: ScriptedSource

  static async start(layout: 'beside' | 'apart'): Promise<World> {
    const world = new World(layout)
    scenes.push(world.scene)
    await world.scene.init()
    return world
  }

  constructor(layout: 'beside' | 'apart') {
    this.source = new ScriptedSource(layout)
  }

  async run(filter?: ContentFilter): Promise<BackupReport> {
    const repository = await this.scene.open()
    const catalog = await this.#catalog(repository, this.scene.profile)
    try {
      return await backUp({
        repository,
        catalog,
        series: { host: 'contoso', paths: ['/users'] },
        roots: [root],
        readers: ofEveryKind([this.source.reader()]),
        clock: systemClock,
        program: 'test',
        signal,
        ...(filter === undefined ? {} : { filter }),
      })
    } finally {
      catalog.close()
    }
  }

  #catalog(repository: Awaited<ReturnType<BackupScene['open']>>, profile: string) {
    const file = catalogFile(profile, repository.config.id)
    return openUpdatedCatalog({ repository, file, describers: ofEveryKind([this.source.describer()]), signal })
  }

  /** Files of the data type in a snapshot, with their texts; container metadata by path alone. */
  async files({ tree }: BackupReport): Promise<Record<string, string>> {
    const repository = await this.scene.open()
    const files: Record<string, string> = {}
    for await (const { path, node, failure } of walkTree(repository, tree)) {
      if (failure !== undefined) throw failure
      if (node.type !== 'file' || !path.startsWith('users/')) continue
      const text = Buffer.from(await repository.content(node.content ?? [])).toString()
      files[path.slice(`users/${root.name}/things/`.length)] = path.endsWith('.json') ? 'metadata' : text
    }
    return files
  }

  /** The catalog that the run left is the one that the repository alone gives. */
  async expectCatalogAsRebuilt(): Promise<void> {
    const repository = await this.scene.open()
    const profile = join(this.scene.folder, 'rebuilt')
    ;(await this.#catalog(repository, profile)).close()
    const rows = (place: string): readonly string[] => catalogRows(catalogFile(place, repository.config.id))
    expect(rows(this.scene.profile)).toEqual(rows(profile))
    rmSync(profile, { recursive: true })
  }

  /** Contents and parts of what a restore hands to the adapter, by container path and name. */
  async restored({ tree }: BackupReport, paths = [`users/${root.name}`]): Promise<Record<string, string>> {
    const taken: Record<string, string> = {}
    const restorer: DataTypeRestorer = {
      folder: 'things',
      concurrency: 2,
      keepsEmpty: true,
      requests: () => 1,
      begin: () => Promise.resolve({ id: '', path: '' }),
      container: ({ path }, { metadata }) =>
        Promise.resolve({
          id: text(metadata ?? {}, 'o365:Id'),
          path: `${path}/${text(metadata ?? {}, 'o365:Name') ?? ''}`,
        }),
      item: async ({ path }, { metadata, content, parts }) => {
        const name = `${path}/${text(metadata, 'o365:Name') ?? ''}`
        taken[name] = content === undefined ? '' : Buffer.from(await content.bytes(signal)).toString()
        for (const part of parts) taken[`${name}#${part.name}`] = Buffer.from(await part.bytes(signal)).toString()
        return { kind: 'created', id: '' }
      },
    }
    const repository = await this.scene.open()
    const describers = [this.source.describer()]
    const fixed = { repository, tree, paths, target: root, restorers: [restorer], describers, signal }
    await restoreToTenant({ ...fixed, ...plainRestore })
    return taken
  }
}

const folders = [
  { id: 'drive', name: 'OneDrive' },
  { id: 'root', parentId: 'drive', name: 'files' },
  { id: 'docs', parentId: 'root', name: 'Docs' },
  { id: 'month', parentId: 'docs', name: '2026-11' },
]

const report: ScriptedItem = {
  id: 'report',
  container: 'docs',
  name: 'report.docx',
  version: 1,
  content: 'the report',
  parts: { '1.0': 'an older report' },
}
const note: ScriptedItem = { id: 'note', container: 'month', name: 'note.json', version: 1, content: 'a note' }

describe('contents, metadata and parts apart', () => {
  it('lie under their own names, and come back', async () => {
    const world = await World.start('apart')
    world.source.containers = folders
    world.source.items = [report, note, { ...note, id: 'bare', name: 'notebook', container: 'root', content: '' }]
    const first = await world.run()
    expect(await world.files(first)).toEqual({
      'OneDrive/.folder.json': 'metadata',
      'OneDrive/files/Docs/report.docx': 'the report',
      'OneDrive/files/Docs/2026-11/note.json': 'metadata',
      'OneDrive/files/notebook': '',
      'OneDrive/metadata/.folder.json': 'metadata',
      'OneDrive/metadata/notebook.json': 'metadata',
      'OneDrive/metadata/Docs/.folder.json': 'metadata',
      'OneDrive/metadata/Docs/report.docx.json': 'metadata',
      'OneDrive/metadata/Docs/2026-11/.folder.json': 'metadata',
      'OneDrive/metadata/Docs/2026-11/note.json.json': 'metadata',
      'OneDrive/versions/Docs/report.docx/1.0': 'an older report',
    })
    await world.expectCatalogAsRebuilt()
    const all = {
      '/OneDrive/files/notebook': '',
      '/OneDrive/files/Docs/report.docx': 'the report',
      '/OneDrive/files/Docs/report.docx#1.0': 'an older report',
      '/OneDrive/files/Docs/2026-11/note.json': 'a note',
    }
    expect(await world.restored(first)).toEqual(all)
    const below = `users/${root.name}/things/OneDrive`
    const onlyNote = { '/OneDrive/files/Docs/2026-11/note.json': 'a note' }
    for (const path of ['files/Docs/2026-11', 'files/Docs/2026-11/note.json', 'metadata/Docs/2026-11/note.json.json'])
      expect(await world.restored(first, [`${below}/${path}`])).toEqual(onlyNote)
    await expect(world.restored(first, [`${below}/files/Nothing`])).rejects.toMatchObject({
      code: 'repository.path-not-found',
    })
  })

  it('move with a renamed folder, and nothing is read again', async () => {
    const world = await World.start('apart')
    world.source.containers = folders
    world.source.items = [report, note]
    await world.run()
    world.source.read.length = 0
    world.source.containers = folders.map((one) => (one.id === 'docs' ? { ...one, name: 'Papers' } : one))
    const files = await world.files(await world.run())
    expect(world.source.read).toEqual([])
    expect(files['OneDrive/files/Papers/report.docx']).toBe('the report')
    expect(files['OneDrive/versions/Papers/report.docx/1.0']).toBe('an older report')
    expect(Object.keys(files).filter((path) => path.includes('Docs'))).toEqual([])
    await world.expectCatalogAsRebuilt()
  })

  it('keep both files when one that cannot be read still has the name of another', async () => {
    const world = await World.start('apart')
    world.source.containers = folders
    world.source.items = [report]
    await world.run()
    world.source.unreadable.add('report')
    world.source.items = [
      { ...report, name: 'old.docx', version: 2 },
      { ...report, id: 'newer', content: 'another report', parts: {} },
    ]
    const files = await world.files(await world.run())
    expect(files['OneDrive/files/Docs/report.docx']).toBe('the report')
    const suffixed = Object.entries(files).find(([path]) => /files\/Docs\/report ~[a-z2-7]{10}\.docx$/.test(path))
    expect(suffixed?.[1]).toBe('another report')
    await world.expectCatalogAsRebuilt()
  })
})

describe('what a filter leaves out', () => {
  const folderFilter = (name: string): ContentFilter => ({
    fingerprint: name,
    takesContainer: (path) => !path.endsWith(name),
    takesItem: () => true,
  })

  it('is not in the snapshot, and comes back from Graph without being read when the filter goes', async () => {
    const world = await World.start('apart')
    world.source.containers = folders
    world.source.items = [report, note]
    await world.run()
    const without = await world.files(await world.run(folderFilter('/Docs')))
    expect(without['OneDrive/files/Docs/report.docx']).toBeUndefined()
    expect(without['OneDrive/files/Docs/2026-11/note.json']).toBe('metadata')
    await world.expectCatalogAsRebuilt()
    world.source.read.length = 0
    const again = await world.files(await world.run())
    expect(again['OneDrive/files/Docs/report.docx']).toBe('the report')
    expect(again['OneDrive/versions/Docs/report.docx/1.0']).toBe('an older report')
    expect(world.source.read).toEqual([])
    await world.expectCatalogAsRebuilt()
  })

  it('goes by date and size too', async () => {
    const world = await World.start('beside')
    world.source.containers = [{ id: 'c', name: 'Things' }]
    world.source.items = [
      { ...note, container: 'c', id: 'small', name: 'small', content: 'x' },
      { ...note, container: 'c', id: 'large', name: 'large', content: 'x'.repeat(100) },
    ]
    const seen: unknown[] = []
    const filter: ContentFilter = {
      fingerprint: 'size',
      takesContainer: () => true,
      takesItem: (container, item) => {
        seen.push([container, item.time])
        return (item.size ?? 0) < 50
      },
    }
    expect(Object.keys(await world.files(await world.run(filter)))).toEqual([
      'Things/.folder.json',
      'Things/small.bin',
      'Things/small.json',
    ])
    expect(seen[0]).toEqual([`users/${root.name}/things/Things`, 1000])
  })
})

describe('parts', () => {
  it('of items in several months lie in one folder, whichever month changes', async () => {
    const world = await World.start('beside')
    world.source.containers = [{ id: 'c', name: 'Things' }]
    const inMonth = (shard: string, version = 1) => {
      const parts = { 'a.txt': `${shard} v${version}` }
      return { ...report, container: 'c', id: shard, name: `item of ${shard}`, shard, version, parts }
    }
    const months = ['2026-01', '2026-02', '2026-03']
    world.source.items = months.map((month) => inMonth(month))
    const partsIn = async (run: BackupReport) =>
      Object.entries(await world.files(run)).filter(([path]) => path.includes('/attachments/'))
    const expected = (...versions: number[]) =>
      months.map((month, at) => [`Things/attachments/item of ${month}/a.txt`, `${month} v${versions[at] ?? 0}`])
    expect(await partsIn(await world.run())).toEqual(expected(1, 1, 1))
    world.source.items = [inMonth('2026-01', 2), inMonth('2026-02'), inMonth('2026-03', 2)]
    expect(await partsIn(await world.run())).toEqual(expected(2, 1, 2))
    world.source.items = [inMonth('2026-02')]
    expect(await partsIn(await world.run())).toEqual(expected(1, 1, 1).slice(1, 2))
    await world.expectCatalogAsRebuilt()
  })

  it('that cannot be read take neither the item nor what was stored of them before', async () => {
    const world = await World.start('beside')
    world.source.containers = [{ id: 'c', name: 'Things' }]
    const item = { ...report, container: 'c', name: 'meeting', parts: { 'a.txt': 'old a', 'b.txt': 'old b' } }
    world.source.items = [item]
    await world.run()
    world.source.unreadable.add('report/b.txt')
    world.source.items = [{ ...item, version: 2, parts: { 'a.txt': 'new a', 'b.txt': 'new b' } }]
    const second = await world.run()
    expect(second.unread).toMatchObject([{ code: 'graph.item-unreadable' }])
    expect(await world.files(second)).toMatchObject({
      'Things/attachments/meeting/a.txt': 'new a',
      'Things/attachments/meeting/b.txt': 'old b',
    })
    // Readable again, and unchanged at Graph: the next run gets it all the same.
    world.source.unreadable.clear()
    const third = await world.run()
    expect(third.unread).toEqual([])
    expect((await world.files(third))['Things/attachments/meeting/b.txt']).toBe('new b')
    await world.expectCatalogAsRebuilt()
  })
})

/** A few containers and items in random places, with random contents. */
const state = fc
  .record({
    parents: fc.array(fc.constantFrom('root', 'c0', 'c1', 'c2'), { minLength: 4, maxLength: 4 }),
    names: fc.array(fc.constantFrom('a', 'B', '2026-01', 'attachments', 'files'), { minLength: 4, maxLength: 4 }),
    items: fc.array(
      fc.record({
        id: fc.constantFrom('i0', 'i1', 'i2', 'i3'),
        container: fc.constantFrom('root', 'c0', 'c1', 'c2', 'c3'),
        version: fc.integer({ min: 1, max: 3 }),
        parts: fc.boolean(),
        month: fc.constantFrom('2026-01', '2026-02'),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ parents, names, items }) => {
    // Each below one that came before it, so that there are no circles.
    const inner = parents.map((parent, index) => ({
      id: `c${index}`,
      parentId: parent !== 'root' && Number(parent.slice(1)) < index ? parent : 'root',
      name: `${names[index] ?? 'x'}${index % 2 === 0 ? '' : '-2'}`,
    }))
    const top = [
      { id: 'drive', name: 'Top' },
      { id: 'root', parentId: 'drive', name: 'files' },
    ]
    const unique = new Map(items.map((item) => [item.id, item]))
    const things = [...unique.values()].map((item) => ({
      id: item.id,
      container: item.container,
      name: `${item.id}.txt`,
      version: item.version,
      content: `content ${item.id} ${item.version}`,
      shard: item.month,
      parts: item.parts ? { 'one.bin': `part ${item.id} ${item.version}` } : {},
    }))
    return { containers: [...top, ...inner], items: things }
  })

describe.each(['beside', 'apart'] as const)('any changes from run to run, laid out %s', (layout) => {
  // Where files lie apart they have no months.
  const inLayout = (items: readonly ScriptedItem[]) =>
    layout === 'beside' ? items : items.map(({ shard: _none, ...item }) => item)

  it('leave a snapshot that a first run would give, a catalog as rebuilt, and a sound repository', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 2, maxLength: 4 }), async (states) => {
        const world = await World.start(layout)
        let last: BackupReport | undefined
        for (const { containers, items } of states) {
          world.source.containers = containers
          world.source.items = inLayout(items)
          last = await world.run()
        }
        await world.expectCatalogAsRebuilt()
        const fresh = await World.start(layout)
        fresh.source.containers = world.source.containers
        fresh.source.items = world.source.items
        const anew = await fresh.run()
        if (last === undefined) throw new Error('no run')
        // Names are kept from run to run where they clash, so containers are compared by what a restore sees of them.
        expect(await world.restored(last)).toEqual(await fresh.restored(anew))
        expectSound(world.scene)
      }),
      { numRuns: 4, seed: 7 },
    )
  })
})

function expectSound(scene: BackupScene): void {
  const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE }
  const { error, status, stderr } = spawnSync(
    'restic',
    ['-r', scene.repository, 'check', '--no-cache', '--read-data'],
    {
      env,
      encoding: 'utf8',
    },
  )
  if (error !== undefined) process.stdout.write('restic is not installed: the repository was not checked with it\n')
  else expect(stderr === '' ? status : stderr).toBe(0)
}
