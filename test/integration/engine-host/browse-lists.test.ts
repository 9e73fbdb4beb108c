import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DifferenceRow } from '../../../src-shared/ipc/contract/browse.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import type { Catalog } from '../../../src-main/engine/catalog/catalog.ts'
import { openRunHistory } from '../../../src-main/settings/run-history.ts'
import { changeEverything } from '../everything/scenario.ts'
import { changeShared } from '../everything-shared/scenario.ts'
import { closeShared } from '../everything-shared/tenants.ts'
import { allItems, BrowsedHost, foldersIn } from './browse-scene.ts'
import { backUpAll, startWholeTenant, type WholeTenant } from './whole-tenant.ts'

const signal = new AbortController().signal

let whole: WholeTenant
let host: BrowsedHost
let later: HexId

beforeAll(async () => {
  whole = await startWholeTenant()
  changeEverything(whole.tenant.simulator.tenant)
  changeShared(whole.tenant.simulator.tenant)
  later = await backUpAll(whole.tenant)
  const record = { run: 'r', plan: 'plan-1', started: 1, ended: 2, outcome: 'done', steps: ['backup'] } as const
  await openRunHistory(whole.tenant.scene.profile).end({ ...record, reports: { 'backup 1': { snapshot: later } } })
  host = await BrowsedHost.open(whole.tenant.scene, whole.tenant.simulator)
})

afterAll(async () => {
  await host.close()
  await closeShared()
})

async function withCatalog<T>(work: (catalog: Catalog) => T | Promise<T>): Promise<T> {
  const opened = await host.services.openPlace(host.place, signal)
  try {
    return await work(opened.catalog)
  } finally {
    opened.release()
  }
}

/** Paths of all items, as `holdfast ls` lists them. */
function listed(catalog: Catalog, snapshot: HexId, path = ''): string[] {
  return catalog
    .list(snapshot, path, { limit: 100_000, offset: 0 })
    .flatMap((entry) => (entry.kind === 'item' ? [entry.path] : listed(catalog, snapshot, entry.path)))
}

describe('snapshots', () => {
  it('come newest first, with their roots, their series and the plan that made them', async () => {
    const { rows, next } = await host.ask('snapshots.list', { place: host.place, cursor: null })
    expect(next).toBeNull()
    expect(rows.map(({ id, plan }) => [id, plan])).toEqual([
      [later, 'plan-1'],
      [whole.snapshot, null],
    ])
    expect(rows[0]?.series).toBe(rows[1]?.series)
    expect(rows[0]?.tenant).toBe('contoso')
    expect(rows[0]?.roots).toHaveLength(10)
    expect(rows[0]?.rootCount).toBeGreaterThan(10)
    expect(rows[0]?.time).toBeGreaterThanOrEqual(rows[1]?.time ?? Infinity)
  })

  it('of a place that is none are refused', async () => {
    const asked = host.ask('snapshots.list', { place: `${host.folder}/none`, cursor: null })
    await expect(asked).rejects.toMatchObject({ code: 'repository.wrong-passphrase' })
  })
})

describe('folders and items', () => {
  it('show everything that a snapshot has, and never a month', async () => {
    const found = await allItems(host, whole.snapshot)
    const paths = found.flatMap(({ items }) => items.map(({ path }) => path))
    const expected = await withCatalog((catalog) => listed(catalog, whole.snapshot))
    expect(new Set(paths).size).toBe(paths.length)
    expect(paths.toSorted()).toEqual(expected.toSorted())
    expect(found.filter(({ folder }) => /\/\d{4}-\d\d$/.test(folder.path))).toEqual([])
    // Counts of data types are those of all that is in them.
    for (const { folder } of found.filter((one) => one.folder.level === 'type'))
      expect(folder.items).toBe(paths.filter((path) => path.startsWith(`${folder.path}/`)).length)
  })

  it('are named as people know them', async () => {
    const kinds = await foldersIn(host, whole.snapshot, '')
    expect(kinds.map(({ path, level, kind }) => [path, level, kind])).toEqual([
      ['groups', 'kind', 'group'],
      ['sites', 'kind', 'site'],
      ['users', 'kind', 'user'],
    ])
    const sites = await foldersIn(host, whole.snapshot, 'sites')
    expect(sites.map(({ name }) => name)).toContain('contoso.sharepoint.com/sites/engines/labs')
    const [labs] = await foldersIn(host, whole.snapshot, 'sites', 'ENGINES/LABS')
    expect(labs).toMatchObject({ level: 'root', kind: 'site', type: null, hasChildren: true })
    const [inLabs] = await foldersIn(host, whole.snapshot, labs?.path ?? '', 'libr')
    expect(inLabs).toMatchObject({ level: 'type', type: 'libraries', name: 'libraries' })
    const odd = await foldersIn(host, whole.snapshot, `${whole.user}/mailbox/Inbox/Projects`)
    expect(odd.map(({ name }) => name)).toContain('a/b: c*d?')
    // A drive shows its own folders, not the place where they are stored.
    const drive = await foldersIn(host, whole.snapshot, `${whole.user}/onedrive/OneDrive`)
    expect(drive.map(({ name }) => name)).toEqual(['Documents', 'Notebooks', 'Shared'])
  })

  it('come in each order, from any offset', async () => {
    const path = `${whole.user}/mailbox/Inbox`
    const ask = (order: 'newest' | 'oldest' | 'title' | 'from' | 'size', offset = 0, limit = 500) =>
      host.ask('browse.items', { place: host.place, snapshot: whole.snapshot, path, order, offset, limit })
    const { rows, count } = await ask('newest')
    expect(count).toBeGreaterThan(5)
    const times = rows.map(({ time }) => time ?? 0)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect((await ask('oldest')).rows.map(({ path: one }) => one)).toEqual(rows.map((row) => row.path).toReversed())
    const sizes = (await ask('size')).rows.map(({ size }) => size)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    for (const order of ['newest', 'oldest', 'title', 'from', 'size'] as const) {
      const whole = (await ask(order)).rows
      for (let offset = 0; offset <= count; offset++)
        expect((await ask(order, offset, 2)).rows).toEqual(whole.slice(offset, offset + 2))
    }
  })

  it('of a folder that is not there are refused; of kinds and roots there are none', async () => {
    const asked = { place: host.place, snapshot: whole.snapshot, order: 'newest', offset: 0, limit: 10 } as const
    for (const path of ['', 'users', whole.user])
      expect(await host.ask('browse.items', { ...asked, path })).toEqual({ count: 0, rows: [] })
    for (const path of ['nobody', 'users/nobody', `${whole.user}/mailbox/Nowhere`, `${whole.user}/nothing`])
      await expect(host.ask('browse.items', { ...asked, path })).rejects.toMatchObject({
        code: 'repository.path-not-found',
      })
    const page = { place: host.place, snapshot: whole.snapshot, path: '', query: '', cursor: 'x' }
    await expect(host.ask('browse.folders', page)).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('a search', () => {
  const limit = 5

  it('finds by text, people and type, in one snapshot or in all', async () => {
    const ask = (query: object, snapshot: string | null = null, offset = 0) =>
      host.ask('browse.search', { place: host.place, snapshot, query: { words: '', ...query }, offset, limit })
    const first = await ask({ words: 'the' })
    expect(first.rows).toHaveLength(limit)
    expect(first.more).toBe(true)
    const second = await ask({ words: 'the' }, null, limit)
    expect(second.rows[0]?.path).not.toBe(first.rows[0]?.path)
    const { rows } = await ask({ words: 'CVS report', from: 'garrigues', type: 'mailbox' })
    expect(rows.map(({ title }) => title)).toEqual(['Re: CVS report'])
    expect(rows[0]).toMatchObject({ firstSnapshot: whole.snapshot, lastSnapshot: later })
    expect((await ask({ words: 'CVS report', type: 'calendar' })).rows).toEqual([])
    expect((await ask({ words: 'Countess', type: 'profile' })).rows).toHaveLength(1)
    expect((await ask({ words: 'Countess', type: 'profile' }, whole.snapshot)).rows).toEqual([])
    expect((await ask({ words: 'the', after: 5, before: 5 })).rows).toEqual([])
    const folder = rows[0]?.path.split('/').slice(0, 4).join('/')
    expect((await ask({ words: 'CVS report', from: 'garrigues', folder })).rows).toEqual(rows)
    expect((await ask({ words: 'CVS report', folder: `${folder ?? ''}x` })).rows).toEqual([])
    expect((await ask({ words: 'CVS report', from: 'garrigues', folder: '' })).rows).toEqual(rows)
    expect((await ask({ words: '" OR NEAR(' })).more).toBe(false)
  })
})

describe('a comparison', () => {
  it('tells every difference once, with totals, in pages', async () => {
    const rows: DifferenceRow[] = []
    let cursor: string | null = null
    let totals: object | undefined
    do {
      const page: { rows: DifferenceRow[]; next: string | null; totals: object } = await host.ask('browse.compare', {
        ...{ place: host.place, from: whole.snapshot, to: later, cursor },
      })
      rows.push(...page.rows)
      totals = page.totals
      cursor = page.next
    } while (cursor !== null)
    const expected = await withCatalog((catalog) => [...catalog.differences(whole.snapshot, later)])
    expect(rows.map(({ kind, path }) => [kind, path])).toEqual(expected.map(({ kind, path }) => [kind, path]))
    const counts = { added: 0, changed: 0, moved: 0, deleted: 0 }
    for (const { kind } of expected) counts[kind]++
    expect(totals).toEqual(counts)
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(0)
    const moved = rows.find(({ what, kind, type }) => what === 'item' && kind === 'moved' && type === 'mailbox')
    expect(moved).toMatchObject({ from: expect.stringContaining('/mailbox/Inbox/') as string })
    expect(moved?.path).toContain('/mailbox/Nothing in it/')
  })

  it('in the other order is refused', async () => {
    const asked = { place: host.place, from: later, to: whole.snapshot, cursor: null }
    await expect(host.ask('browse.compare', asked)).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('what nobody waits for', () => {
  it('ends', async () => {
    const gone = AbortSignal.abort(new Error('gone'))
    const asked = { place: host.place, snapshot: whole.snapshot, path: '', query: '', cursor: null }
    await expect(host.ask('browse.folders', asked, gone)).rejects.toThrow('gone')
  })
})
