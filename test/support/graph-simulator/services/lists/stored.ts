import type { JsonObject } from '../../routes/request-json.ts'

/** What a column holds: the facet that Graph shows it by. */
export type ColumnKind =
  | 'boolean'
  | 'calculated'
  | 'choice'
  | 'contentApprovalStatus'
  | 'currency'
  | 'dateTime'
  | 'geolocation'
  | 'hyperlinkOrPicture'
  | 'lookup'
  | 'number'
  | 'personOrGroup'
  | 'term'
  | 'text'
  | 'thumbnail'

export interface StoredColumn {
  readonly id: string
  /** The internal name, by which fields are called. */
  readonly name: string
  displayName: string
  description: string
  /** Undefined for kinds that Graph has no facet for. */
  readonly kind: ColumnKind | undefined
  /** The facet's own settings, in Graph's names. */
  facet: JsonObject
  required: boolean
  hidden: boolean
  readonly readOnly: boolean
  indexed: boolean
  enforceUniqueValues: boolean
  defaultValue: JsonObject | undefined
  readonly columnGroup: string
}

export interface StoredContentType {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly group: string
  readonly isBuiltIn: boolean
  readonly isDefault: boolean
}

/** Ids of items for lookups and persons (always a list), otherwise what Graph shows. */
export type FieldValue =
  string | number | boolean | readonly string[] | readonly number[] | JsonObject | readonly JsonObject[]

/** Who did something: a number of the User Information List. */
export interface Actor {
  readonly person: number
  readonly displayName: string
  readonly email: string | undefined
  /** Of the directory; undefined for applications. */
  readonly id: string | undefined
}

export interface StoredItem {
  /** Counts up within the list. */
  readonly number: number
  readonly guid: string
  version: number
  readonly createdAt: number
  modifiedAt: number
  readonly createdBy: Actor
  modifiedBy: Actor
  contentType: StoredContentType
  /** Folder of the list that it lies in, "" for none; "A/B" below it. */
  readonly folder: string
  readonly values: Map<string, FieldValue>
  readonly attachments: Map<string, Buffer>
  isDeleted: boolean
}

/** Sequence number of a change and the item that it was of. */
interface Change {
  readonly sequence: number
  readonly item: StoredItem
}

export interface ListFacts {
  readonly id: string
  readonly displayName: string
  readonly name: string
  readonly template: string
  readonly hidden: boolean
  readonly isSystem: boolean
  readonly createdAt: number
}

/** A list with its columns, items and change log. */
export class StoredList {
  readonly id: string
  displayName: string
  /** As it stands in addresses. */
  readonly name: string
  description = ''
  readonly template: string
  readonly hidden: boolean
  readonly isSystem: boolean
  contentTypesEnabled = false
  readonly createdAt: number
  modifiedAt: number
  /** Counts changes of the list itself, not of its items. */
  version = 1
  columns: StoredColumn[] = []
  readonly contentTypes: StoredContentType[] = []
  readonly items = new Map<number, StoredItem>()
  readonly log: Change[] = []
  /** Delta tokens of another generation are dead. */
  generation = 0
  /** Numbers of items that cannot be read by themselves. */
  readonly unreadable = new Set<number>()
  private lastNumber = 0

  constructor(facts: ListFacts) {
    this.id = facts.id
    this.displayName = facts.displayName
    this.name = facts.name
    this.template = facts.template
    this.hidden = facts.hidden
    this.isSystem = facts.isSystem
    this.createdAt = facts.createdAt
    this.modifiedAt = facts.createdAt
  }

  get sequence(): number {
    return this.log.at(-1)?.sequence ?? 0
  }

  get eTag(): string {
    return `"${this.id},${String(this.version)}"`
  }

  get defaultType(): StoredContentType {
    const [first] = this.contentTypes
    if (first === undefined) throw new Error(`No content type in ${this.displayName}`)
    return first
  }

  column(name: string): StoredColumn | undefined {
    return this.columns.find((column) => column.name === name)
  }

  /** Items that are there, by their numbers. */
  present(): readonly StoredItem[] {
    return [...this.items.values()].filter(({ isDeleted }) => !isDeleted)
  }

  item(number: number): StoredItem | undefined {
    const item = this.items.get(number)
    return item?.isDeleted === false ? item : undefined
  }

  add(item: Omit<StoredItem, 'number'>): StoredItem {
    const stored = { ...item, number: ++this.lastNumber }
    this.items.set(stored.number, stored)
    this.touchItem(stored, item.modifiedAt)
    return stored
  }

  /** Something of the item changed. */
  touchItem(item: StoredItem, now: number): void {
    this.log.push({ sequence: this.sequence + 1, item })
    this.modifiedAt = Math.max(this.modifiedAt, now)
  }

  /** Something of the list itself changed. */
  touch(now: number): void {
    this.version++
    this.modifiedAt = Math.max(this.modifiedAt, now)
  }
}

export function itemTag({ guid, version }: StoredItem): string {
  return `"${guid},${String(version)}"`
}
