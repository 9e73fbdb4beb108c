import type { NewFields } from './new-lists.ts'
import type { FieldValue, StoredColumn, StoredContentType, StoredItem, StoredList } from './stored.ts'

/** What looked a deleted item up shows nothing any more. */
export function forget(list: StoredList, { id }: StoredList, { number }: StoredItem): void {
  const columns = list.columns.filter(({ kind, facet }) => kind === 'lookup' && facet.listId === id)
  for (const { name } of columns) {
    for (const { values } of list.items.values()) {
      const left = numbersOf(values.get(name)).filter((one) => one !== number)
      if (left.length === 0) values.delete(name)
      else values.set(name, left)
    }
  }
}

/** The numbers in the value of a lookup or person. */
export function numbersOf(value: FieldValue | undefined): readonly number[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter((one) => typeof one === 'number') : []
}

export function typeNamed(list: StoredList, name: string): StoredContentType {
  const type = list.contentTypes.find((one) => one.name === name)
  if (type === undefined) throw new Error(`No content type ${name} in ${list.displayName}`)
  return type
}

export function setValues(list: StoredList, item: StoredItem, fields: NewFields): void {
  for (const [name, value] of Object.entries(fields)) {
    const column: StoredColumn | undefined = list.column(name)
    if (column === undefined) throw new Error(`No column ${name} in ${list.displayName}`)
    if (value === undefined) item.values.delete(name)
    else item.values.set(name, refers(column) && typeof value === 'number' ? [value] : value)
  }
}

/** Whether the column's values are numbers of items. */
export function refers({ kind }: StoredColumn): boolean {
  return kind === 'lookup' || kind === 'personOrGroup'
}
