export type Json = Readonly<Record<string, unknown>>

/** One who belongs to a private or shared channel. */
export interface StoredChannelMember {
  readonly id: string
  readonly userId: string
  readonly displayName: string
  readonly email: string | null
  roles: readonly string[]
}

/** A picture or snippet inside a message. */
export interface StoredHosted {
  readonly type: string
  readonly bytes: Buffer
}

/** A message of a channel as Graph shows it, in parts that change. */
export interface StoredChannelMessage {
  /** Milliseconds since 1970 of its creation: unique within its channel. */
  readonly id: string
  /** Id of the message that it answers; null for the first of a conversation. */
  readonly replyToId: string | null
  readonly createdDateTime: string
  readonly from: Json | null
  readonly messageType: 'message' | 'systemEventMessage'
  readonly eventDetail: Json | null
  /** Written in migration mode: delta tells nothing of it. */
  readonly imported: boolean
  etag: string
  lastModifiedDateTime: string
  lastEditedDateTime: string | null
  deletedDateTime: string | null
  subject: string | null
  importance: string
  body: { readonly contentType: 'text' | 'html'; readonly content: string }
  attachments: readonly Json[]
  mentions: readonly Json[]
  reactions: readonly Json[]
  policyViolation: Json | null
  /** By id. */
  readonly hosted: Map<string, StoredHosted>
  /** In the order they were sent; none in a reply. */
  readonly replies: StoredChannelMessage[]
  /** Of a first message: the channel's count of changes when it or a reply was last changed. */
  revision: number
}

export interface StoredTab {
  readonly id: string
  displayName: string
  /** Id of the app in the catalog. */
  readonly teamsAppId: string
  configuration: Json | null
  sortOrderIndex: string
}

export type MembershipType = 'standard' | 'private' | 'shared'

export interface StoredChannel {
  readonly id: string
  /** Id of the team that owns it. */
  readonly teamId: string
  displayName: string
  description: string | null
  readonly membershipType: MembershipType
  /** Changed by a migration that brings older messages. */
  createdDateTime: string
  originalCreatedDateTime: string | null
  /** Empty until something was posted: see delta. */
  email: string
  /** Whether posting gives it an address. */
  readonly addressed: boolean
  isArchived: boolean
  isFavoriteByDefault: boolean
  layoutType: 'post' | 'chat'
  /** `inProgress`: locked for people, open for imports. */
  migrationMode: 'inProgress' | 'completed' | null
  /** Application that opened the migration; it alone may complete it. */
  migratedBy: string | null
  /** Of private and shared channels; standard ones have the team's. */
  readonly members: StoredChannelMember[]
  /** First messages of conversations, in the order they were sent. */
  readonly messages: StoredChannelMessage[]
  readonly tabs: StoredTab[]
  /** Teams that a shared channel is shared with, by id. */
  readonly sharedWith: Set<string>
  /** Counts changes of messages. */
  revision: number
}

/** A shared channel of another tenant that a team of this one takes part in. */
export interface ForeignChannel {
  readonly id: string
  readonly displayName: string
  readonly tenantId: string
  readonly teamId: string
  readonly createdDateTime: string
}

export interface StoredInstallation {
  readonly id: string
  /** Id of the app in the catalog. */
  readonly teamsAppId: string
}

export interface StoredTag {
  readonly id: string
  displayName: string
  description: string | null
  /** Users by id. */
  readonly members: Set<string>
}

export interface StoredTeam {
  /** That of its group. */
  readonly id: string
  readonly createdDateTime: string
  isArchived: boolean
  /** memberSettings, guestSettings, messagingSettings, funSettings and the like. */
  settings: Record<string, unknown>
  migrationMode: 'inProgress' | null
  readonly channels: StoredChannel[]
  readonly foreignChannels: ForeignChannel[]
  readonly apps: StoredInstallation[]
  readonly tags: StoredTag[]
}

/** An app of the tenant's catalog. */
export interface CatalogApp {
  readonly id: string
  readonly externalId: string | null
  readonly displayName: string
  readonly distributionMethod: 'store' | 'organization' | 'sideloaded'
  readonly version: string
}

/** What a test or an import says of a message. */
export interface NewChannelMessage {
  /** HTML; `hosted:<name>` stands for the address of a hosted content. */
  readonly html?: string
  readonly text?: string
  readonly hosted?: Readonly<Record<string, { readonly type: string; readonly bytes: Buffer | string }>>
  readonly attachments?: readonly Json[]
  readonly mentions?: readonly Json[]
  readonly subject?: string | null
  readonly importance?: string
  readonly policyViolation?: Json
  /** ISO 8601; now if absent. */
  readonly at?: string
}

export interface NewChannel {
  readonly displayName: string
  readonly description?: string
  readonly membershipType?: MembershipType
  /** Users by id or name; of private and shared channels. */
  readonly members?: readonly string[]
  readonly owners?: readonly string[]
  readonly layoutType?: 'post' | 'chat'
  /** ISO 8601; now if absent. */
  readonly createdDateTime?: string
  /** False: it never gets an e-mail address, whatever is posted. */
  readonly addressed?: boolean
}
