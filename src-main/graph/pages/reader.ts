import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type {
  ChangePage,
  ContainerListing,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  Root,
} from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, text } from '../item/fields.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import { beginListing, listedPages, readPage, type BegunListing, type PageSite } from './page-listing.ts'
import { pageIdentity, pageMetadata, pageRow, searchedText, sitePageType } from './page-metadata.ts'

const containerId = 'pages'
const containerName = 'Site Pages'

/** Pages as they are stored: what the catalog is rebuilt with. */
export const pagesDescriber: ItemDescriber = {
  type: 'pages',
  folder: 'pages',
  layout: 'beside',
  contentExtension: undefined,
  mimeContent: false,
  textFrom: 'metadata',
  row: pageRow,
  identity: pageIdentity,
  searchText: (metadata) => Promise.resolve(searchedText(metadata)),
}

/**
 * Reads the pages of sites: one listing tells which changed, and each of those is asked for with its layout and web parts.
 * https://learn.microsoft.com/graph/api/resources/sitepage
 */
export function pagesReader(client: GraphClient): DataTypeReader {
  const site = ({ id }: Root, signal: AbortSignal): PageSite => ({ client, id, signal })
  const begun = new Map<string, BegunListing>()
  const leave = async ({ id }: Root): Promise<void> => {
    const listing = begun.get(id)
    begun.delete(id)
    await listing?.rest.return()
  }
  return {
    ...pagesDescriber,
    containers: async (root, _last, signal) => {
      await leave(root)
      const listing = await beginListing(site(root, signal), root.id)
      if (listing !== undefined) begun.set(root.id, listing)
      return containers(listing)
    },
    changes: (root, _container, _start, signal) => {
      const known = begun.get(root.id)
      begun.delete(root.id)
      return changes(site(root, signal), known)
    },
    metadata: pageMetadata,
    properties: propertiesOf,
    body: (root, _container, { id, properties }, signal) => pageBody(site(root, signal), id, properties),
    item: async (root, id, signal) => ({
      container: containerId,
      properties: await readPage(site(root, signal), id),
    }),
    finished: leave,
  }
}

function containers(listing: BegunListing | undefined): ContainerListing {
  const properties = containerMetadata('sitePages', containerName, { id: containerId })
  const container = { id: containerId, parentId: undefined, name: containerName, properties }
  return { containers: listing === undefined ? [] : [container], cursor: undefined }
}

/** No cursor: what is there is compared by the change keys. */
async function* changes(site: PageSite, known: BegunListing | undefined): AsyncGenerator<ChangePage, void, undefined> {
  const listing = known ?? (await beginListing(site))
  if (listing === undefined) throw new EngineError('graph.not-found')
  for await (const pages of listedPages(listing)) {
    const puts = pages.flatMap((properties) => {
      const id = filledText(properties, 'id')
      return id === undefined ? [] : [{ kind: 'put', id, properties, partial: false } as const]
    })
    yield { changes: puts, next: undefined, cursor: undefined }
  }
}

/** A page of another type has no layout that could be asked for. */
async function pageBody(site: PageSite, id: string, properties: JsonObject): Promise<ItemBody> {
  const type = text(properties, '@odata.type')
  if (type !== undefined && type !== sitePageType) return {}
  return { properties: await readPage(site, id) }
}
