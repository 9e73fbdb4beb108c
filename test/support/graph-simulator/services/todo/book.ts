import { guidFrom } from '../../random.ts'
import { messageId, folderId } from '../../state/ids.ts'
import { taskDefaults } from './stored.ts'
import type {
  StoredChecklistItem,
  StoredExtension,
  StoredFile,
  StoredLink,
  StoredList,
  StoredTask,
  TaskProperties,
  TodoChange,
  WellKnownList,
} from './stored.ts'

/** Far away from the numbers of mails and folders of the same mailbox. */
const firstNumber = 500_000_000

/** The To Do lists and tasks of one mailbox, with the history that delta rounds read. */
export class TodoBook {
  readonly key: string
  readonly lists: StoredList[] = []
  readonly history: TodoChange[] = []
  /** Generation of the tokens of the lists' own delta. */
  generation = 0
  /** Tasks that the service made because a recurring one was completed. */
  spawned = 0
  private next = firstNumber

  constructor(key: string) {
    this.key = key
    this.addList('Tasks', { wellknownListName: 'defaultList' })
    this.addList('Flagged Emails', { wellknownListName: 'flaggedEmails' })
  }

  get sequence(): number {
    return this.history.at(-1)?.sequence ?? 0
  }

  addList(
    displayName: string,
    more: {
      readonly wellknownListName?: WellKnownList
      readonly isOwner?: boolean
      readonly isShared?: boolean
      readonly extensions?: StoredExtension[]
    } = {},
  ): StoredList {
    const number = this.next++
    const list: StoredList = {
      id: folderId(this.key, number),
      number,
      displayName,
      wellknownListName: more.wellknownListName ?? 'none',
      isOwner: more.isOwner ?? true,
      isShared: more.isShared ?? false,
      version: 1,
      tasks: [],
      extensions: more.extensions ?? [],
      generation: 0,
    }
    this.lists.push(list)
    this.record('put', list, undefined)
    return list
  }

  touchList(list: StoredList): void {
    list.version++
    this.record('put', list, undefined)
  }

  removeList(list: StoredList): void {
    this.lists.splice(this.lists.indexOf(list), 1)
    for (const task of list.tasks) task.isRemoved = true
    this.record('removed', list, undefined)
  }

  addTask(list: StoredList, properties: Partial<TaskProperties>, now: number): StoredTask {
    const number = this.next++
    const task: StoredTask = {
      // The documents tell of one form of To Do's ids only: it is the immutable one, whatever is preferred.
      id: messageId(this.key, number, 0, 'immutable'),
      number,
      list,
      properties: { ...taskDefaults, ...properties },
      createdAt: now,
      modifiedAt: now,
      bodyModifiedAt: now,
      version: 1,
      isRemoved: false,
      checklist: [],
      links: [],
      files: [],
      extensions: [],
    }
    list.tasks.push(task)
    this.record('put', list, task)
    return task
  }

  change(task: StoredTask, properties: Partial<TaskProperties>, now: number): void {
    if (properties.body !== undefined) task.bodyModifiedAt = now
    task.properties = { ...task.properties, ...properties }
    task.modifiedAt = now
    task.version++
    this.record('put', task.list, task)
  }

  removeTask(task: StoredTask): void {
    task.list.tasks.splice(task.list.tasks.indexOf(task), 1)
    task.isRemoved = true
    this.record('removed', task.list, task)
  }

  addChecklistItem(task: StoredTask, item: Omit<StoredChecklistItem, 'id'>): StoredChecklistItem {
    const stored = { id: this.guid('checklist'), ...item }
    task.checklist.push(stored)
    this.childChanged(task)
    return stored
  }

  addLink(task: StoredTask, link: Omit<StoredLink, 'id'>): StoredLink {
    const stored = { id: this.guid('link'), ...link }
    task.links.push(stored)
    this.childChanged(task)
    return stored
  }

  addFile(task: StoredTask, file: Omit<StoredFile, 'id'>): StoredFile {
    const stored = { id: `${task.id.slice(0, -1)}BEgAQA${this.guid('file').slice(0, 8)}=`, ...file }
    task.files.push(stored)
    // hasAttachments is a property of the task.
    if (task.files.length === 1) task.version++
    this.childChanged(task)
    return stored
  }

  /**
   * The documents do not say whether a changed checklist, link or file changes its task. Strict: neither the etag nor
   * lastModifiedDateTime show it; only the delta, which can expand them, lists the task again.
   */
  childChanged(task: StoredTask): void {
    this.record('put', task.list, task)
  }

  guid(kind: string): string {
    return guidFrom(`${this.key} ${kind} ${String(this.next++)}`)
  }

  private record(kind: TodoChange['kind'], list: StoredList, task: StoredTask | undefined): void {
    this.history.push({ sequence: this.sequence + 1, kind, list, task })
  }
}
