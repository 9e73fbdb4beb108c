import type { SimulatorClock } from '../../clock.ts'
import { guidFrom } from '../../random.ts'
import type { TenantState } from '../../state/tenant.ts'

export type Json = Readonly<Record<string, unknown>>

export interface StoredMember {
  readonly id: string
  readonly userId: string
  readonly displayName: string
  readonly email: string | null
  readonly roles: readonly string[]
  readonly visibleHistoryStartDateTime: string
}

/** A message as Graph shows it, in parts that change. */
export interface StoredMessage {
  readonly id: string
  readonly createdDateTime: string
  readonly from: Json | null
  readonly messageType: 'message' | 'systemEventMessage'
  readonly eventDetail: Json | null
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
  readonly hosted: Map<string, { readonly type: string; readonly bytes: Buffer }>
}

export interface StoredChat {
  readonly id: string
  readonly chatType: 'oneOnOne' | 'group' | 'meeting'
  topic: string | null
  readonly createdDateTime: string
  lastUpdatedDateTime: string
  readonly onlineMeetingInfo: Json | null
  readonly members: StoredMember[]
  /** In the order they were sent. */
  readonly messages: StoredMessage[]
  readonly pinned: string[]
  readonly apps: { readonly id: string; readonly teamsAppId: string; readonly displayName: string }[]
  readonly tabs: { readonly id: string; readonly displayName: string; readonly url: string }[]
}

export interface NewChat {
  readonly type?: StoredChat['chatType']
  readonly topic?: string
  /** Users, by id or userPrincipalName. */
  readonly members: readonly string[]
}

export interface NewMessage {
  /** HTML; `hosted:<name>` stands for the address of a hosted content. */
  readonly html?: string
  readonly text?: string
  readonly hosted?: Readonly<Record<string, { readonly type: string; readonly bytes: Buffer | string }>>
  readonly attachments?: readonly Json[]
  readonly mentions?: readonly Json[]
  readonly subject?: string
  readonly importance?: string
  readonly policyViolation?: Json
}

/** The chats of a tenant: what people do in Teams while nobody looks. */
export class TenantChats {
  readonly chats = new Map<string, StoredChat>()
  readonly #tenant: TenantState
  readonly #clock: SimulatorClock
  #last = 0

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.#tenant = tenant
    this.#clock = clock
  }

  addChat({ type = 'group', topic, members }: NewChat): StoredChat {
    const now = this.#stamp()
    const users = members.map((name) => this.#user(name))
    const id = chatId(
      type,
      `${topic ?? ''} ${String(this.chats.size)}`,
      users.map((user) => user.id),
    )
    const meeting = {
      calendarEventId: `AAMk${id.slice(3, 20)}`,
      joinWebUrl: `https://teams.microsoft.com/l/meetup-join/${id}`,
      organizer: null,
    }
    const chat: StoredChat = {
      id,
      chatType: type,
      topic: topic ?? null,
      createdDateTime: now,
      lastUpdatedDateTime: now,
      onlineMeetingInfo: type === 'meeting' ? meeting : null,
      members: users.map((user) => member(id, user, now)),
      messages: [],
      pinned: [],
      apps: [],
      tabs: [],
    }
    this.chats.set(id, chat)
    return chat
  }

  /** Chats that a user is a member of. */
  of(user: string): readonly StoredChat[] {
    const { id } = this.#user(user)
    return [...this.chats.values()].filter(({ members }) => members.some(({ userId }) => userId === id))
  }

  send(chat: StoredChat, from: string, more: NewMessage): StoredMessage {
    const user = this.#user(from)
    const identity = {
      '@odata.type': '#microsoft.graph.teamworkUserIdentity',
      id: user.id,
      displayName: user.displayName,
      userIdentityType: 'aadUser',
    }
    return this.#add(chat, { application: null, device: null, user: identity }, 'message', null, more)
  }

  /** A line that Teams writes itself. `detail`: type name without its ending, and properties. */
  event(chat: StoredChat, detail: Json): StoredMessage {
    return this.#add(chat, null, 'systemEventMessage', detail, { html: '<systemEventMessage/>' })
  }

  edit(message: StoredMessage, html: string): void {
    message.body = { contentType: 'html', content: html }
    message.lastEditedDateTime = this.#touch(message)
  }

  react(message: StoredMessage, from: string, reactionType: string): void {
    const user = this.#user(from)
    const createdDateTime = this.#touch(message)
    const who = {
      application: null,
      device: null,
      user: {
        '@odata.type': '#microsoft.graph.teamworkUserIdentity',
        id: user.id,
        displayName: null,
        userIdentityType: 'aadUser',
      },
    }
    message.reactions = [
      ...message.reactions,
      { reactionType, displayName: reactionType, reactionContentUrl: null, createdDateTime, user: who },
    ]
  }

  /** What the sender deletes stays as an empty message. */
  delete(message: StoredMessage): void {
    message.deletedDateTime = this.#touch(message)
    message.body = { contentType: 'html', content: '' }
    message.attachments = []
    message.mentions = []
    message.hosted.clear()
  }

  /** What a retention policy removes is gone without a trace. */
  purge(chat: StoredChat, message: StoredMessage): void {
    chat.messages.splice(chat.messages.indexOf(message), 1)
  }

  rename(chat: StoredChat, topic: string): void {
    chat.topic = topic
    chat.lastUpdatedDateTime = this.#stamp()
    this.event(chat, {
      '@odata.type': '#microsoft.graph.chatRenamedEventMessageDetail',
      chatId: chat.id,
      chatDisplayName: topic,
      initiator: null,
    })
  }

  addMember(chat: StoredChat, name: string): void {
    chat.members.push(member(chat.id, this.#user(name), this.#stamp()))
    chat.lastUpdatedDateTime = this.#stamp()
  }

  pin(chat: StoredChat, message: StoredMessage): void {
    chat.pinned.push(message.id)
    this.event(chat, {
      '@odata.type': '#microsoft.graph.messagePinnedEventMessageDetail',
      eventDateTime: this.#stamp(),
      initiator: null,
    })
  }

  removeChat(chat: StoredChat): void {
    this.chats.delete(chat.id)
  }

  #add(
    chat: StoredChat,
    from: Json | null,
    messageType: StoredMessage['messageType'],
    eventDetail: Json | null,
    more: NewMessage,
  ): StoredMessage {
    const createdDateTime = this.#stamp()
    const id = String(Date.parse(createdDateTime))
    const { html, text = '', hosted = {}, attachments = [], mentions = [] } = more
    const named = new Map(
      Object.entries(hosted).map(([name, { type, bytes }]) => [name, { type, bytes: Buffer.from(bytes) }]),
    )
    const ids = new Map([...named.keys()].map((name) => [name, hostedId(id, name)]))
    const placed = (content: string): string =>
      content.replace(
        /hosted:([\w-]+)/g,
        (_whole, name: string) =>
          `${graphOrigin}/v1.0/chats/${chat.id}/messages/${id}/hostedContents/${ids.get(name) ?? ''}/$value`,
      )
    const message: StoredMessage = {
      id,
      createdDateTime,
      from,
      messageType,
      eventDetail,
      etag: id,
      lastModifiedDateTime: createdDateTime,
      lastEditedDateTime: null,
      deletedDateTime: null,
      subject: more.subject ?? null,
      importance: more.importance ?? 'normal',
      body:
        html === undefined ? { contentType: 'text', content: text } : { contentType: 'html', content: placed(html) },
      attachments: attachments.map((one) => JSON.parse(placed(JSON.stringify(one))) as Json),
      mentions,
      reactions: [],
      policyViolation: more.policyViolation ?? null,
      hosted: new Map([...named].map(([name, content]) => [ids.get(name) ?? '', content])),
    }
    chat.messages.push(message)
    return message
  }

  #touch(message: StoredMessage): string {
    const now = this.#stamp()
    message.lastModifiedDateTime = now
    message.etag = String(Date.parse(now))
    return now
  }

  /** No two alike: "unique to the millisecond". */
  #stamp(): string {
    this.#last = Math.max(this.#last + 1, this.#clock.now())
    return new Date(this.#last).toISOString()
  }

  #user(name: string): { readonly id: string; readonly displayName: string; readonly mail: string | null } {
    const user = this.#tenant.findUser(name)
    if (user === undefined) throw new Error(`No user ${name}`)
    return user
  }
}

/** What addresses inside of messages begin with; replaced by the simulator's own when they are shown. */
export const graphOrigin = 'https://graph.microsoft.com'

export const tenantGuid = guidFrom('tenant of chats')

function member(
  chat: string,
  user: { readonly id: string; readonly displayName: string; readonly mail: string | null },
  since: string,
): StoredMember {
  const id = Buffer.from(`${chat}##${user.id}`).toString('base64')
  return {
    id,
    userId: user.id,
    displayName: user.displayName,
    email: user.mail,
    roles: ['owner'],
    visibleHistoryStartDateTime: since,
  }
}

function chatId(type: StoredChat['chatType'], seed: string, users: readonly string[]): string {
  const hex = guidFrom(`chat ${seed} ${users.join()}`).replaceAll('-', '')
  if (type === 'oneOnOne') return `19:${users.join('_')}@unq.gbl.spaces`
  return type === 'meeting' ? `19:meeting_${Buffer.from(hex).toString('base64url')}@thread.v2` : `19:${hex}@thread.v2`
}

function hostedId(message: string, name: string): string {
  return Buffer.from(`id=x_0-wus-d9-${guidFrom(`${message} ${name}`)},type=1`)
    .toString('base64')
    .replaceAll('=', '')
}

const make = (tenant: TenantState, clock: SimulatorClock): TenantChats => new TenantChats(tenant, clock)

/** The chats of a tenant. */
export function tenantChats(tenant: TenantState): TenantChats {
  return tenant.service(make)
}
