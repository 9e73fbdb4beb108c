import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, record, text } from '../item/fields.ts'
import type { FindDrives, GroupFiles } from './find-drives.ts'
import { cost, drivePool } from './target-requests.ts'

interface SiteDrivesOptions {
  /** Whether a group's files are read by this run: then the library that they are in is left out here. */
  readonly hasGroup?: (id: string) => boolean
}

/** What is kept of a library. Hidden ones of the system would only be listed with `system` among these. */
const select = 'id,name,description,driveType,webUrl,owner,createdDateTime,createdBy'

/**
 * The libraries of a site. Of the libraries of a group's site all say that they are the group's, but only the default one
 * of the site itself is what the group calls its files.
 * https://learn.microsoft.com/graph/api/drive-list
 */
export function siteDrives(client: GraphClient, { hasGroup = () => false }: SiteDrivesOptions = {}): FindDrives {
  return {
    mayGrow: true,
    find: async (root, { known, groupFiles: before }, signal) => {
      const all = await listLibraries(client, root, signal)
      const groups = new Set(all.flatMap((drive) => groupOf(drive) ?? []).filter(hasGroup))
      const groupFiles = await filesOfGroups(client, groups, before, signal)
      const drives = all.filter((drive) => groupFiles[groupOf(drive) ?? ''] !== idOf(drive))
      const isNew = drives.some((drive) => !known.has(idOf(drive)))
      return { drives, main: isNew ? await mainLibraryId(client, root, signal) : undefined, groupFiles }
    },
  }
}

/** Asked once for each group: its files stay in the same library. */
async function filesOfGroups(
  client: GraphClient,
  groups: ReadonlySet<string>,
  before: GroupFiles,
  signal: AbortSignal,
): Promise<GroupFiles> {
  const found: Record<string, string> = {}
  for (const group of groups) {
    const id = before[group] ?? (await driveIdAt(client, graphPath`/groups/${group}/drive`, signal))
    if (id !== undefined) found[group] = id
  }
  return found
}

/** All libraries of the site. Rejects with graph.root-gone if the site is not there any more. */
export async function listLibraries(
  client: GraphClient,
  root: Root,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const path = graphPath`/sites/${root.id}/drives`
  const request = { path, query: { $select: select }, pool: drivePool, cost: cost.list, signal, together: root.id }
  const found: JsonObject[] = []
  try {
    for await (const page of client.pages<JsonObject>(request)) found.push(...page.value)
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found')) throw error
    throw new EngineError('graph.root-gone', { context: error.context, cause: error })
  }
  return found.filter((drive) => idOf(drive) !== '')
}

/** Graph id of the library that the site has from the start; undefined if it has none. */
export async function mainLibraryId(
  client: GraphClient,
  { id }: Pick<Root, 'id'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  return await driveIdAt(client, graphPath`/sites/${id}/drive`, signal)
}

/** Graph id of the group whose library it is. */
function groupOf(drive: JsonObject): string | undefined {
  return filledText(record(record(drive, 'owner') ?? {}, 'group') ?? {}, 'id')
}

async function driveIdAt(client: GraphClient, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const request = { path, query: { $select: 'id' }, pool: drivePool, cost: cost.item, signal }
    return filledText(await client.json<JsonObject>(request), 'id')
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

function idOf(drive: JsonObject): string {
  return text(drive, 'id') ?? ''
}
