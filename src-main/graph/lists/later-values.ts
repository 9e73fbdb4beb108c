import type { JsonObject } from '../../engine/model/json.ts'
import { lookupSource } from './column-json.ts'
import type { LookupTarget } from './column-json.ts'
import type { Column } from './columns.ts'
import { numbersJson } from './item-fields.ts'
import type { OpenLookup } from './item-fields.ts'
import { readShown } from './lookup-values.ts'
import { remarkOnce, siteOf } from './restore-session.ts'
import type { LaterValue, ListsSession, RestoredList } from './restore-session.ts'
import { lookupTarget } from './restore-targets.ts'
import { cost, itemPath, sitePool } from './site.ts'
import type { Site } from './site.ts'

/** Changes that travel in one batch. */
const batchSize = 20

/**
 * Puts in what had to wait until all lists are there: columns that look lists up which came later, and the values of
 * lookups to items that came later. What is looked up is the restored item, or else the one of the target's list that
 * shows the same.
 */
export async function putLaterValues(session: ListsSession, signal: AbortSignal): Promise<void> {
  const site = siteOf(session, signal)
  for (const list of session.opened.values()) await completeLookups(session, list, site)
  const shown = new Map<string, Promise<ReadonlyMap<number, string>>>()
  const lookUp = (target: LookupTarget): Promise<ReadonlyMap<number, string>> => {
    const key = `${target.listId} ${target.columnName}`
    const reading = shown.get(key) ?? readShown(site, target.listId, target.columnName)
    shown.set(key, reading)
    return reading
  }
  const changes: Change[] = []
  for (const value of session.later.splice(0)) {
    const json = await laterJson(session, value, lookUp)
    if (json !== undefined) changes.push({ value, json })
    if (changes.length >= batchSize) await send(site, changes.splice(0))
  }
  await send(site, changes)
}

async function completeLookups(session: ListsSession, list: RestoredList, site: Site): Promise<void> {
  const { mapping, columns } = list
  if (mapping === undefined) return
  const lookups = columns.filter(({ kind }) => kind === 'lookup')
  await mapping.complete(site, lookups, (stored) => targetOf(session, list, stored))
  mapping.giveUp(columns)
}

/** The list that was restored, or one of the target that was there before. */
function targetOf(session: ListsSession, list: RestoredList, stored: Column): LookupTarget | undefined {
  const restored = lookupTarget(session, list, stored)
  const lookup = lookupSource(stored)
  if (restored !== undefined || lookup === undefined) return restored
  const listId = session.lists.find(lookup.list, undefined)
  return listId === undefined ? undefined : { listId, columnName: lookup.column }
}

interface Change {
  readonly value: LaterValue
  readonly json: JsonObject
}

async function laterJson(
  session: ListsSession,
  { list, open }: LaterValue,
  lookUp: (target: LookupTarget) => Promise<ReadonlyMap<number, string>>,
): Promise<JsonObject | undefined> {
  const column = list.mapping?.get(open.column)
  const target = targetOf(session, list, open.column)
  if (column === undefined || target === undefined) {
    remarkOnce(list, 'lookup-value-lost', open.column.displayName)
    return undefined
  }
  const ids: number[] = []
  for (const value of open.values) {
    const restored = session.opened.get(open.list)?.numbers.get(value.id)
    const id = restored ?? found(await lookUp(target), value, target.listId === open.list)
    if (id === undefined) remarkOnce(list, 'lookup-value-lost', open.column.displayName)
    else ids.push(id)
  }
  return ids.length === 0 ? undefined : numbersJson(column.name, ids, open.column)
}

/** The same item of the same list, whose numbers are never given twice; or else the only one that shows the same. */
function found(
  shown: ReadonlyMap<number, string>,
  { id, value }: OpenLookup['values'][number],
  isSameList: boolean,
): number | undefined {
  if (isSameList && shown.has(id)) return id
  if (value === undefined) return undefined
  const [only, ...others] = [...shown].filter(([, text]) => text === value)
  return others.length === 0 ? only?.[0] : undefined
}

async function send(site: Site, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  const members = changes.map(({ value: { list, item }, json }) => ({
    method: 'PATCH' as const,
    path: `${itemPath(site.root.id, list.target.id ?? '', item)}/fields`,
    body: json,
    cost: cost.write,
  }))
  const answers = await site.client.batch(members, { pool: sitePool, signal: site.signal })
  for (const [index, answer] of answers.entries()) {
    const value = changes[index]?.value
    if (answer.ok || value === undefined) continue
    if (answer.error.code !== 'graph.request-refused' && answer.error.code !== 'graph.not-found') throw answer.error
    remarkOnce(value.list, 'lookup-value-lost', value.open.column.displayName)
  }
}
