import type { EngineError } from '../../engine/model/errors.ts'
import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { filledText, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import type { Column } from './columns.ts'
import { ExistingItems } from './existing-items.ts'
import type { Unmet } from './existing-items.ts'
import { namedFiles } from './item-files.ts'
import { openLookups, targetFields } from './item-fields.ts'
import type { TargetFields } from './item-fields.ts'
import { itemKey } from './item-key.ts'
import { matchOf } from './item-match.ts'
import type { Match, WantedItem } from './item-match.ts'
import { restoreFiles } from './restored-files.ts'
import { siteOf } from './restore-session.ts'
import type { ListsSession, RestoredList } from './restore-session.ts'
import { cost, listPath, sitePool } from './site.ts'
import type { Site } from './site.ts'

/** Times that an item is created whose creation has an unknown outcome. */
const attempts = 3

/** Where an item goes, and what of it is known. */
interface Place {
  readonly session: ListsSession
  readonly list: RestoredList
  readonly site: Site
}

/** Creates the item unless the list has one that says the same and stands for no other. */
export async function restoreItem(
  session: ListsSession,
  list: RestoredList,
  item: RestoreItem,
  signal: AbortSignal,
): Promise<ItemOutcome> {
  const properties = propertiesOf(item.metadata)
  if ((text(record(properties, 'contentType') ?? {}, 'id') ?? '').startsWith('0x0120'))
    return { kind: 'skipped', code: 'list-folder-not-restored' }
  const place = { session, list, site: siteOf(session, signal) }
  const fields = await fieldsFor(place, properties)
  const key = itemKey(
    record(properties, 'fields') ?? {},
    list.columns.map((column) => ({ column, field: column.name })),
  )
  return await oneAtATime(list.busy, key, () => restoreUnlessThere(place, item, properties, fields))
}

/** Items that are alike come one after the other: each would take what the other one looks for. */
async function oneAtATime<T>(busy: Map<string, Promise<unknown>>, key: string, work: () => Promise<T>): Promise<T> {
  const before = busy.get(key) ?? Promise.resolve()
  const mine = before.then(work, work)
  const settled = mine.then(
    () => undefined,
    () => undefined, // whoever asked has the failure
  )
  busy.set(key, settled)
  try {
    return await mine
  } finally {
    if (busy.get(key) === settled) busy.delete(key)
  }
}

async function fieldsFor({ session, list, site }: Place, properties: JsonObject): Promise<TargetFields> {
  return await targetFields(properties, {
    columns: list.columns,
    // In a dry run into a list that is to be made, every column that can be made is there.
    target: (stored) => (list.mapping === undefined ? stored : list.mapping.get(stored)),
    person: (person) => session.people.map(site, person),
    restored: (source, number) => session.opened.get(source)?.numbers.get(number),
  })
}

async function restoreUnlessThere(
  place: Place,
  item: RestoreItem,
  properties: JsonObject,
  fields: TargetFields,
): Promise<ItemOutcome> {
  const { session, list } = place
  const { dryRun, ignoreExisting } = session.options
  const wanted: WantedItem = { properties, fields, files: namedFiles(properties).map(({ file }) => file) }
  const remarks = [...placeRemarks(list, properties), ...fields.remarks]
  const existing = ignoreExisting || list.target.id === undefined ? undefined : await existingItems(place)
  const met = existing === undefined ? undefined : await meet(place, existing, wanted)
  if (met !== undefined) {
    remember(list, properties, met.item.id)
    if (met.match === 'same' || dryRun)
      return { kind: 'duplicate', ...(met.match === 'same' ? {} : { completed: true }) }
    later(place, met.item.id, wanted, met.item)
    const more = await restoreFiles(session, list, met.item.id, item, place.site.signal, met.item.hasFiles)
    return { kind: 'duplicate', completed: true, ...told([...remarks, ...more]) }
  }
  list.isFilled = true
  if (dryRun || list.target.id === undefined) return { kind: 'created', id: '', ...told(remarks) }
  const created = await create(place, existing, wanted)
  remember(list, properties, created.id)
  later(place, created.id, wanted)
  const more = await restoreFiles(session, list, created.id, item, place.site.signal, false)
  return { kind: 'created', id: created.id, ...told([...remarks, ...created.remarks, ...more]) }
}

function told(remarks: readonly RestoreRemark[]): { readonly remarks?: readonly RestoreRemark[] } {
  return remarks.length === 0 ? {} : { remarks }
}

function remember({ numbers }: RestoredList, properties: JsonObject, id: string): void {
  const number = Number(text(properties, 'id'))
  if (Number.isInteger(number) && id !== '') numbers.set(number, Number(id))
}

/** Lookups whose items were not there yet, or that an interrupted restore did not come to. */
function later({ session, list }: Place, item: string, { properties, fields }: WantedItem, there?: Unmet): void {
  const missing = (column: Column): boolean => (there?.references.get(column.name) ?? []).length === 0
  const late = there === undefined ? [] : list.columns.filter((column) => fields.references.has(column.name))
  for (const open of [...fields.open, ...late.flatMap((column) => openLookups(properties, column))])
    if (missing(open.column)) session.later.push({ list, item, open })
}

/** Graph makes items at the top of a list only. */
function placeRemarks({ webUrl }: RestoredList, properties: JsonObject): readonly RestoreRemark[] {
  const own = filledText(properties, 'webUrl')
  if (own === undefined || webUrl === '' || !own.startsWith(`${webUrl}/`)) return []
  return own.slice(webUrl.length + 1).includes('/') ? [{ code: 'list-item-out-of-folder' }] : []
}

function existingItems({ list, site }: Place): Promise<ExistingItems> {
  const { target } = list
  const items = new ExistingItems(target.id ?? '', list.columns, (stored) => list.mapping?.get(stored))
  const load = async (): Promise<ExistingItems> => {
    if (!target.isNew) await items.load(site)
    return items
  }
  list.existing ??= load()
  list.existing.catch(() => (list.existing = undefined))
  return list.existing
}

interface Met {
  readonly item: Unmet
  readonly match: Exclude<Match, 'other'>
}

/** Rather one that has everything than one that a restore left unfinished. */
async function meet(place: Place, existing: ExistingItems, wanted: WantedItem): Promise<Met | undefined> {
  const unfinished: Unmet[] = []
  for (const item of existing.candidates(record(wanted.properties, 'fields') ?? {})) {
    const match = await matchOf(place.session, place.list, item, wanted, place.site)
    if (match === 'same' && existing.take(item)) return { item, match }
    if (match === 'unfinished') unfinished.push(item)
  }
  const item = unfinished.find((one) => existing.take(one))
  return item && { item, match: 'unfinished' }
}

interface Created {
  readonly id: string
  readonly remarks: readonly RestoreRemark[]
}

/** With everything, then without what Graph has always refused. */
async function create(place: Place, existing: ExistingItems | undefined, wanted: WantedItem): Promise<Created> {
  const { refused } = place.list
  const { fragile, json } = wanted.fields
  const without = (names: ReadonlySet<string>): JsonObject =>
    Object.fromEntries(Object.entries(json).filter(([name]) => !names.has(name.split('@')[0] ?? '')))
  const remarksOn = (names: ReadonlySet<string>): readonly RestoreRemark[] =>
    [...names].flatMap((name) =>
      fragile.has(name) ? [{ code: 'field-refused', detail: fragile.get(name) ?? name }] : [],
    )
  const known = new Set([...fragile.keys()].filter((name) => refused.has(name)))
  try {
    return { id: await createOnce(place, existing, wanted, without(known)), remarks: remarksOn(known) }
  } catch (error) {
    if (!isRefused(error) || known.size === fragile.size) throw error
    const all = new Set(fragile.keys())
    const id = await createOnce(place, existing, wanted, without(all))
    for (const name of all) refused.add(name)
    return { id, remarks: remarksOn(all) }
  }
}

function isRefused(error: unknown): error is EngineError {
  return isEngineError(error, 'graph.request-refused')
}

/** Creates it once, even if an answer gets lost: before another attempt the list is looked at. */
async function createOnce(
  place: Place,
  known: ExistingItems | undefined,
  wanted: WantedItem,
  fields: JsonObject,
): Promise<string> {
  const { client, root, signal } = place.site
  const existing = known ?? (await existingItems(place))
  const path = `${listPath(root.id, place.list.target.id ?? '')}/items`
  const body = { fields, ...contentTypeJson(place.list, wanted.properties) }
  for (let left = attempts; ; left -= 1) {
    try {
      const made = await client.json<JsonObject>({
        method: 'POST',
        path,
        body,
        pool: sitePool,
        cost: cost.write,
        signal,
      })
      const id = text(made, 'id') ?? ''
      existing.created(id)
      return id
    } catch (error) {
      if (!hasUnknownOutcome(error)) throw error
      await existing.findUnknown(place.site)
      const met = await meet(place, existing, wanted)
      if (met !== undefined) return met.item.id
      if (left <= 1) throw error
    }
  }
}

/** The type of the same name, where it is not the one that items have anyway. */
function contentTypeJson({ target }: RestoredList, properties: JsonObject): JsonObject {
  const name = text(record(properties, 'contentType') ?? {}, 'name') ?? ''
  const [usual] = target.contentTypes.keys()
  const id = target.contentTypes.get(name)
  return id === undefined || name === usual ? {} : { contentType: { id } }
}
