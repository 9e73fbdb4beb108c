// How fast the restore browser's questions are answered over a catalog of half a million items, in process and through
// the host's answers. Arguments: number of items (500000).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemOrder } from '../../src-main/engine/catalog/model.ts'
import { openCatalog } from '../../src-main/engine/catalog/open.ts'
import { browseHandlers } from '../../src-main/engine-host/browse/handlers.ts'
import type { HostContext } from '../../src-main/engine-host/context.ts'
import { fillCatalog } from './support/large-catalog.ts'

const items = Number(process.argv[2] ?? 500_000)
const folder = mkdtempSync(join(tmpdir(), 'holdfast-browse-'))
const place = folder
const limit = 100
const { signal } = new AbortController()

/** Milliseconds: the first answer, and the median of twenty more. */
async function measured(name: string, most: number, ask: (at: number) => unknown): Promise<boolean> {
  const times: number[] = []
  for (let at = 0; at <= 20; at++) {
    const start = performance.now()
    await ask(at)
    times.push(performance.now() - start)
  }
  const [first = 0, ...others] = times
  const median = others.sort((a, b) => a - b)[10] ?? 0
  const isGood = median <= most
  console.log(
    `${name.padEnd(34)} first ${first.toFixed(1)} ms, median ${median.toFixed(1)} ms${isGood ? '' : ` > ${most}`}`,
  )
  return isGood
}

try {
  const file = join(folder, 'catalog.sqlite')
  const started = performance.now()
  const { earlier, later, container } = fillCatalog(file, items)
  console.log(`${items} items in one folder, filled in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  const catalog = openCatalog(file, { repositoryId: 'bench', readOnly: true })
  const opened = { catalog, repository: { config: { id: 'bench' } }, release: () => undefined }
  // Of the context the lists use no more than this.
  const context = { profile: folder, openPlace: () => Promise.resolve(opened) } as unknown as HostContext
  const browse = browseHandlers(context)
  const asked = { place, snapshot: later }
  const page = (order: ItemOrder, offset: number) =>
    browse['browse.items']({ ...asked, path: container, order, offset, limit }, { signal })
  const search = (words: string, more = {}, offset = 0) =>
    browse['browse.search']({ ...asked, query: { words, ...more }, offset, limit }, { signal })
  const good: boolean[] = []
  for (const order of ['newest', 'oldest', 'title', 'from', 'size'] as const) {
    good.push(await measured(`${order}: first page`, 100, () => page(order, 0)))
    good.push(await measured(`${order}: around the middle`, 200, (at) => page(order, Math.floor(items / 2) + at * 97)))
    good.push(await measured(`${order}: any page`, 200, (at) => page(order, Math.floor((items * at) / 21))))
  }
  const roots = { ...asked, cursor: null }
  good.push(
    await measured('roots', 100, () => browse['browse.folders']({ ...roots, path: 'users', query: '' }, { signal })),
  )
  good.push(
    await measured('roots by name', 100, () =>
      browse['browse.folders']({ ...roots, path: 'users', query: '77' }, { signal }),
    ),
  )
  good.push(await measured('search: the', 200, () => search('the')))
  good.push(await measured('search: the meeting', 200, () => search('the meeting')))
  good.push(await measured('search: me', 200, () => search('me')))
  good.push(await measured('search: the, 1000 further on', 200, () => search('the', {}, 1000)))
  good.push(await measured('search: the, from person7', 200, () => search('the', { from: 'person7' })))
  good.push(
    await measured('search: all snapshots', 200, () =>
      browse['browse.search']({ place, snapshot: null, query: { words: 'the' }, offset: 0, limit }, { signal }),
    ),
  )
  good.push(
    await measured('compare: page', 200, (at) =>
      browse['browse.compare']({ place, from: earlier, to: later, cursor: at === 0 ? null : '500' }, { signal }),
    ),
  )
  catalog.close()
  if (good.includes(false)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
