import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Catalog } from '../../../src-main/engine/catalog/catalog.ts'
import { backUp } from '../../../src-main/engine/operations/backup/back-up.ts'
import type { BackupOptions, BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { catalogFile, openUpdatedCatalog } from '../../../src-main/engine/operations/catalog/open-updated.ts'
import { restoreToTenant } from '../../../src-main/engine/operations/restore/to-tenant.ts'
import { walkTree } from '../../../src-main/engine/operations/restore/walk-tree.ts'
import type {
  ByRootKind,
  DataTypeReader,
  ItemDescriber,
  Root,
  RootKind,
} from '../../../src-main/engine/ports/data-type.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'
import type { DataTypeRestorer } from '../../../src-main/engine/ports/restore-target.ts'
import type { OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { plainRestore } from '../../support/adapter-round.ts'
import { BackupScene } from '../../support/backup-scene.ts'
import { catalogRows } from '../../support/catalog-rows.ts'
import { ScriptedSource } from '../../support/scripted-source.ts'
import { systemClock } from '../../support/system-clock.ts'

const signal = new AbortController().signal
const folders: Readonly<Record<RootKind, string>> = { user: 'mailbox', group: 'teams', site: 'lists' }

const ada: Root = { kind: 'user', id: 'ada', name: 'ada@contoso.example' }
const sales: Root = { kind: 'group', id: 'sales', name: 'sales@contoso.example' }
const top: Root = { kind: 'site', id: 'top', name: 'contoso.example' }
const team: Root = { kind: 'site', id: 'team', name: 'contoso.example/sites/team' }
const below: Root = { kind: 'site', id: 'below', name: 'contoso.example/sites/team/below' }
const everybody = [ada, sales, top, team, below]

/** A tenant whose roots all have the same item. */
class World {
  readonly scene = new BackupScene()
  readonly source = new ScriptedSource('beside')

  static async start(): Promise<World> {
    const world = new World()
    worlds.push(world)
    world.source.containers = [{ id: 'c', name: 'Things' }]
    world.source.items = [{ id: 'i', container: 'c', name: 'One', version: 1, content: 'content' }]
    await world.scene.init()
    return world
  }

  async run(
    roots: BackupOptions['roots'],
    readerOf: (kind: RootKind) => DataTypeReader = (kind) => this.reader(kind),
  ): Promise<BackupReport> {
    const repository = await this.scene.open()
    const catalog = await this.catalog(repository)
    const readers: ByRootKind<DataTypeReader> = {
      user: [readerOf('user')],
      group: [readerOf('group')],
      site: [readerOf('site')],
    }
    try {
      const series = { host: 'contoso', paths: ['/'] }
      const fixed = { repository, catalog, series, roots, readers, clock: systemClock, signal }
      return await backUp({ ...fixed, program: 'test' })
    } finally {
      catalog.close()
    }
  }

  reader(kind: RootKind): DataTypeReader {
    return { ...this.source.reader(), folder: folders[kind] }
  }

  describers(): ByRootKind<ItemDescriber> {
    const of = (kind: RootKind): ItemDescriber[] => [{ ...this.source.describer(), folder: folders[kind] }]
    return { user: of('user'), group: of('group'), site: of('site') }
  }

  async catalog(repository: OpenRepository, profile = this.scene.profile): Promise<Catalog> {
    const file = catalogFile(profile, repository.config.id)
    return await openUpdatedCatalog({ repository, file, describers: this.describers(), signal })
  }

  /** Files of the snapshot, without what it says of itself. */
  async files({ tree }: BackupReport): Promise<readonly string[]> {
    const repository = await this.scene.open()
    const files: string[] = []
    for await (const { path, node } of walkTree(repository, tree))
      if (node.type === 'file' && node.name.endsWith('.bin')) files.push(path)
    return files.sort()
  }
}

const worlds: World[] = []
afterEach(() => {
  for (const world of worlds.splice(0)) world.scene.remove()
})

const fileOf: Readonly<Record<string, string>> = {
  ada: 'users/ada@contoso.example/mailbox/Things/One.bin',
  sales: 'groups/sales@contoso.example/teams/Things/One.bin',
  top: 'sites/contoso.example/lists/Things/One.bin',
  team: 'sites/contoso.example/sites/team/lists/Things/One.bin',
  below: 'sites/contoso.example/sites/team/below/lists/Things/One.bin',
}

const filesOf = (...names: string[]): readonly string[] => names.map((name) => fileOf[name] ?? '').sort()

describe('users, groups and sites', () => {
  it('lie in folders of their own, a subsite in that of the site above it', async () => {
    const world = await World.start()
    const report = await world.run(everybody)
    expect(await world.files(report)).toEqual(filesOf('ada', 'sales', 'top', 'team', 'below'))
    expect(report).toMatchObject({ roots: 5, notRefreshed: [], notices: [] })
  })

  it('are in the catalog as in one that is made from the repository', async () => {
    const world = await World.start()
    await world.run(everybody)
    await world.run([ada, team, below])
    const repository = await world.scene.open()
    const profile = join(world.scene.folder, 'rebuilt')
    ;(await world.catalog(repository, profile)).close()
    const rows = (place: string): readonly string[] => catalogRows(catalogFile(place, repository.config.id))
    expect(rows(world.scene.profile)).toEqual(rows(profile))
    rmSync(profile, { recursive: true })
  })

  it('that did not change are carried over, folders and all', async () => {
    const world = await World.start()
    const first = await world.run(everybody)
    const second = await world.run(everybody)
    const repository = await world.scene.open()
    const inside = async ({ tree }: BackupReport) => {
      const { nodes } = await repository.tree(tree, signal)
      return nodes.filter(({ name }) => name !== '.holdfast')
    }
    expect(second.changed).toBe(0)
    expect(await inside(second)).toEqual(await inside(first))
  })

  it('that are gone leave a notice, and their subsites stay', async () => {
    const world = await World.start()
    await world.run(everybody)
    const report = await world.run([ada, top, below])
    expect(await world.files(report)).toEqual(filesOf('ada', 'top', 'below'))
    expect(report.notices.map(({ path, code }) => `${code} ${path}`).sort()).toEqual([
      'root-gone groups/sales@contoso.example',
      'root-gone sites/contoso.example/sites/team',
    ])
  })

  it('of a kind that could not be listed stay as they were', async () => {
    const world = await World.start()
    await world.run(everybody)
    const report = await world.run([ada, { unlisted: 'site', code: 'graph.forbidden' }])
    expect(await world.files(report)).toEqual(filesOf('ada', 'top', 'team', 'below'))
    expect(report.notRefreshed).toEqual([{ path: 'sites', code: 'graph.forbidden' }])
  })

  it('below a site that nobody gets into stay as they were', async () => {
    const world = await World.start()
    await world.run(everybody)
    const locked = { unlisted: 'site', below: team.name, code: 'graph.locked' } as const
    const report = await world.run([ada, team, locked])
    expect(await world.files(report)).toEqual(filesOf('ada', 'team', 'below'))
    expect(report.notRefreshed).toEqual([{ path: `sites/${team.name}`, code: 'graph.locked' }])
  })

  it('of a kind that never could be listed are a notice', async () => {
    const world = await World.start()
    const report = await world.run([ada, { unlisted: 'site', code: 'graph.forbidden' }])
    expect(report.notices).toEqual([{ path: 'sites', code: 'graph.forbidden' }])
    expect(report.notRefreshed).toEqual([])
  })

  it('are taken from the listing only as there is room for them', async () => {
    const world = await World.start()
    let listed = 0
    let most = 0
    let done = 0
    const many = function* (): Generator<Root> {
      for (listed = 1; listed <= 60; listed++) {
        most = Math.max(most, listed - done)
        yield { kind: 'user', id: `u${listed}`, name: `u${listed}@contoso.example` }
      }
    }
    const counting: DataTypeReader = {
      ...world.reader('user'),
      finished: () => {
        done++
        return Promise.resolve()
      },
    }
    const report = await world.run(many(), (kind) => (kind === 'user' ? counting : world.reader(kind)))
    expect(report.roots).toBe(60)
    expect(most).toBeLessThanOrEqual(6)
  })

  it('say once what is true of many of them', async () => {
    const world = await World.start()
    const none: DataTypeReader = {
      ...world.reader('group'),
      containers: (root) =>
        root.id === 'g0'
          ? world.reader('group').containers(root, undefined, signal)
          : Promise.reject(new EngineError('graph.no-team')),
    }
    const groups = Array.from({ length: 13 }, (_, at): Root => ({ kind: 'group', id: `g${at}`, name: `g${at}` }))
    const report = await world.run(groups, (kind) => (kind === 'group' ? none : world.reader(kind)))
    expect(report.notices).toEqual([{ path: 'groups/*/teams', code: 'graph.no-team', roots: 12 }])
  })

  it('come back one by one: a site without its subsites', async () => {
    const world = await World.start()
    const { tree } = await world.run(everybody)
    const restored: string[] = []
    const restorer: DataTypeRestorer = {
      folder: 'lists',
      concurrency: 1,
      requests: () => 1,
      begin: () => Promise.resolve({ id: 'top', path: '' }),
      container: () => Promise.resolve({ id: 'c', path: '' }),
      item: (_container, { path }) => {
        restored.push(path)
        return Promise.resolve({ kind: 'created', id: '' })
      },
    }
    await restoreToTenant({
      ...plainRestore,
      repository: await world.scene.open(),
      tree,
      paths: ['sites/contoso.example/sites/team'],
      target: team,
      restorers: [restorer],
      describers: world.describers().site,
      signal,
    })
    expect(restored).toEqual(['sites/contoso.example/sites/team/lists/Things/One'])
  })
})
