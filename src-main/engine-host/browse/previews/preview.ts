import type { Preview } from '../../../../src-shared/ipc/contract/browse.ts'
import type { OpenSnapshot, StoredItem } from '../stored-item.ts'

export type PreviewOf<Kind extends Preview['kind']> = Extract<Preview, { readonly kind: Kind }>

/** Makes what the window shows of an item. Rejects only with what is wrong with the stored files. */
export type MakePreview = (item: StoredItem, open: OpenSnapshot) => Promise<Preview>
