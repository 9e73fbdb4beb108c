import { describe, expect, test } from 'vitest'
import { downloadUrl, HandClock, items, names, round, text, withDrives } from './drive-bench.ts'
import type { Item } from './drive-bench.ts'
import { alex } from './tenant.ts'

const first = `/users/${alex}/drive/root/delta`

/** What a reader knows after a round: the last occurrence of each id. */
const known = (all: readonly Item[]): Map<string, Item> => new Map(all.map((item) => [item.id, item]))

describe('a drive delta', () => {
  test('gives everything in pages, then only what has changed', () =>
    withDrives(async (bench) => {
      const { drives, ask } = bench
      drives.addFiles(alex, 'many', { count: 250, size: 10 })
      const all = await round(bench, first)
      expect(all.pages.map((page) => page.length)).toEqual([200, 52])
      expect(known(all.items).size).toBe(252)
      expect(all.items[0]).toMatchObject({ root: {}, name: 'root' })
      const none = await ask('GET', all.deltaLink)
      expect(items(none)).toEqual([])
      drives.edit(alex, 'many/000007.bin', 'new')
      const changed = await round(bench, text(none, '@odata.deltaLink'))
      expect(changed.items.map(({ name }) => name)).toEqual(['root', 'many', '000007.bin'])
      expect(
        items(await ask('GET', none.json['@odata.deltaLink'] as string, undefined, { deltaExcludeParent: 'true' })),
      ).toHaveLength(1)
      expect((await round(bench, changed.deltaLink)).items).toEqual([])
    }))

  test('leaves out what Graph leaves out, and shows addresses only when they are selected', () =>
    withDrives(async (bench) => {
      bench.drives.addFile(alex, 'a/b.txt', 'hello')
      const plain = (await round(bench, first)).items.at(-1)
      expect(plain?.parentReference).not.toHaveProperty('path')
      expect(plain).not.toHaveProperty('cTag')
      expect(plain).toHaveProperty(['file', 'hashes', 'quickXorHash'])
      expect(plain).toHaveProperty([downloadUrl])
      const some = (await round(bench, `${first}?$select=id,file`)).items.at(-1)
      expect(Object.keys(some ?? {}).toSorted()).toEqual(['@odata.type', 'file', 'id'])
      const link = (await round(bench, `${first}?$select=id,${downloadUrl}`)).deltaLink
      bench.drives.edit(alex, 'a/b.txt', 'x')
      const again = (await round(bench, link)).items.at(-1)
      expect(Object.keys(again ?? {}).toSorted()).toEqual([downloadUrl, '@odata.type', 'id'])
      bench.drives.behave(alex, { deltaWithoutHashes: 'all', deltaWithCTag: true })
      const bare = (await round(bench, first)).items.at(-1)
      expect([bare?.file, typeof bare?.cTag]).toEqual([{ mimeType: 'text/plain' }, 'string'])
    }))

  test('a moved folder gives itself only', () =>
    withDrives(async (bench) => {
      const { drives } = bench
      drives.addFiles(alex, 'top/in', { count: 5, size: 1 })
      drives.addFolder(alex, 'other')
      const { deltaLink } = await round(bench, first)
      drives.move(alex, 'top', 'other')
      drives.rename(alex, 'other/top', 'new')
      const changed = known((await round(bench, deltaLink)).items)
      expect([...changed.values()].map(({ name }) => name)).toEqual(['root', 'other', 'new'])
    }))

  test('a deleted folder has the deleted facet, and some of what was in it too', () =>
    withDrives(async (bench) => {
      const { drives } = bench
      drives.addFiles(alex, 'top', { count: 6, size: 1 })
      const id = drives.itemId(alex, 'top')
      const { deltaLink } = await round(bench, first)
      const blind = (await round(bench, `${first}?$select=id`)).deltaLink
      drives.delete(alex, 'top')
      const gone = (await round(bench, deltaLink)).items
      expect(gone.length).toBeGreaterThan(1)
      expect(gone.length).toBeLessThan(7)
      for (const item of gone) {
        expect(item).toMatchObject({ deleted: { state: 'deleted' } })
        expect(item).not.toHaveProperty('name')
        expect(item.parentReference).not.toHaveProperty('path')
      }
      expect(gone.some((item) => item.id === id)).toBe(true)
      for (const item of (await round(bench, blind)).items) expect(item).not.toHaveProperty('deleted')
      expect((await round(bench, first)).items).toHaveLength(1)
      drives.behave(alex, { deletedChildren: 'none' })
      drives.addFiles(alex, 'again', { count: 6, size: 1 })
      const before = (await round(bench, first)).deltaLink
      drives.delete(alex, 'again')
      expect((await round(bench, before)).items).toHaveLength(1)
    }))

  test('what changes between two pages comes again, and the last one counts', () =>
    withDrives(async (bench) => {
      const { drives, ask } = bench
      drives.addFiles(alex, 'f', { count: 8, size: 1 })
      const page = await ask('GET', `${first}?$top=5`)
      drives.rename(alex, 'f/000000.bin', 'renamed.bin')
      drives.delete(alex, 'f/000001.bin')
      drives.addFile(alex, 'f/new.bin', 'x')
      const rest = await round(bench, text(page, '@odata.nextLink'))
      const final = known([...items(page), ...rest.items])
      const living = [...final.values()].filter((item) => !('deleted' in item)).map(({ name }) => name)
      expect(living.toSorted()).toEqual(
        ['root', 'f', 'renamed.bin', 'new.bin', ...[2, 3, 4, 5, 6, 7].map((n) => `00000${String(n)}.bin`)].toSorted(),
      )
      expect(page.json.value).toHaveLength(5)
      expect(rest.items.length + 5).toBeGreaterThan(final.size)
    }))

  test('pages may be empty or repeat an item, and hold no more than asked for', () =>
    withDrives(
      async (bench) => {
        bench.drives.addFiles(alex, 'f', { count: 20, size: 1 })
        const all = await round(bench, `${first}?$top=4`)
        expect(all.pages.filter((page) => page.length === 0).length).toBeGreaterThan(0)
        expect(all.items.length).toBeGreaterThan(known(all.items).size)
        expect(known(all.items).size).toBe(22)
        expect(Math.max(...all.pages.map((page) => page.length))).toBe(4)
      },
      { delta: { emptyPageEvery: 3, repeatEvery: 2 } },
    ))

  test('token=latest begins now, a time begins then', () => {
    const clock = new HandClock()
    return withDrives(
      async (bench) => {
        const { drives } = bench
        drives.addFile(alex, 'old.txt', 'x')
        clock.pass(60_000)
        const latest = await round(bench, `${first}?token=latest`)
        expect(latest.items).toEqual([])
        const then = new Date(clock.now()).toISOString()
        clock.pass(60_000)
        drives.addFile(alex, 'new.txt', 'x')
        expect((await round(bench, latest.deltaLink)).items.map(({ name }) => name)).toEqual(['root', 'new.txt'])
        const since = await bench.ask('GET', `${first}?token=${encodeURIComponent(then)}`)
        expect(names(since)).toEqual(['root', 'new.txt'])
        const called = await bench.ask('GET', `${first}(token='${then}')`)
        expect(names(called)).toEqual(['root', 'new.txt'])
      },
      { clock },
    )
  })

  test('a dead token is answered with 410 and where to start over', () =>
    withDrives(async (bench) => {
      const { drives, ask } = bench
      drives.addFile(alex, 'a.txt', 'x')
      for (const code of ['resyncChangesApplyDifferences', 'resyncChangesUploadDifferences'] as const) {
        const { deltaLink } = await round(bench, `${first}?$select=id`)
        drives.breakCursors(alex, code)
        const dead = await ask('GET', deltaLink)
        expect([dead.status, dead.codes]).toEqual([410, [code, 'resyncRequired']])
        expect((await round(bench, dead.headers.get('location') ?? '')).items).toHaveLength(2)
      }
      expect((await ask('GET', `${first}?token=forged`)).codes).toEqual(['invalidRequest'])
    }))

  test('a fault rule breaks a token, too', () =>
    withDrives(async (bench) => {
      const { deltaLink } = await round(bench, first)
      bench.simulator.faults.add({ kind: 'break-cursor', code: 'resyncChangesUploadDifferences', count: 2 })
      expect((await bench.ask('GET', first)).status).toBe(200)
      const dead = await bench.ask('GET', deltaLink)
      expect([dead.status, dead.codes[0]]).toEqual([410, 'resyncChangesUploadDifferences'])
    }))

  test('is for roots, except in a personal drive', () =>
    withDrives(async (bench) => {
      const { drives, ask, drive } = bench
      const { id } = drives.addDrive({ owner: { kind: 'group', id: 'p' }, type: 'personal' })
      drives.addFile(id, 'a/b.txt', 'x')
      drives.addFile(id, 'c.txt', 'x')
      const folder = await round(bench, `/drives/${id}/items/${drives.itemId(id, 'a')}/delta`)
      expect(folder.items.map(({ name }) => name)).toEqual(['a', 'b.txt'])
      expect(folder.deltaLink).toContain('delta?token=')
      drives.edit(id, 'c.txt', 'y')
      drives.delete(id, 'a/b.txt')
      const [gone, ...others] = (await round(bench, folder.deltaLink)).items
      expect(others).toEqual([])
      expect(gone).toMatchObject({ name: 'b.txt', deleted: {} })
      expect(gone).not.toHaveProperty('size')
      const business = drives.addFolder(alex, 'x')
      expect((await ask('GET', `/drives/${drive}/items/${business}/delta`)).codes).toEqual(['invalidRequest'])
    }))
})
