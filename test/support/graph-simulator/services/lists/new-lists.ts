import type { JsonObject } from '../../routes/request-json.ts'
import type { ColumnKind, FieldValue } from './stored.ts'

export interface NewList {
  readonly displayName: string
  /** genericList unless told. */
  readonly template?: string
  readonly description?: string
  readonly hidden?: boolean
  /** Made by SharePoint for itself: shown only to who selects `system`. */
  readonly system?: boolean
  readonly columns?: readonly NewColumn[]
}

export interface NewColumn {
  readonly name: string
  /** Undefined for kinds that Graph has no facet for. */
  readonly kind?: ColumnKind
  readonly displayName?: string
  /** Settings of the facet, in Graph's names. */
  readonly facet?: JsonObject
  readonly required?: boolean
  readonly hidden?: boolean
  readonly readOnly?: boolean
  readonly indexed?: boolean
  readonly defaultValue?: JsonObject
  readonly description?: string
}

/** Values by internal names; numbers of items for lookups and persons. */
export type NewFields = Readonly<Record<string, FieldValue | undefined>>

export interface ItemDetails {
  /** A user by id or name; the first user of the tenant unless told. */
  readonly by?: string
  /** ISO 8601; now when absent. */
  readonly created?: string
  readonly modified?: string
  /** Folder of the list, "A/B". */
  readonly folder?: string
  /** Name of one of the list's content types. */
  readonly contentType?: string
}

export interface DumpedItem {
  readonly id: string
  readonly fields: Readonly<Record<string, FieldValue>>
  readonly attachments: ReadonlyMap<string, Buffer>
  readonly folder: string
  readonly contentType: string
}
