import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { idOf } from './fixture.ts'

/** What the catalog should hold, kept the simplest way: a whole copy of everything for each snapshot. */

export interface ModelContainer {
  readonly parent: string | null
  readonly dirName: string
}

export interface ModelItem {
  readonly container: string
  readonly shard: string
  readonly name: string
  /** Another one for each put: tells versions apart. */
  readonly changeKey: string
  readonly word: string
}

export interface ModelState {
  rootPath: string | undefined
  readonly containers: Map<string, ModelContainer>
  readonly items: Map<string, ModelItem>
}

export interface ModelSeries {
  readonly snapshots: { readonly id: HexId; readonly state: ModelState }[]
  /** As of the run under way. */
  run: ModelState | undefined
}

export interface Model {
  readonly series: readonly ModelSeries[]
  finished: number
  puts: number
}

export function emptyState(): ModelState {
  return { rootPath: undefined, containers: new Map(), items: new Map() }
}

export function baseState(series: ModelSeries): ModelState {
  return series.snapshots.at(-1)?.state ?? emptyState()
}

/** The run's state; the run begins if there is none. */
export function runState(series: ModelSeries): ModelState {
  series.run ??= structuredClone(baseState(series))
  return series.run
}

export function finish(model: Model, series: ModelSeries): HexId {
  const id = idOf(`snapshot ${++model.finished}`)
  series.snapshots.push({ id, state: runState(series) })
  series.run = undefined
  return id
}

export function drop(series: ModelSeries, index: number): HexId | undefined {
  const wasNewest = index === series.snapshots.length - 1
  const [dropped] = series.snapshots.splice(index, 1)
  if (dropped !== undefined && wasNewest) series.run = undefined
  return dropped?.id
}

export function containerPath(state: ModelState, id: string): string {
  const container = state.containers.get(id)
  if (container === undefined) throw new Error('no such container')
  return container.parent === null
    ? container.dirName
    : `${containerPath(state, container.parent)}/${container.dirName}`
}

/** The container and all below it. */
export function withChildren(state: ModelState, id: string): readonly string[] {
  const below = [...state.containers].filter(([, { parent }]) => parent === id).map(([child]) => child)
  return [id, ...below.flatMap((child) => withChildren(state, child))]
}

/** Paths of all folders and items of a state, sorted. */
export function paths(state: ModelState, type: string): readonly string[] {
  if (state.rootPath === undefined) return []
  const root = state.rootPath
  const containers = [...state.containers.keys()].map((id) => `${root}/${type}/${containerPath(state, id)}`)
  const items = [...state.items.values()].map(({ container, shard, name }) =>
    [root, type, containerPath(state, container), ...(shard === '' ? [] : [shard]), name].join('/'),
  )
  const all = [root, ...containers, ...items]
  const above = (path: string) => path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))
  return [...new Set(all.flatMap(above))].sort()
}

/** What the run changed in a shard of a container, from the base. */
export function edits(series: ModelSeries, container: string, shard: string) {
  const inShard = (state: ModelState) =>
    [...state.items].filter(([, item]) => item.container === container && item.shard === shard)
  const base = baseState(series)
  const now = runState(series)
  const changed = (from: ModelState, to: ModelState) =>
    inShard(from)
      .filter(([id, item]) => to.items.get(id)?.changeKey !== item.changeKey)
      .map(([, { name }]) => name)
      .sort()
  return { removed: changed(base, now), put: changed(now, base) }
}
