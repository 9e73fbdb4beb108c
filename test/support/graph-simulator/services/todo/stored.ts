import type { ItemBody, Importance } from '../../state/types.ts'

export interface TodoDate {
  readonly dateTime: string
  readonly timeZone: string
}

export type JsonRecord = Readonly<Record<string, unknown>>

export interface StoredExtension {
  readonly name: string
  values: JsonRecord
}

export interface StoredChecklistItem {
  readonly id: string
  readonly displayName: string | null
  readonly isChecked: boolean
  readonly createdDateTime: string
  readonly checkedDateTime: string | null
}

export interface StoredLink {
  readonly id: string
  readonly webUrl: string | null
  readonly applicationName: string | null
  readonly displayName: string | null
  readonly externalId: string | null
}

export interface StoredFile {
  readonly id: string
  readonly name: string
  readonly contentType: string
  readonly bytes: Buffer
  readonly modifiedAt: number
}

export type TaskStatus = 'notStarted' | 'inProgress' | 'completed' | 'waitingOnOthers' | 'deferred'

/** What people enter in a task. */
export interface TaskProperties {
  readonly title: string
  readonly body: ItemBody
  readonly categories: readonly string[]
  readonly importance: Importance
  readonly status: TaskStatus
  readonly isReminderOn: boolean
  readonly dueDateTime: TodoDate | null
  readonly startDateTime: TodoDate | null
  readonly reminderDateTime: TodoDate | null
  readonly completedDateTime: TodoDate | null
  readonly recurrence: JsonRecord | null
}

export interface StoredTask {
  readonly id: string
  readonly number: number
  list: StoredList
  properties: TaskProperties
  readonly createdAt: number
  modifiedAt: number
  bodyModifiedAt: number
  /** Counts changes of the task itself; its etag is made of it. */
  version: number
  isRemoved: boolean
  checklist: StoredChecklistItem[]
  links: StoredLink[]
  files: StoredFile[]
  extensions: StoredExtension[]
}

export type WellKnownList = 'none' | 'defaultList' | 'flaggedEmails'

export interface StoredList {
  readonly id: string
  readonly number: number
  displayName: string
  readonly wellknownListName: WellKnownList
  readonly isOwner: boolean
  isShared: boolean
  version: number
  readonly tasks: StoredTask[]
  extensions: StoredExtension[]
  /** Delta tokens of another generation are dead. */
  generation: number
}

/** One entry of the history that delta rounds read; `list` is where the task was then. */
export type TodoChange =
  | {
      readonly sequence: number
      readonly kind: 'put' | 'removed'
      readonly list: StoredList
      readonly task: StoredTask
    }
  | { readonly sequence: number; readonly kind: 'put' | 'removed'; readonly list: StoredList; readonly task: undefined }

export const taskDefaults: TaskProperties = {
  title: '',
  body: { content: '', contentType: 'text' },
  categories: [],
  importance: 'normal',
  status: 'notStarted',
  isReminderOn: false,
  dueDateTime: null,
  startDateTime: null,
  reminderDateTime: null,
  completedDateTime: null,
  recurrence: null,
}
