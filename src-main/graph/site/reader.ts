import type { JsonObject } from '../../engine/model/json.ts'
import type {
  ChangePage,
  Container,
  ContainerListing,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  Root,
} from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText } from '../item/fields.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import { entriesContent, kinds, siteIdentity, siteMetadata, siteNotices, siteRow, siteText } from './site-metadata.ts'
import { readSite, readSiteItem } from './site-reading.ts'
import type { Site, SiteReaderOptions } from './site-reading.ts'

const containerId = 'settings'

/** What is read may be told of later runs only as changes: what Graph withholds from one of them is not gone. */
const cursor = 'read'

/** Settings of sites as they are stored: what the catalog is rebuilt with. */
export const siteDescriber: ItemDescriber = {
  type: 'site',
  folder: 'site',
  layout: 'beside',
  // Not .json: files of metadata are known by that.
  contentExtension: '.list',
  mimeContent: false,
  textFrom: 'metadata',
  row: siteRow,
  identity: siteIdentity,
  notices: siteNotices,
  searchText: (metadata) => Promise.resolve(siteText(metadata)),
}

/**
 * Reads what a site says of itself: name, description, its default library, columns and content types, and which
 * applications have access to it, if the sign-in may know (Sites.FullControl.All). One batch for a site, changed or not.
 * https://learn.microsoft.com/graph/api/resources/site
 */
export function siteReader(client: GraphClient, options: SiteReaderOptions = {}): DataTypeReader {
  const site = ({ id }: Root, signal: AbortSignal): Site => ({ client, id, signal })
  /** What was read when the containers were asked for: there is nothing to list. */
  const read = new Map<string, readonly JsonObject[]>()
  const asked = new AskedKinds(options)
  return {
    ...siteDescriber,
    containers: async (root, _last, signal) => {
      read.set(root.id, await asked.read(site(root, signal), root.id))
      return listing(root)
    },
    changes: (root, _container, _start, signal) => {
      const known = read.get(root.id)
      read.delete(root.id)
      return changes(() => known ?? asked.read(site(root, signal)))
    },
    metadata: siteMetadata,
    properties: propertiesOf,
    body: (_root, _container, { properties }) => Promise.resolve(bodyOf(properties)),
    item: async (root, id, signal) => ({
      container: containerId,
      properties: await readSiteItem(site(root, signal), id, options),
    }),
    finished: (root) => {
      read.delete(root.id)
      return Promise.resolve()
    },
  }
}

/** Whoever may not see the permissions of one site may see those of none: they are expensive to ask for. */
class AskedKinds {
  readonly #options: SiteReaderOptions
  #permissions = true

  constructor(options: SiteReaderOptions) {
    this.#options = options
  }

  async read(site: Site, together?: string): Promise<readonly JsonObject[]> {
    const wanted = kinds.filter((kind) => kind !== 'permissions' || this.#permissions)
    const { items, withheld } = await readSite(site, wanted, this.#options, together)
    if (withheld.includes('permissions')) this.#permissions = false
    return items
  }
}

function listing({ id }: Root): ContainerListing {
  const properties = { ...containerMetadata('siteSettings', containerId, { id }), 'o365:Id': containerId }
  const container: Container = { id: containerId, parentId: undefined, name: containerId, properties }
  return { containers: [container], cursor: undefined }
}

async function* changes(
  read: () => readonly JsonObject[] | Promise<readonly JsonObject[]>,
): AsyncGenerator<ChangePage, void, undefined> {
  const items = await read()
  const puts = items.map((properties) => {
    return { kind: 'put', id: filledText(properties, 'id') ?? '', properties, partial: false } as const
  })
  yield { changes: puts, next: undefined, cursor }
}

function bodyOf(properties: JsonObject): ItemBody {
  const content = entriesContent(properties)
  return content === undefined ? {} : { content }
}
