import type { DataTypeRestorer, ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import { namedFiles } from './item-files.ts'
import { restoreItem } from './item-restore.ts'
import { putLaterValues } from './later-values.ts'
import { isSchema } from './list-item.ts'
import { asListsTarget } from './restore-session.ts'
import type { ListsTarget, RestoredList } from './restore-session.ts'
import { begin, findTarget } from './restore-targets.ts'
import type { SharePointAccess } from './share-point.ts'

/** As many as SharePoint takes without asking for less. */
const concurrency = 4

export interface ListsRestorerOptions {
  /** SharePoint's own endpoint, by host, where the sign-in can have a token for it. */
  readonly sharePoint?: SharePointAccess | undefined
}

/**
 * Restores the lists of a site.
 *
 * - A site has no folders for lists: for a target folder, a list comes back as "<name> (<target folder>)". "/" puts every
 *   list where it was: into itself if the site still has it, otherwise into the list of the same name. A list whose
 *   columns hold something else than the stored ones is left alone, and the restored one gets a number.
 * - A list that is there is taken as it is: columns that are missing are added, nothing of it is changed or taken away.
 * - Lists come first and their items after them; lookups to what comes later are put in at the end.
 * - Persons are numbers that differ from site to site: they are found by their addresses. Who is mapped but unknown to the
 *   site is entered through SharePoint's endpoint, where that can be had, and left out otherwise.
 * - Items have no hidden place for a mark: one that says the same in all columns is a duplicate, and stands for one stored
 *   item. If it only lacks lookups or files, an interrupted restore left it, and it is completed.
 * - Who made an item and when cannot be given back by Graph, nor values of links, places, pictures and terms.
 *
 * https://learn.microsoft.com/graph/api/resources/list
 */
export function listsRestorer(client: GraphClient, { sharePoint }: ListsRestorerOptions = {}): DataTypeRestorer {
  return {
    folder: 'lists',
    concurrency,
    keepsEmpty: true,
    begin: (root, options, signal) => begin(client, root, options, sharePoint, signal),
    container: (parent, container, signal) => findTarget(asListsTarget(parent), container, signal),
    item: (container, item, signal) => outcomeOf(() => restore(asListsTarget(container), item, signal)),
    finished: (top, signal) => finish(asListsTarget(top), signal),
    requests: (item) =>
      isSchema(propertiesOf(item.metadata)) ? 3 : 1 + namedFiles(propertiesOf(item.metadata)).length,
    // In the order in which they were made, so that they get numbers in that order again.
    order: (metadata) => (isSchema(propertiesOf(metadata)) ? 0 : Number(text(propertiesOf(metadata), 'id') ?? 0)),
  }
}

async function restore(
  { session, list, skipped }: ListsTarget,
  item: RestoreItem,
  signal: AbortSignal,
): Promise<ItemOutcome> {
  if (skipped !== undefined) return { kind: 'skipped', code: skipped }
  if (list === undefined) return { kind: 'failed', code: 'graph.not-found' }
  if (!isSchema(propertiesOf(item.metadata))) return await restoreItem(session, list, item, signal)
  // It came with the container.
  return list.target.isNew ? { kind: 'created', id: list.target.id ?? '' } : { kind: 'duplicate' }
}

async function finish(
  { session }: ListsTarget,
  signal: AbortSignal,
): Promise<readonly { readonly path: string; readonly remarks: readonly RestoreRemark[] }[]> {
  if (!session.options.dryRun) await putLaterValues(session, signal)
  return [...session.opened.values()].flatMap((list) => {
    const remarks = remarksOf(list)
    return remarks.length === 0 ? [] : [{ path: list.target.name, remarks }]
  })
}

function remarksOf({ remarks, mapping, isFilled }: RestoredList): readonly RestoreRemark[] {
  return [...remarks, ...(mapping?.remarks ?? []), ...(isFilled ? [{ code: 'list-authors-lost' }] : [])]
}
