import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type {
  ChangePage,
  ChangeStart,
  Container,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  ListedItem,
  Root,
} from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { isObject, list } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { isItemsId, itemsId, schemaId, splitId } from './ids.ts'
import { endpointOf, fileBody } from './item-files.ts'
import { itemChanges, readItem } from './item-listing.ts'
import {
  hasFiles,
  isSchema,
  schemaProperties,
  storedIdentity,
  storedMetadata,
  storedRow,
  storedText,
} from './list-item.ts'
import { listLists } from './list-listing.ts'
import { hasNotice, noticesOf } from './notices.ts'
import type { SourceList } from './resolved-references.ts'
import { readSchema } from './schema-reading.ts'
import type { SharePointAccess } from './share-point.ts'
import { SiteFacts } from './site-facts.ts'
import { webUrlOf } from './site.ts'
import type { Site } from './site.ts'

/** Lists as they are stored: what the catalog is rebuilt with. */
export const listsDescriber: ItemDescriber = {
  type: 'lists',
  folder: 'lists',
  layout: 'beside',
  contentExtension: undefined,
  mimeContent: false,
  textFrom: 'metadata',
  row: storedRow,
  identity: storedIdentity,
  notices: (metadata) => noticesOf(propertiesOf(metadata)),
  searchText: (metadata) => Promise.resolve(storedText(metadata)),
}

export interface ListsReaderOptions {
  /** SharePoint's own endpoint, by host, where the sign-in can have a token for it: Graph has no files of list items. */
  readonly sharePoint?: SharePointAccess | undefined
}

/**
 * Reads the lists of sites: each is a container with the list's schema as an item, and a container "items" in it.
 * Libraries are left out, and so is what SharePoint made for itself. https://learn.microsoft.com/graph/api/resources/list
 */
export function listsReader(client: GraphClient, { sharePoint }: ListsReaderOptions = {}): DataTypeReader {
  const known = new Map<string, SiteFacts>()
  const facts = (root: Root): SiteFacts => {
    const before = known.get(root.id) ?? new SiteFacts()
    known.set(root.id, before)
    return before
  }
  const site = (root: Root, signal: AbortSignal): Site => ({ client, root, signal })
  const source = (root: Root, listId: string, signal: AbortSignal): SourceList => ({
    site: site(root, signal),
    facts: facts(root),
    list: listId,
  })
  const canReadFiles = async (root: Root, signal: AbortSignal): Promise<boolean> =>
    sharePoint !== undefined && endpointOf(sharePoint, await webUrlOf(site(root, signal))) !== undefined
  return {
    ...listsDescriber,
    containers: async (root, last, signal) => {
      const { lists, ...listing } = await listLists(site(root, signal), last)
      facts(root).listed(lists, listing.containers)
      return listing
    },
    changes: (root, container, start, signal) =>
      isItemsId(container.id)
        ? changesOfItems(source(root, splitId(container.id).list, signal), start, canReadFiles)
        : schemaChange(container),
    metadata: storedMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => bodyOf(site(root, signal), sharePoint, item),
    item: async (root, id, signal) => {
      const { list: listId, item } = splitId(id)
      if (item === undefined)
        return { container: listId, properties: await readWhole(site(root, signal), facts(root), listId) }
      const files = await canReadFiles(root, signal)
      return { container: itemsId(listId), properties: await readItem(source(root, listId, signal), item, files) }
    },
    finished: (root) => {
      known.delete(root.id)
      return Promise.resolve()
    },
  }
}

async function* changesOfItems(
  source: SourceList,
  start: ChangeStart,
  canReadFiles: (root: Root, signal: AbortSignal) => Promise<boolean>,
): AsyncGenerator<ChangePage, void, undefined> {
  const { root, signal } = source.site
  yield* itemChanges(source, start, await canReadFiles(root, signal))
}

/** The schema, which the listing of the lists brought. */
async function* schemaChange(container: Container): AsyncGenerator<ChangePage, void, undefined> {
  const properties = schemaProperties(propertiesOf(container.properties))
  const change = { kind: 'put', id: schemaId(container.id), properties, partial: false } as const
  yield await Promise.resolve({ changes: [change], next: undefined, cursor: undefined })
}

async function bodyOf(site: Site, sharePoint: SharePointAccess | undefined, item: ListedItem): Promise<ItemBody> {
  const { properties, id } = item
  const { list: listId } = splitId(id)
  if (!isSchema(properties)) return hasFiles(properties) ? await fileBody(site, sharePoint, listId, item) : {}
  if (list(properties, 'columns') !== undefined || hasNotice(properties, 'list-generated')) return {}
  // The listing could not read it: here that becomes the item's failure, or is made good.
  return { properties: withSchema(properties, { ...(await readSchema(site, listId)) }) }
}

function withSchema(properties: JsonObject, schema: JsonObject): JsonObject {
  const { changeKey: _key, ...stored } = properties
  return schemaProperties({ ...stored, ...schema })
}

async function readWhole(site: Site, facts: SiteFacts, listId: string): Promise<JsonObject> {
  const entry = (await facts.lists(site)).find(({ id }) => id === listId)
  if (!isObject(entry)) throw new EngineError('graph.not-found')
  const { eTag: _tag, lastModifiedDateTime: _time, ...plain } = entry
  const schema = await readSchema(site, listId)
  return schemaProperties({ ...plain, ...schema })
}
