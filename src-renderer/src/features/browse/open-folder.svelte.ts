import type { ItemRow, TreeRow } from '../../../../src-shared/ipc/index.ts'
import { call } from '../../lib/api.ts'
import { OffsetRows } from '../../lib/paged.svelte.ts'
import { Selection } from '../../ui/selection.svelte.ts'
import type { Order } from './columns.ts'

/** A folder whose items are listed. */
export class OpenFolder {
  readonly folder: TreeRow
  readonly order: Order
  readonly rows: OffsetRows<ItemRow>
  /** Another one when the folder was selected as a whole in between. */
  selection: Selection = $state.raw(new Selection())
  active = $state(-1)

  constructor(where: { place: string; snapshot: string }, folder: TreeRow, order: Order, selection: Selection) {
    this.folder = folder
    this.order = order
    this.selection = selection
    this.rows = new OffsetRows(async (offset, limit) => {
      // Above the data types there are no items, and nobody needs to be asked.
      if (folder.level === 'kind' || folder.level === 'root') return { count: 0, rows: [] }
      return call('browse.items', { ...where, path: folder.path, order, offset, limit })
    })
  }
}
