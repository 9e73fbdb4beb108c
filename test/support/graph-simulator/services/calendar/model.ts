import type { AttachmentContent, CursorError, ItemBody, MailAddress } from '../../state/types.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import type { Recurrence } from './recurrence.ts'
import type { WallTime } from './zones.ts'

export interface StoredGroup {
  readonly number: number
  name: string
  /** "My Calendars" and its like have well-known ones. */
  readonly classId: string
}

export interface StoredPermission {
  readonly id: string
  /** Nobody in particular (My Organization) has no address. */
  readonly emailAddress: { readonly name: string; readonly address?: string }
  readonly isInsideOrganization: boolean
  readonly isRemovable: boolean
  role: string
  readonly allowedRoles: readonly string[]
}

/** Something of a calendar changed; `date` names one day of a series. */
export interface CalendarChange {
  readonly sequence: number
  readonly event: StoredEvent
  readonly date: string | undefined
  /** Where the event went: it is not here any more. */
  readonly gone: boolean
  /** The id it had here, for removals. */
  readonly moves: number
}

export interface StoredCalendar {
  readonly number: number
  name: string
  color: string
  readonly isDefault: boolean
  readonly group: StoredGroup
  readonly owner: MailAddress
  readonly canEdit: boolean
  version: number
  permissions: StoredPermission[]
  readonly history: CalendarChange[]
  cursorGeneration: number
  cursorError: CursorError
}

/** What an event and a changed occurrence both have. */
export interface EventContent {
  readonly subject: string | null
  /** HTML always: Graph gives events no other. */
  readonly body: ItemBody
  readonly start: WallTime
  readonly end: WallTime
  readonly isAllDay: boolean
  readonly location: JsonObject
  readonly locations: readonly JsonObject[]
  readonly attendees: readonly JsonObject[]
  readonly reminderMinutesBeforeStart: number
  readonly isReminderOn: boolean
  readonly showAs: string
  readonly sensitivity: string
  readonly importance: string
  readonly categories: readonly string[]
  readonly hideAttendees: boolean
  readonly allowNewTimeProposals: boolean
  readonly responseRequested: boolean
  readonly isOnlineMeeting: boolean
  readonly onlineMeetingProvider: string
  readonly onlineMeeting: JsonObject | null
}

export interface StoredAttachment extends AttachmentContent {
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
}

/** What can carry attachments and extended properties: an event, or a changed occurrence. */
export interface Carrier {
  content: EventContent
  attachments: readonly StoredAttachment[]
  singleValue: ReadonlyMap<string, string>
}

export interface StoredException extends Carrier {
  /** The occurrence's own day, yyyy-mm-dd in the series' zone. */
  readonly date: string
}

export interface StoredEvent extends Carrier {
  readonly number: number
  /** Moves between calendars; regular ids change with them. */
  moves: number
  calendar: StoredCalendar
  recurrence: Recurrence | undefined
  organizer: MailAddress
  isOrganizer: boolean
  responseStatus: JsonObject
  isCancelled: boolean
  readonly iCalUId: string
  readonly transactionId: string | null
  readonly createdAt: number
  modifiedAt: number
  version: number
  readonly exceptions: Map<string, StoredException>
  readonly cancelled: Set<string>
  isRemoved: boolean
}

/** A mail that Outlook would have sent by itself. */
export interface SentNotice {
  readonly kind: 'invitation' | 'update' | 'cancellation' | 'sharing'
  readonly to: string
  readonly subject: string
}
