import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Catalog } from '../../../../src-main/engine/catalog/catalog.ts'
import { openCatalog, removeCatalog } from '../../../../src-main/engine/catalog/open.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { catalogRows } from '../../../support/catalog-rows.ts'
import type { Model, ModelItem, ModelSeries, ModelState } from './catalog-model.ts'
import {
  baseState,
  containerPath,
  drop,
  edits,
  emptyState,
  finish,
  paths,
  runState,
  withChildren,
} from './catalog-model.ts'
import { catalogFile, REPOSITORY, TYPE, version, walk } from './fixture.ts'

const HOSTS = ['contoso', 'fabrikam'] as const
const SHARDS = ['', '2026-01', '2026-02'] as const

/** One thing that happens, with numbers that are taken modulo what there is. */
type Step =
  | {
      readonly kind: 'put'
      readonly item: number
      readonly container: number
      readonly shard: number
      readonly name: number
    }
  | { readonly kind: 'remove'; readonly item: number; readonly container: number }
  | { readonly kind: 'container'; readonly container: number; readonly parent: number; readonly name: number }
  | { readonly kind: 'removeContainer'; readonly container: number }
  | { readonly kind: 'listing'; readonly container: number; readonly seen: readonly boolean[]; readonly put: number }
  | { readonly kind: 'rename'; readonly name: number }
  | { readonly kind: 'drop'; readonly snapshot: number }
  | { readonly kind: 'removeRoot' }
  | { readonly kind: 'finish' }
  | { readonly kind: 'abandon' }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'kill' }

const few = fc.nat({ max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('put'), item: few, container: few, shard: few, name: few }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('remove'), item: few, container: few }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('container'), container: few, parent: few, name: few }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('removeContainer'), container: few }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('listing'),
      container: few,
      seen: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      put: few,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename'), name: few }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('drop'), snapshot: few }) },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('finish') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('removeRoot', 'abandon', 'checkpoint', 'kill') }) },
)
const steps = fc.array(fc.record({ series: fc.nat({ max: HOSTS.length - 1 }), step }), { minLength: 20, maxLength: 80 })

/** The catalog and the model beside it. */
class Pair {
  readonly file: string
  catalog: Catalog
  model: Model = { series: HOSTS.map(() => ({ snapshots: [], run: undefined })), finished: 0, puts: 0 }
  #durable: Model = structuredClone(this.model)

  constructor(file: string) {
    this.file = file
    this.catalog = openCatalog(file, { repositoryId: REPOSITORY })
  }

  at(index: number): OneSeries {
    const series = this.model.series[index]
    const host = HOSTS[index]
    if (series === undefined || host === undefined) throw new Error('no such series')
    return new OneSeries(this, series, host)
  }

  checkpoint(): void {
    this.catalog.checkpoint()
    this.#durable = structuredClone(this.model)
  }

  kill(): void {
    this.catalog.close()
    this.catalog = openCatalog(this.file, { repositoryId: REPOSITORY })
    this.model = structuredClone(this.#durable)
  }
}

/** Does the same to a series of the catalog and of the model. */
class OneSeries {
  readonly #pair: Pair
  readonly #catalog: Catalog
  readonly #model: ModelSeries
  readonly #series: number
  readonly #host: string

  constructor(pair: Pair, model: ModelSeries, host: string) {
    this.#pair = pair
    this.#catalog = pair.catalog
    this.#model = model
    this.#host = host
    this.#series = pair.catalog.series({ host, paths: ['users'] })
  }

  apply(step: Step): void {
    if (step.kind === 'checkpoint') this.#pair.checkpoint()
    else if (step.kind === 'kill') this.#pair.kill()
    else if (step.kind === 'abandon') this.#abandon()
    else if (step.kind === 'finish') this.#finish()
    else if (step.kind === 'drop') this.#drop(step.snapshot)
    else this.#write(step)
  }

  #abandon(): void {
    this.#catalog.abandonRun(this.#series)
    this.#model.run = undefined
  }

  #finish(): void {
    const { seq } = this.#begin()
    this.#compareEdits(seq)
    const id = finish(this.#pair.model, this.#model)
    this.#catalog.finishRun(seq, { id, time: this.#pair.model.finished, tree: id })
  }

  #drop(snapshot: number): void {
    const id = drop(this.#model, snapshot % Math.max(1, this.#model.snapshots.length))
    this.#catalog.dropSnapshots(id === undefined ? [] : [id])
  }

  /** Begins the run, or goes on with it, and makes sure of its root. */
  #begin(): { readonly seq: number; readonly root: number; readonly state: ModelState } {
    const { seq, resumed } = this.#catalog.beginRun(this.#series, 0)
    expect(resumed).toBe(this.#model.run !== undefined)
    const state = runState(this.#model)
    state.rootPath ??= `users/${this.#host}`
    return { seq, root: this.#catalog.root(seq, this.#host, state.rootPath).key, state }
  }

  #write(step: Exclude<Step, { kind: 'checkpoint' | 'kill' | 'abandon' | 'finish' | 'drop' }>): void {
    const { seq, root, state } = this.#begin()
    if (step.kind === 'rename') {
      state.rootPath = `users/${this.#host} ${step.name}`
      this.#catalog.root(seq, this.#host, state.rootPath)
    } else if (step.kind === 'removeRoot') {
      this.#catalog.removeRoot(seq, root)
      Object.assign(state, emptyState())
    } else if (step.kind === 'container') this.#putContainer(seq, root, state, step)
    else if (step.kind === 'removeContainer') this.#removeContainer(seq, root, state, `c${step.container}`)
    else if (step.kind === 'put') this.#put(seq, root, state, step)
    else if (step.kind === 'remove') this.#remove(seq, root, state, `m${step.item}`, `c${step.container}`)
    else this.#list(seq, root, state, step)
  }

  #putContainer(seq: number, root: number, state: ModelState, step: Step & { kind: 'container' }): void {
    const id = `c${step.container}`
    // A parent that is there and not below the container itself.
    const parent = `c${step.parent}`
    const isFree = state.containers.has(parent) && !withChildren(state, id).includes(parent)
    state.containers.set(id, { parent: isFree ? parent : null, dirName: `${id} ${step.name}` })
    for (const graphId of withChildren(state, id)) {
      const container = state.containers.get(graphId)
      const dirName = container?.dirName ?? ''
      const path = containerPath(state, graphId)
      const parentGraphId = container?.parent ?? null
      this.#catalog.putContainer(seq, { root, type: TYPE, graphId, parentGraphId, dirName, path, properties: '{}' })
    }
  }

  #removeContainer(seq: number, root: number, state: ModelState, id: string): void {
    for (const gone of withChildren(state, id)) {
      this.#catalog.removeContainer(seq, root, TYPE, gone)
      state.containers.delete(gone)
      for (const [item, { container }] of state.items) if (container === gone) state.items.delete(item)
    }
  }

  #put(seq: number, root: number, state: ModelState, step: Omit<Step & { kind: 'put' }, 'kind'>): void {
    const container = `c${step.container}`
    if (!state.containers.has(container)) return
    const changeKey = String(++this.#pair.model.puts)
    const id = `m${step.item}`
    const item = { container, shard: SHARDS[step.shard % 3] ?? '', name: `${id} ${step.name}`, changeKey }
    const latest = this.#catalog.latest(root, TYPE, id)
    const word = `word${step.name}`
    // As a backup does it: the text is kept while the content is.
    const kept = latest?.version.title === word ? latest.version.textKey : null
    const textKey = kept ?? this.#catalog.addText({ title: word, from: '', to: '', body: '' })
    this.#catalog.putItem(seq, version(root, id, { ...item, title: word, textKey }))
    state.items.set(id, { ...item, word })
  }

  #remove(seq: number, root: number, state: ModelState, id: string, container: string): void {
    this.#catalog.removeItem(seq, root, TYPE, container, id)
    if (state.items.get(id)?.container === container) state.items.delete(id)
  }

  #list(seq: number, root: number, state: ModelState, step: Step & { kind: 'listing' }): void {
    const container = `c${step.container}`
    if (!state.containers.has(container)) return
    this.#catalog.beginListing(root, TYPE, container)
    const seen = new Set([`m${step.put}`])
    step.seen.forEach((isSeen, index) => {
      if (!isSeen) return
      seen.add(`m${index}`)
      this.#catalog.markSeen(root, TYPE, container, `m${index}`)
    })
    this.#put(seq, root, state, { item: step.put, container: step.container, shard: 0, name: step.put })
    const unseen = [...state.items].filter(([id, item]) => item.container === container && !seen.has(id))
    expect(this.#catalog.removeUnseen(seq, root, TYPE, container)).toBe(unseen.length)
    for (const [id] of unseen) state.items.delete(id)
  }

  #compareEdits(seq: number): void {
    const root = this.#catalog.roots(this.#series)[0]?.key ?? 0
    const ids = new Set([...baseState(this.#model).containers.keys(), ...runState(this.#model).containers.keys()])
    for (const id of ids) {
      const expected = SHARDS.map((shard) => edits(this.#model, id, shard))
      const actual = SHARDS.map((shard) => this.#catalog.edits(seq, root, TYPE, id, shard))
      expect(actual.map(({ removed }) => removed.map(({ name }) => name))).toEqual(
        expected.map(({ removed }) => removed),
      )
      expect(actual.map(({ put }) => put.map(({ name }) => name))).toEqual(expected.map(({ put }) => put))
      const touched = SHARDS.filter((_, i) => (expected[i]?.removed.length ?? 0) + (expected[i]?.put.length ?? 0) > 0)
      expect(this.#catalog.touchedShards(seq, root, TYPE, id)).toEqual(touched)
      if (touched.length > 0) expect(this.#catalog.isTouched(seq, root, TYPE, id)).toBe(true)
    }
  }

  /** Whether everything that can be asked is as the model has it. */
  compare(): void {
    const catalog = this.#catalog
    expect(catalog.snapshots(this.#series).map(({ id }) => id)).toEqual(this.#model.snapshots.map(({ id }) => id))
    for (const { id, state } of this.#model.snapshots) {
      expect([...walk(catalog, id)].sort()).toEqual(paths(state, TYPE))
      compareFound(catalog, id, state)
    }
    compareFolders(
      catalog,
      this.#host,
      this.#model.snapshots.map(({ state }) => state),
    )
    const now = this.#model.run ?? baseState(this.#model)
    expect(catalog.totals(this.#series)).toEqual({ items: now.items.size, bytes: now.items.size * 10 })
    const [root] = catalog.roots(this.#series)
    expect(root?.path).toBe(now.rootPath)
    for (const [id, { changeKey }] of now.items) {
      const latest = root && catalog.latest(root.key, TYPE, id)
      expect([latest?.open, latest?.version.changeKey]).toEqual([true, changeKey])
    }
  }
}

function compareFound(catalog: Catalog, snapshot: HexId, state: ModelState): void {
  const items = [...state.items.values()]
  for (const word of ['word0', 'word3']) {
    const found = catalog.find({ words: [word], snapshot, limit: 100 }).map(({ name }) => name)
    const expected = items.filter((item) => item.word === word).map(({ name }) => name)
    expect(found.sort()).toEqual(expected.sort())
  }
  const all = catalog.find({ words: [], snapshot, limit: 100 }).map(({ path }) => path)
  const expected = items.map((item) => itemPath(state, item))
  expect(all.sort()).toEqual(expected.sort())
  const inside = expected[0]?.slice(0, expected[0].lastIndexOf('/')) ?? `users/nobody`
  const ofFolder = catalog.find({ words: [], snapshot, folder: inside, limit: 100 }).map(({ path }) => path)
  expect(ofFolder.sort()).toEqual(expected.filter((path) => path.startsWith(`${inside}/`)))
}

function itemPath(state: ModelState, { container, shard, name }: ModelItem): string {
  return [state.rootPath, TYPE, containerPath(state, container), shard, name].filter((part) => part !== '').join('/')
}

/** Whether a folder has what lay in it or below it in one of the snapshots. */
function compareFolders(catalog: Catalog, host: string, states: readonly ModelState[]): void {
  const items = states.flatMap((state) =>
    [...state.items.values()].map((item) => ({ ...item, path: itemPath(state, item) })),
  )
  const folders = items.map(({ path }) => path.slice(0, path.lastIndexOf('/')))
  for (const folder of new Set([...folders.flatMap(withAbove), `users/${host} 1`])) {
    const inside = items.filter(({ path }) => path.startsWith(`${folder}/`))
    const found = catalog.find({ words: [], folder, limit: 1000 }).map(({ name }) => name)
    // Versions of one text are one, and the last one's name is told.
    const idsIn = (names: readonly string[]) => [...new Set(names.map((name) => name.split(' ')[0]))].sort()
    expect(idsIn(found), folder).toEqual(idsIn(inside.map(({ name }) => name)))
    const hits = catalog.find({ words: ['word3'], folder, limit: 1000 }).map(({ name }) => name)
    const expected = inside.filter(({ word }) => word === 'word3').map(({ name }) => name)
    expect(idsIn(hits), `word3 in ${folder}`).toEqual(idsIn(expected))
  }
}

/** A path below a root, and those above it but the kind's, which all series share. */
function withAbove(path: string): readonly string[] {
  return path
    .split('/')
    .map((_, index, names) => names.slice(0, index + 1).join('/'))
    .slice(1)
}

/** Keys of texts that are kept, and those that a version uses. */
function textKeys(file: string): readonly [readonly unknown[], readonly unknown[]] {
  const db = new Database(file, { readonly: true })
  try {
    const kept = db.prepare('SELECT rowid FROM text ORDER BY rowid').pluck().all()
    const used = db.prepare('SELECT DISTINCT text_key FROM item WHERE text_key IS NOT NULL ORDER BY 1').pluck().all()
    return [kept, used]
  } finally {
    db.close()
  }
}

/** A catalog that is made from the snapshots alone, one after the other, as a rebuild does. */
function rebuilt(model: Model, file: string): readonly string[] {
  const pair = new Pair(file)
  const replay = (index: number, id: HexId, state: ModelState) => {
    const catalog = pair.catalog
    const host = HOSTS[index] ?? ''
    const series = catalog.series({ host, paths: ['users'] })
    const { seq } = catalog.beginRun(series, 0)
    for (const root of catalog.roots(series)) if (state.rootPath === undefined) catalog.removeRoot(seq, root.key)
    if (state.rootPath !== undefined) replayRoot(catalog, seq, host, state)
    catalog.finishRun(seq, { id, time: 0, tree: id })
  }
  model.series.forEach(({ snapshots }, index) => {
    for (const { id, state } of snapshots) replay(index, id, state)
  })
  pair.checkpoint()
  pair.catalog.close()
  return catalogRows(file)
}

function replayRoot(catalog: Catalog, seq: number, host: string, state: ModelState): void {
  const root = catalog.root(seq, host, state.rootPath ?? '').key
  for (const { graphId } of catalog.containers(seq, root, TYPE)) {
    if (!state.containers.has(graphId)) catalog.removeContainer(seq, root, TYPE, graphId)
  }
  for (const [graphId, { parent, dirName }] of state.containers) {
    const path = containerPath(state, graphId)
    catalog.putContainer(seq, { root, type: TYPE, graphId, parentGraphId: parent, dirName, path, properties: '{}' })
  }
  for (let i = 0; i < 6; i++) {
    const id = `m${i}`
    const latest = catalog.latest(root, TYPE, id)
    const item = state.items.get(id)
    if (item === undefined && latest !== undefined) {
      catalog.removeItem(seq, root, TYPE, latest.version.container, id)
    } else if (item !== undefined && !(latest?.open === true && latest.version.changeKey === item.changeKey)) {
      const { word, ...row } = item
      const textKey = catalog.addText({ title: word, from: '', to: '', body: '' })
      catalog.putItem(seq, version(root, id, { ...row, title: word, textKey }))
    }
  }
}

/** Snapshots get their numbers as ids and times when they are finished; a rebuild has its own times. */
function comparable(rows: readonly string[]): readonly string[] {
  return rows.map((row) => (row.startsWith('snapshot ') ? row.replace(/"time":\d+/, '') : row))
}

test('agrees with a model that keeps a copy of everything for each snapshot', () => {
  const file = catalogFile()
  const other = catalogFile()
  fc.assert(
    fc.property(steps, (happened) => {
      removeCatalog(file)
      removeCatalog(other)
      const pair = new Pair(file)
      try {
        for (const { series, step } of happened) {
          pair.at(series).apply(step)
          if (['finish', 'abandon', 'drop', 'kill'].includes(step.kind)) HOSTS.forEach((_, i) => pair.at(i).compare())
        }
        // Everything settled: no run under way, all durable.
        HOSTS.forEach((_, i) => pair.at(i).apply({ kind: 'abandon' }))
        HOSTS.forEach((_, i) => pair.at(i).compare())
        pair.checkpoint()
      } finally {
        pair.catalog.close()
      }
      const [kept, used] = textKeys(file)
      expect(kept).toEqual(used)
      expect(comparable(catalogRows(file))).toEqual(comparable(rebuilt(pair.model, other)))
    }),
    { numRuns: 100 },
  )
})
