export type JsonRecord = Readonly<Record<string, unknown>>

export interface StoredPlan {
  readonly id: string
  title: string
  /** The group that contains it. */
  readonly group: string
  readonly createdAt: number
  version: number
  detailsVersion: number
  sharedWith: Readonly<Record<string, true>>
  /** category1 to category25. */
  categories: Readonly<Record<string, string | null>>
}

export interface StoredBucket {
  readonly id: string
  readonly plan: StoredPlan
  name: string
  orderHint: string
  version: number
}

interface StoredAssignment {
  readonly assignedAt: number
  readonly orderHint: string
}

export interface StoredChecklistItem {
  readonly title: string
  readonly isChecked: boolean
  readonly orderHint: string
  readonly modifiedAt: number
}

interface StoredReference {
  readonly alias: string | null
  readonly type: string | null
  readonly previewPriority: string
  readonly modifiedAt: number
}

export type PreviewType = 'automatic' | 'noPreview' | 'checklist' | 'description' | 'reference'

/** Each part of a task has an etag of its own. */
export interface StoredTask {
  readonly id: string
  readonly plan: StoredPlan
  bucket: StoredBucket | undefined
  readonly createdAt: number
  version: number
  title: string
  orderHint: string
  assigneePriority: string
  percentComplete: number
  priority: number
  startDateTime: string | null
  dueDateTime: string | null
  completedAt: number | undefined
  conversationThreadId: string | null
  /** By user id. */
  assignments: Readonly<Record<string, StoredAssignment>>
  labels: Readonly<Record<string, true>>
  detailsVersion: number
  description: string
  previewType: PreviewType
  /** By GUID. */
  checklist: Readonly<Record<string, StoredChecklistItem>>
  /** By encoded address. */
  references: Readonly<Record<string, StoredReference>>
  bucketFormat: { orderHint: string; version: number }
  progressFormat: { orderHint: string; version: number }
  assignedFormat: { unassigned: string; byAssignee: Readonly<Record<string, string>>; version: number }
}
