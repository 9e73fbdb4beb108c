/** Ids of items count up within a list, so what is stored carries the list's id too. */

/** The item that a list's schema is stored as. */
const schema = 'schema'
/** The container of a list's items. */
const items = 'items'

export function schemaId(list: string): string {
  return `${list}:${schema}`
}

export function itemsId(list: string): string {
  return `${list}:${items}`
}

export function listItemId(list: string, item: string): string {
  return `${list}:${item}`
}

export interface SplitId {
  readonly list: string
  /** Graph id of the item; undefined for the schema. */
  readonly item: string | undefined
}

export function splitId(id: string): SplitId {
  const colon = id.lastIndexOf(':')
  if (colon < 0) return { list: id, item: undefined }
  const item = id.slice(colon + 1)
  return { list: id.slice(0, colon), item: item === schema || item === items ? undefined : item }
}

/** Whether it is the container of a list's items, and not the list's own. */
export function isItemsId(id: string): boolean {
  return id.endsWith(`:${items}`)
}
