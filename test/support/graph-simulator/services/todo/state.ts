import type { SimulatorClock } from '../../clock.ts'
import type { TenantState } from '../../state/tenant.ts'
import type { StoredUser } from '../../state/user.ts'
import { TodoBook } from './book.ts'
import type {
  StoredChecklistItem,
  StoredExtension,
  StoredLink,
  StoredList,
  StoredTask,
  TaskProperties,
} from './stored.ts'
import { isoTime } from './render.ts'

/** A task as tests put it there. */
interface NewTask extends Partial<TaskProperties> {
  readonly checklistItems?: readonly { readonly displayName: string; readonly isChecked?: boolean }[]
  readonly linkedResources?: readonly Partial<Omit<StoredLink, 'id'>>[]
  readonly attachments?: readonly { readonly name: string; readonly contentType?: string; readonly bytes: Buffer }[]
  readonly extensions?: readonly StoredExtension[]
}

export interface NewList {
  readonly isOwner?: boolean
  readonly isShared?: boolean
  readonly extensions?: readonly StoredExtension[]
}

/** To Do of a tenant: what people do in the app while nobody looks. Users by id or name, lists by id or name. */
export class TodoState {
  private readonly tenant: TenantState
  private readonly clock: SimulatorClock
  private readonly books = new Map<string, TodoBook>()

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
  }

  bookOf(user: StoredUser): TodoBook {
    const known = this.books.get(user.id)
    if (known !== undefined) return known
    const book = new TodoBook(user.mailbox?.key ?? user.id)
    this.books.set(user.id, book)
    return book
  }

  book(user: string): TodoBook {
    const stored = this.tenant.findUser(user)
    if (stored === undefined) throw new Error(`No user ${user}`)
    return this.bookOf(stored)
  }

  addList(user: string, displayName: string, more: NewList = {}): StoredList {
    const { extensions = [], ...rest } = more
    return this.book(user).addList(displayName, { ...rest, extensions: [...extensions] })
  }

  list(user: string, list: string): StoredList {
    const found = this.book(user).lists.find((one) => one.id === list || one.displayName === list)
    if (found === undefined) throw new Error(`No list ${list}`)
    return found
  }

  renameList(user: string, list: string, displayName: string): void {
    const stored = this.list(user, list)
    stored.displayName = displayName
    this.book(user).touchList(stored)
  }

  removeList(user: string, list: string): void {
    this.book(user).removeList(this.list(user, list))
  }

  addTask(user: string, list: string, task: NewTask): StoredTask {
    const { checklistItems = [], linkedResources = [], attachments = [], extensions = [], ...properties } = task
    const book = this.book(user)
    const now = this.clock.now()
    const stored = book.addTask(this.list(user, list), properties, now)
    for (const item of checklistItems) this.addChecklistItem(user, stored, item.displayName, item.isChecked ?? false)
    for (const link of linkedResources) book.addLink(stored, { ...emptyLink, ...link })
    for (const { name, contentType = 'application/octet-stream', bytes } of attachments)
      book.addFile(stored, { name, contentType, bytes, modifiedAt: now })
    stored.extensions.push(...extensions)
    return stored
  }

  changeTask(user: string, task: StoredTask, properties: Partial<TaskProperties>): void {
    this.book(user).change(task, properties, this.clock.now())
  }

  removeTask(user: string, task: StoredTask): void {
    this.book(user).removeTask(task)
  }

  /** Moves a task to another list, where it gets another id. https://learn.microsoft.com/graph/api/resources/todotask */
  moveTask(user: string, task: StoredTask, list: string): StoredTask {
    const book = this.book(user)
    book.removeTask(task)
    const moved = book.addTask(this.list(user, list), task.properties, this.clock.now())
    moved.checklist.push(...task.checklist)
    moved.links.push(...task.links)
    moved.files.push(...task.files)
    moved.extensions.push(...task.extensions)
    return moved
  }

  addChecklistItem(user: string, task: StoredTask, displayName: string, isChecked = false): StoredChecklistItem {
    const createdDateTime = isoTime(this.clock.now())
    const checkedDateTime = isChecked ? createdDateTime : null
    return this.book(user).addChecklistItem(task, { displayName, isChecked, createdDateTime, checkedDateTime })
  }

  /** Lets delta tokens die: of a list, or of the lists themselves. */
  breakCursors(user: string, list?: string): void {
    if (list === undefined) this.book(user).generation++
    else this.list(user, list).generation++
  }
}

const emptyLink = { webUrl: null, applicationName: null, displayName: null, externalId: null }

/** For `tenant.service`. */
export function todoState(tenant: TenantState, clock: SimulatorClock): TodoState {
  return new TodoState(tenant, clock)
}
