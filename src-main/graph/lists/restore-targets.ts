import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreContainer, RestoreOptions } from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, isObject, list, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { canBeMade, lookupSource } from './column-json.ts'
import type { LookupTarget } from './column-json.ts'
import { columnsOf, ownColumns } from './columns.ts'
import type { Column } from './columns.ts'
import { isItemsId } from './ids.ts'
import { hasNotice } from './notices.ts'
import { nameOf, remarkOnce, siteOf } from './restore-session.ts'
import type { ListsSession, ListsTarget, RestoredList } from './restore-session.ts'
import type { SharePointAccess } from './share-point.ts'
import { templateOf } from './site.ts'
import type { Site } from './site.ts'
import { TargetColumns, columnOrder } from './target-columns.ts'
import { TargetLists } from './target-lists.ts'
import type { WantedList } from './target-lists.ts'
import { TargetPeople } from './target-people.ts'

export async function begin(
  client: GraphClient,
  root: Root,
  options: RestoreOptions,
  sharePoint: SharePointAccess | undefined,
  signal: AbortSignal,
): Promise<ListsTarget> {
  const lists = new TargetLists()
  await lists.load({ client, root, signal })
  const names = options.targetFolder.split('/').map((name) => name.trim())
  const label = names.filter((name) => name !== '').join(' ')
  const people = new TargetPeople(options, sharePoint, () => lists.all)
  const session: ListsSession = {
    client,
    root,
    options,
    sharePoint,
    lists,
    people,
    label: label === '' ? undefined : label,
    restored: new Map(),
    opened: new Map(),
    later: [],
  }
  return { session, list: undefined, id: root.id, path: label }
}

/** The list that a list of the snapshot goes into, or what is in it; asked again, the same. */
export async function findTarget(
  parent: ListsTarget,
  { dirName, metadata = {} }: RestoreContainer,
  signal: AbortSignal,
): Promise<ListsTarget> {
  const source = filledText(metadata, 'o365:Id') ?? dirName
  // What is in a list goes into that list.
  if (parent.list !== undefined || parent.skipped !== undefined || isItemsId(source)) return parent
  const { session } = parent
  if (hasNotice(propertiesOf(metadata), 'list-generated'))
    return { session, list: undefined, id: undefined, path: dirName, skipped: 'list-generated' }
  const before = session.restored.get(source)
  const opening = before ?? openList(session, source, { dirName, metadata }, signal)
  session.restored.set(source, opening)
  opening.catch(() => session.restored.delete(source))
  const opened = await opening
  return { session, list: opened, id: opened.target.id, path: opened.target.name }
}

async function openList(
  session: ListsSession,
  source: string,
  { dirName, metadata = {} }: RestoreContainer,
  signal: AbortSignal,
): Promise<RestoredList> {
  const site = siteOf(session, signal)
  const properties = propertiesOf(metadata)
  const columns = ownColumns(columnsOf(properties))
  const template = templateOf(properties)
  const wanted: WantedList = {
    name: session.label === undefined ? nameOf(metadata, dirName) : `${nameOf(metadata, dirName)} (${session.label})`,
    source,
    mayBeItself: session.label === undefined,
    description: text(properties, 'description') ?? '',
    template,
    columns,
    atOnce: ['genericList', ''].includes(template) ? columnOrder(columns).filter(isMadeAtOnce) : [],
  }
  const target = await session.lists.ensure(site, wanted, session.options.dryRun)
  const opened: RestoredList = {
    source,
    webUrl: text(properties, 'webUrl') ?? '',
    columns,
    target,
    mapping: target.id === undefined ? undefined : new TargetColumns(target.id, target.columns),
    existing: undefined,
    numbers: new Map(),
    refused: new Set(),
    busy: new Map(),
    remarks: [],
    isFilled: false,
  }
  if (target.isPlain) remarkOnce(opened, 'list-template-lost')
  await completeColumns(session, site, opened)
  remarkContentTypes(opened, properties)
  session.opened.set(source, opened)
  return opened
}

function isMadeAtOnce(column: Column): boolean {
  return canBeMade(column) && column.kind !== 'lookup' && column.name !== 'Title' && !column.readOnly
}

async function completeColumns(session: ListsSession, site: Site, opened: RestoredList): Promise<void> {
  const { target, mapping, columns } = opened
  if (mapping === undefined || target.id === undefined || session.options.dryRun) return
  if (target.isNew)
    await mapping.adjustTitle(
      site,
      columns.find(({ name }) => name === 'Title'),
    )
  await mapping.complete(site, columns, (stored) => lookupTarget(session, opened, stored))
}

/** What a lookup looks up in the target; undefined while its list is not there. */
export function lookupTarget(session: ListsSession, own: RestoredList, stored: Column): LookupTarget | undefined {
  const lookup = lookupSource(stored)
  if (lookup === undefined) return undefined
  const other = lookup.list === own.source ? own : session.opened.get(lookup.list)
  if (other?.target.id === undefined) return undefined
  const shown = other.columns.find(({ name }) => name === lookup.column)
  const columnName = (shown === undefined ? undefined : other.mapping?.get(shown)?.name) ?? lookup.column
  return { listId: other.target.id, columnName }
}

/** Content types are not made: items of one that the list does not have get its usual one. */
function remarkContentTypes(opened: RestoredList, properties: JsonObject): void {
  const { target } = opened
  if (target.id === undefined) return
  for (const name of contentTypeNames(properties))
    if (!target.contentTypes.has(name)) remarkOnce(opened, 'content-type-lost', name)
}

function contentTypeNames(properties: JsonObject): readonly string[] {
  const types = (list(properties, 'contentTypes') ?? []).filter(isObject)
  return types.flatMap((type) => ((text(type, 'id') ?? '').startsWith('0x0120') ? [] : (text(type, 'name') ?? [])))
}
