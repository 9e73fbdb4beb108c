import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Container, ContainerListing } from '../../engine/ports/data-type.ts'
import { isObject, list, text } from '../item/fields.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import { itemsId } from './ids.ts'
import { treatmentOf } from './list-kinds.ts'
import { withNotice } from './notices.ts'
import { readSchemas } from './schema-reading.ts'
import type { Schema } from './schema-reading.ts'
import { readLists } from './site.ts'
import type { Site } from './site.ts'

export interface ListedSite extends ContainerListing {
  /** All lists of the site as Graph gives them, those that are left out included. */
  readonly lists: readonly JsonObject[]
}

/**
 * The lists of a site: one request, and a round trip for the schemas of those that are new or changed. What is stored of
 * the others is handed on. Each list has a container "items" in it. Rejects with graph.root-gone if the site is gone.
 */
export async function listLists(site: Site, last: ContainerListing | undefined): Promise<ListedSite> {
  const lists = await readOrGone(site)
  const chosen = lists.filter((entry) => treatmentOf(entry) !== 'left-out')
  const before = new Map(last?.containers.map((container) => [container.id, container]))
  const keys = keysIn(last?.cursor)
  const stale = chosen.filter((entry) => treatmentOf(entry) === 'read' && !isUnchanged(entry, before, keys))
  const known = (id: string): readonly JsonObject[] =>
    (list(propertiesOf(before.get(id)?.properties ?? {}), 'columns') ?? []).filter(isObject)
  const read = await readSchemas(site, stale.map(idOf), known)
  const schemas = new Map(stale.map((entry, index) => [entry, read[index]]))
  const unread = new Set(stale.filter((entry) => schemas.get(entry) === undefined))
  const containers = chosen.flatMap((entry) => containersOf(entry, schemas.get(entry), before.get(idOf(entry))))
  const told = chosen.filter((entry) => !unread.has(entry)).map((entry) => [idOf(entry), keyOf(entry)])
  return { lists, containers, cursor: JSON.stringify(Object.fromEntries(told)) }
}

async function readOrGone(site: Site): Promise<readonly JsonObject[]> {
  try {
    return await readLists(site, site.root.id, site.root.id)
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found')) throw error
    throw new EngineError('graph.root-gone', { context: error.context, cause: error })
  }
}

const idOf = (entry: JsonObject): string => text(entry, 'id') ?? ''

/** Changes with the list itself (eTag), and with its items: which of the two a new column shows up in is not documented. */
function keyOf(entry: JsonObject): string {
  return [text(entry, 'eTag'), text(entry, 'lastModifiedDateTime'), text(entry, 'displayName')].join(' ')
}

function keysIn(cursor: string | undefined): ReadonlyMap<string, unknown> {
  try {
    const keys: unknown = JSON.parse(cursor ?? '{}')
    return new Map(isObject(keys) ? Object.entries(keys) : [])
  } catch {
    // Not ours: then all schemas are read again.
    return new Map()
  }
}

function isUnchanged(
  entry: JsonObject,
  before: ReadonlyMap<string, Container>,
  keys: ReadonlyMap<string, unknown>,
): boolean {
  const stored = propertiesOf(before.get(idOf(entry))?.properties ?? {})
  return keys.get(idOf(entry)) === keyOf(entry) && list(stored, 'columns') !== undefined
}

function containersOf(
  entry: JsonObject,
  schema: Schema | undefined,
  before: Container | undefined,
): readonly Container[] {
  const id = idOf(entry)
  const name = text(entry, 'displayName') ?? text(entry, 'name') ?? ''
  const facts = plainFacts(entry)
  if (treatmentOf(entry) === 'told') {
    const properties = containerMetadata('list', name, withNotice(facts, 'list-generated'))
    return [{ id, parentId: undefined, name, properties }]
  }
  const properties =
    schema === undefined
      ? // Unchanged, or not to be read now: then what is known of it is better than nothing.
        (before?.properties ?? containerMetadata('list', name, facts))
      : containerMetadata('list', name, { ...facts, ...schema })
  const inside = itemsId(id)
  const items = {
    id: inside,
    parentId: id,
    name: 'items',
    properties: containerMetadata('listItems', 'items', { id: inside }),
  }
  return [{ id, parentId: undefined, name, properties }, items]
}

/** What is stored of a list beside its schema: nothing that changes with its items. */
function plainFacts(entry: JsonObject): JsonObject {
  const { eTag: _tag, lastModifiedDateTime: _time, ...facts } = entry
  return facts
}
