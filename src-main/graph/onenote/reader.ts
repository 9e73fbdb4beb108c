import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type {
  ChangePage,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  ListedItem,
  Part,
  Root,
} from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, list, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { listNotebooks } from './notebook-listing.ts'
import { askNotes, notesBytes, notesOf, resourceStream, type Notes } from './notes-access.ts'
import { pageChanges } from './page-listing.ts'
import { resourcesIn, resourcesOf, type PageResource } from './page-resources.ts'
import { pageIdentity, pageMetadata, pageRow, pageText } from './page-row.ts'

/** OneNote pages as they are stored: what the catalog is rebuilt with. */
export const onenoteDescriber: ItemDescriber = {
  type: 'notes',
  folder: 'notes',
  layout: 'beside',
  contentExtension: '.html',
  mimeContent: false,
  textFrom: 'content',
  row: pageRow,
  identity: pageIdentity,
  searchText: pageText,
}

/**
 * Reads notebooks. The HTML is kept as OneNote gives it; the metadata's `resources` say which part holds which of the
 * pictures and files that it names. Ink is not in the HTML.
 *
 * OneNote gives nothing to an application on its own: every method then rejects with `graph.not-for-app-only`.
 * https://learn.microsoft.com/graph/integrate-with-onenote
 */
export function onenoteReader(client: GraphClient): DataTypeReader {
  let refused: EngineError | undefined
  return {
    ...onenoteDescriber,
    containers: async (root, _last, signal) => {
      // What one user's notebooks refuse to an application, all of them do.
      if (refused !== undefined) throw refused
      refuseWithoutSite(root)
      try {
        return await listNotebooks(notesOf(client, root, signal))
      } catch (error) {
        if (isEngineError(error, 'graph.not-for-app-only')) refused = error
        throw isGone(error, root) ? new EngineError('graph.root-gone', { cause: error }) : error
      }
    },
    changes: (root, container, start, signal) =>
      container.properties['o365:Type'] === 'section'
        ? pageChanges(notesOf(client, root, signal), container.id, start)
        : noPages(),
    metadata: pageMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => pageBody(notesOf(client, root, signal), item),
    item: (root, id, signal) => readPage(notesOf(client, root, signal), id),
  }
}

/** Only Microsoft 365 groups have a site, where their notebooks are: the listing of groups says which they are. */
function refuseWithoutSite({ kind, properties }: Root): void {
  const types = list(properties ?? {}, 'groupTypes')
  if (kind === 'group' && types?.includes('Unified') === false) throw new EngineError('graph.no-drive')
}

/** Without a number of OneNote's own, the directory says that there is no such group. */
function isGone(error: unknown, { kind }: Root): boolean {
  return (
    kind !== 'user' && isEngineError(error, 'graph.not-found') && error.context.graphCode === 'Request_ResourceNotFound'
  )
}

/** Only sections hold pages. */
async function* noPages(): AsyncGenerator<ChangePage, void, undefined> {
  yield await Promise.resolve({ changes: [], next: undefined, cursor: undefined })
}

async function pageBody(notes: Notes, { id, properties, previous }: ListedItem): Promise<ItemBody> {
  const before = previous === undefined ? {} : propertiesOf(previous)
  const known = resourcesOf(before)
  if (isSameText(before, properties)) {
    return { properties: withResources(properties, known), content: 'unchanged', parts: partsOf(notes, known, known) }
  }
  const content = await notesBytes(notes, graphPath`/pages/${id}/content`)
  const resources = resourcesIn(Buffer.from(content).toString('utf8'), known)
  return { properties: withResources(properties, resources), content, parts: partsOf(notes, resources, known) }
}

/** Moved or indented, at most. */
function isSameText(before: JsonObject, now: JsonObject): boolean {
  const modified = filledText(now, 'lastModifiedDateTime')
  return modified !== undefined && modified === text(before, 'lastModifiedDateTime') && before.title === now.title
}

function withResources(properties: JsonObject, resources: readonly PageResource[]): JsonObject {
  return { ...properties, resources: resources.map((resource) => ({ ...resource })) }
}

/** What is behind an id never changes: an edited picture is another one. */
function partsOf(notes: Notes, resources: readonly PageResource[], known: readonly PageResource[]): readonly Part[] {
  const before = new Set(known.map(({ id, name }) => `${id} ${name}`))
  return resources.map(({ id, name }) => ({
    name,
    unchanged: before.has(`${id} ${name}`),
    open: (signal) => resourceStream({ ...notes, signal }, id),
  }))
}

async function readPage(notes: Notes, id: string): ReturnType<DataTypeReader['item']> {
  const page = await askNotes<JsonObject>(notes, {
    path: graphPath`/pages/${id}`,
    query: { pagelevel: true },
  })
  return { container: text(record(page, 'parentSection') ?? {}, 'id') ?? '', properties: page }
}
