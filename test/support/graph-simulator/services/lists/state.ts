import type { SimulatorClock } from '../../clock.ts'
import { guidFrom } from '../../random.ts'
import type { TenantState } from '../../state/tenant.ts'
import { drivesOf } from '../drive/state/drives.ts'
import { siteDirectory } from '../sites/state.ts'
import type { StoredSite } from '../sites/stored.ts'
import { internalName, makeColumn, standardColumns } from './columns.ts'
import { People } from './people.ts'
import { StoredList } from './stored.ts'
import type { Actor, StoredContentType, StoredItem } from './stored.ts'
import type { DumpedItem, ItemDetails, NewColumn, NewFields, NewList } from './new-lists.ts'
import { systemLists } from './system-lists.ts'
import { forget, setValues, typeNamed } from './values.ts'

/** A site: its id, or an address that the directory of sites knows. A list: its id, or its name. */
export type SiteReference = string
export type ListReference = string

/**
 * The lists of a tenant's sites: what people do in the browser while nobody looks, and what tests compare with.
 * Document libraries are in the directory of drives. Unknown references throw.
 */
export class ListDirectory {
  /** Term sets that columns may be bound to, by id. */
  readonly termSets = new Set<string>()
  /** Items on a page without a `$top`, and at most. https://microsoft365blogs.com/2022/01/25/microsoft-graph-working-with-paginated-result-sets/ */
  pageSize = 200
  largestPage = 5_000
  /** Entries on a page of a delta; the documents say nothing of it. */
  deltaPageSize = 200
  largestDeltaPage = 1_000
  /** Lists on a page. */
  listsPerPage = 200
  /** From so many items on, filters want an index. */
  threshold = 5_000
  private readonly tenant: TenantState
  private readonly clock: SimulatorClock
  private readonly bySite = new Map<string, Map<string, StoredList>>()
  private readonly peopleOf = new Map<string, People>()
  private made = 0

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
  }

  /** Gives the list's id. */
  addList(site: SiteReference, more: NewList): string {
    const owner = this.site(site)
    const list = this.make(owner, more)
    list.description = more.description ?? ''
    for (const column of more.columns ?? []) this.addColumn(owner.id, list.id, column)
    list.version = 1
    return list.id
  }

  removeList(site: SiteReference, list: ListReference): void {
    this.of(this.site(site)).delete(this.list(site, list).id)
  }

  renameList(site: SiteReference, reference: ListReference, displayName: string): void {
    const list = this.list(site, reference)
    list.displayName = displayName
    list.touch(this.now())
  }

  /** Gives the column's id. */
  addColumn(site: SiteReference, reference: ListReference, more: NewColumn): string {
    const list = this.list(site, reference)
    const name = internalName(more.name)
    if (list.column(name) !== undefined) throw new Error(`There is a column ${name}`)
    const column = makeColumn(list.id, { ...more, name, displayName: more.displayName ?? more.name })
    column.indexed = more.indexed ?? false
    column.defaultValue = more.defaultValue
    column.description = more.description ?? ''
    list.columns.push(column)
    list.touch(this.now())
    return column.id
  }

  removeColumn(site: SiteReference, reference: ListReference, name: string): void {
    const list = this.list(site, reference)
    list.columns = list.columns.filter((column) => column.name !== name)
    for (const item of list.items.values()) item.values.delete(name)
    list.touch(this.now())
  }

  addContentType(site: SiteReference, reference: ListReference, name: string): StoredContentType {
    const list = this.list(site, reference)
    const id = `0x0100${guidFrom(`type ${list.id} ${name}`).replaceAll('-', '').toUpperCase()}`
    const type = { id, name, description: '', group: 'Custom Content Types', isBuiltIn: false, isDefault: false }
    list.contentTypes.push(type)
    list.contentTypesEnabled = true
    list.touch(this.now())
    return type
  }

  /** Gives the item's id. */
  addItem(site: SiteReference, reference: ListReference, fields: NewFields, more: ItemDetails = {}): string {
    const owner = this.site(site)
    return String(this.putItem(this.list(site, reference), fields, this.actor(owner, more.by), more).number)
  }

  addItems(site: SiteReference, list: ListReference, count: number, fields: (index: number) => NewFields): void {
    const owner = this.site(site)
    const found = this.list(site, list)
    const by = this.actor(owner, undefined)
    for (let index = 0; index < count; index++) this.putItem(found, fields(index), by)
  }

  /** Somebody changes fields; undefined clears one. */
  setFields(site: SiteReference, list: ListReference, item: string, fields: NewFields, by?: string): void {
    const found = this.list(site, list)
    this.changeItem(found, this.item(site, list, item), fields, this.actor(this.site(site), by))
  }

  deleteItem(site: SiteReference, list: ListReference, item: string): void {
    this.removeItem(this.list(site, list), this.item(site, list, item))
  }

  attach(site: SiteReference, list: ListReference, item: string, name: string, bytes: Buffer | string): void {
    this.putAttachment(this.list(site, list), this.item(site, list, item), name, Buffer.from(bytes))
  }

  detach(site: SiteReference, reference: ListReference, item: string, name: string): void {
    const list = this.list(site, reference)
    const found = this.item(site, reference, item)
    if (!found.attachments.delete(name)) throw new Error(`No attachment ${name}`)
    found.version++
    list.touchItem(found, this.now())
  }

  /** The number of a person in the site's User Information List; who is not in it yet is entered. */
  person(site: SiteReference, user: string): number {
    return this.people(this.site(site)).enter(user)
  }

  /** The number of a group in the User Information List, e.g. "Marketing Members". */
  group(site: SiteReference, title: string, account = title): number {
    return this.people(this.site(site)).enterGroup(title, account)
  }

  /** From now on the item cannot be read by itself. */
  breakItem(site: SiteReference, list: ListReference, item: string): void {
    this.list(site, list).unreadable.add(Number(item))
  }

  breakCursors(site: SiteReference, list: ListReference): void {
    this.list(site, list).generation++
  }

  items(site: SiteReference, list: ListReference): DumpedItem[] {
    return this.list(site, list)
      .present()
      .map(({ number, values, attachments, folder, contentType }) => ({
        id: String(number),
        fields: Object.fromEntries(values),
        attachments,
        folder,
        contentType: contentType.name,
      }))
  }

  /** Lists that people made or see, without libraries and what SharePoint has for itself. */
  lists(site: SiteReference): readonly StoredList[] {
    return [...this.of(this.site(site)).values()].filter(({ isSystem }) => !isSystem)
  }

  list(site: SiteReference, reference: ListReference): StoredList {
    const found = this.findList(this.site(site), reference)
    if (found === undefined) throw new Error(`No list ${reference}`)
    return found
  }

  /** For routes: by id or title. */
  findList(site: StoredSite, reference: string): StoredList | undefined {
    const wanted = reference.toLowerCase()
    const all = [...this.of(site).values()]
    return (
      this.of(site).get(wanted) ??
      all.find(({ displayName }) => displayName.toLowerCase() === wanted) ??
      all.find(({ name }) => name.toLowerCase() === wanted)
    )
  }

  /** For routes: all lists of a site but its libraries, by their ids. */
  of(site: StoredSite): Map<string, StoredList> {
    const known = this.bySite.get(site.id)
    if (known !== undefined) return known
    const lists = new Map<string, StoredList>()
    this.bySite.set(site.id, lists)
    for (const facts of systemLists(site)) this.make(site, facts)
    if (site.parent === undefined) lists.set(this.people(site).list.id, this.people(site).list)
    return lists
  }

  /** For routes: the libraries of a site, as lists show them. */
  libraries(site: StoredSite): readonly { readonly id: string; readonly name: string; readonly createdAt: number }[] {
    return drivesOf(this.tenant)
      .ofSite(site.id)
      .map(({ listId, name, createdAt }) => ({ id: listId, name, createdAt }))
  }

  people(site: StoredSite): People {
    const known = this.peopleOf.get(site.collectionId)
    if (known !== undefined) return known
    const id = guidFrom(`people ${site.collectionId}`)
    const name = 'User Information List'
    const list = this.emptyList(id, {
      displayName: name,
      name: 'users',
      template: 'userInformation',
      hidden: true,
      isSystem: true,
    })
    const people = new People(list, this.tenant, () => this.now())
    this.peopleOf.set(site.collectionId, people)
    return people
  }

  make(
    site: StoredSite,
    { displayName, template = 'genericList', hidden = false, system = false }: NewList,
  ): StoredList {
    const id = guidFrom(`list ${site.id} ${displayName} ${String(this.made++)}`)
    const name = displayName.replaceAll(/[^\p{L}\p{N} _-]/gu, '').trim()
    const list = this.emptyList(id, { displayName, name, template, hidden, isSystem: system })
    this.of(site).set(id, list)
    return list
  }

  putItem(list: StoredList, fields: NewFields, by: Actor, more: ItemDetails = {}): StoredItem {
    const now = this.now()
    const created = more.created === undefined ? now : Date.parse(more.created)
    const type = more.contentType === undefined ? list.defaultType : typeNamed(list, more.contentType)
    const item = list.add({
      guid: guidFrom(`item ${list.id} ${String(list.items.size)}`),
      version: 1,
      createdAt: created,
      modifiedAt: more.modified === undefined ? created : Date.parse(more.modified),
      createdBy: by,
      modifiedBy: by,
      contentType: type,
      folder: more.folder ?? '',
      values: new Map(),
      attachments: new Map(),
      isDeleted: false,
    })
    setValues(list, item, fields)
    return item
  }

  changeItem(list: StoredList, item: StoredItem, fields: NewFields, by: Actor): void {
    setValues(list, item, fields)
    item.version++
    item.modifiedAt = this.now()
    item.modifiedBy = by
    list.touchItem(item, item.modifiedAt)
  }

  removeItem(list: StoredList, item: StoredItem): void {
    item.isDeleted = true
    // The time of the last change of an item does not tell of deletions.
    list.touchItem(item, 0)
    for (const other of [...this.bySite.values()].flatMap((lists) => [...lists.values()])) forget(other, list, item)
  }

  putAttachment(list: StoredList, item: StoredItem, name: string, bytes: Buffer): void {
    item.attachments.set(name, bytes)
    item.version++
    item.modifiedAt = this.now()
    list.touchItem(item, item.modifiedAt)
  }

  /** Of SharePoint's times; milliseconds since 1970. */
  now(): number {
    return Math.floor(this.clock.now() / 1000) * 1000
  }

  private emptyList(
    id: string,
    more: Omit<ConstructorParameters<typeof StoredList>[0], 'id' | 'createdAt'>,
  ): StoredList {
    const list = new StoredList({ ...more, id, createdAt: this.now() })
    list.columns = standardColumns(id, more.template)
    const own = (prefix: string): string => `${prefix}${guidFrom(`${prefix} ${id}`).replaceAll('-', '').toUpperCase()}`
    const builtIn = { description: '', group: 'List Content Types', isBuiltIn: true }
    list.contentTypes.push(
      { ...builtIn, id: own('0x0100'), name: 'Item', isDefault: true },
      { ...builtIn, id: own('0x012000'), name: 'Folder', group: 'Folder Content Types', isDefault: false },
    )
    return list
  }

  private actor(site: StoredSite, user: string | undefined): Actor {
    const name = user ?? this.tenant.allUsers()[0]?.id
    return name === undefined ? this.people(site).application : this.people(site).actor(name)
  }

  private site(reference: SiteReference): StoredSite {
    return siteDirectory(this.tenant).known(reference)
  }

  private item(site: SiteReference, list: ListReference, id: string): StoredItem {
    const item = this.list(site, list).item(Number(id))
    if (item === undefined) throw new Error(`No item ${id} in ${list}`)
    return item
  }
}

const make = (tenant: TenantState, clock: SimulatorClock): ListDirectory => new ListDirectory(tenant, clock)

/** The lists of a tenant. */
export function listDirectory(tenant: TenantState): ListDirectory {
  return tenant.service(make)
}
