import type { HexId } from '../../engine/index.ts'
import type { Handlers, HostContext } from '../context.ts'
import { previewContact } from './previews/contact.ts'
import { previewEvent } from './previews/event.ts'
import { previewFields, previewList, previewListItem } from './previews/fields.ts'
import { previewFile } from './previews/file.ts'
import { previewMail } from './previews/mail.ts'
import { previewMessages } from './previews/messages.ts'
import { previewNotePage, previewSitePage } from './previews/pages.ts'
import type { MakePreview } from './previews/preview.ts'
import { previewPlannerTask, previewTask } from './previews/task.ts'
import { previewThread } from './previews/thread.ts'
import { readStoredItem, type StoredItem } from './stored-item.ts'
import { withPlace } from './with-place.ts'

/** By what an item is: `o365:Type`. */
const byKind: Readonly<Record<string, MakePreview>> = {
  mail: previewMail,
  event: previewEvent,
  contact: previewContact,
  task: previewTask,
  plannerTask: previewPlannerTask,
  chatMessage: previewMessages,
  channelMessage: previewMessages,
  conversationThread: previewThread,
  page: previewNotePage,
  sitePage: previewSitePage,
  list: previewList,
  listItem: previewListItem,
  file: previewFile,
  package: previewFile,
  shortcut: previewFile,
  bundle: previewFile,
}

function makerOf({ kind, describer }: StoredItem): MakePreview {
  if (Object.hasOwn(byKind, kind)) return byKind[kind] ?? previewFields
  if (describer.mimeContent) return previewMail
  return describer.layout === 'apart' ? previewFile : previewFields
}

/** What an item looks like when it is opened. Strange content shows as well as it can; damage is the answer's error. */
export function previewItem(context: HostContext): Handlers<'browse.preview'>['browse.preview'] {
  return async ({ place, snapshot, path }, { signal }) =>
    await withPlace(context, place, signal, async ({ repository, catalog }) => {
      const open = { repository, catalog, snapshot: snapshot as HexId, signal }
      const item = await readStoredItem(open, path)
      return await makerOf(item)(item, open)
    })
}
