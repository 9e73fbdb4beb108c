import type { Handlers, HostContext, InternalHandlers } from '../context.ts'
import { compareSnapshots } from './compare.ts'
import { listFolders } from './folders.ts'
import { listItems, searchItems } from './items.ts'
import { previewItem } from './preview.ts'
import { listSnapshots } from './snapshots.ts'
import { partHandlers } from './write-part.ts'

type BrowseMethod =
  'snapshots.list' | 'browse.folders' | 'browse.items' | 'browse.search' | 'browse.preview' | 'browse.compare'

/** The restore browser's questions. */
export function browseHandlers(
  context: HostContext,
): Handlers<BrowseMethod> & InternalHandlers<'part.name' | 'part.write'> {
  return {
    'snapshots.list': listSnapshots(context),
    'browse.folders': listFolders(context),
    'browse.items': listItems(context),
    'browse.search': searchItems(context),
    'browse.preview': previewItem(context),
    'browse.compare': compareSnapshots(context),
    ...partHandlers(context),
  }
}
