import type { SimulatorClock } from '../../clock.ts'
import { guidFrom } from '../../random.ts'
import { mailboxKey } from '../../state/ids.ts'
import type { TenantState } from '../../state/tenant.ts'
import type { AttachmentContent, MailAddress } from '../../state/types.ts'
import { groupDirectory } from '../groups/state.ts'

/** An attachment as tests put it there: a file unless told. */
export interface NewPostAttachment {
  readonly name: string
  /** The file's bytes, or the MIME of an attached message. */
  readonly bytes?: Buffer | string
  readonly contentType?: string
  readonly kind?: 'file' | 'item' | 'reference'
  /** Shown in the text, by `cid:`. */
  readonly contentId?: string
  /** JSON of an attached item. */
  readonly item?: Readonly<Record<string, unknown>>
}

export interface NewPost {
  /** A user by id or name, or any other person. */
  readonly from: string | MailAddress
  readonly html?: string
  readonly text?: string
  /** ISO 8601; a minute after the post before unless told. */
  readonly at?: string
  readonly attachments?: readonly NewPostAttachment[]
  readonly newParticipants?: readonly MailAddress[]
}

export interface StoredPost {
  readonly id: string
  readonly from: MailAddress
  /** Who sent it, when it was done for somebody else. */
  readonly sender: MailAddress
  readonly body: { readonly contentType: 'html' | 'text'; content: string }
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  modifiedAt: number
  version: number
  readonly newParticipants: readonly MailAddress[]
  readonly attachments: readonly AttachmentContent[]
}

export interface StoredThread {
  readonly id: string
  readonly conversation: string
  readonly group: string
  topic: string
  isLocked: boolean
  readonly to: readonly MailAddress[]
  readonly cc: readonly MailAddress[]
  /** Oldest first. */
  readonly posts: StoredPost[]
}

/** Conversations of all groups: what people write in Outlook, and what tests compare with. */
export class GroupConversations {
  /** Posts that Exchange would have mailed to subscribers because of a request. */
  mailed = 0
  /** Post attachments are for signed-in people alone; tests may let the application. */
  applicationsReadAttachments = false
  /** Exchange gives 100 posts at most; whether it then says where the rest is. */
  linksFurtherPosts = true
  /** Posts that Exchange cannot give: by id. */
  readonly corrupt = new Set<string>()
  private readonly tenant: TenantState
  private readonly clock: SimulatorClock
  private readonly threads: StoredThread[] = []
  private next = 1

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
  }

  /** A thread in a conversation of its own, or in that of another thread. */
  addThread(
    group: string,
    topic: string,
    more: {
      readonly beside?: StoredThread
      readonly to?: readonly MailAddress[]
      readonly cc?: readonly MailAddress[]
    } = {},
  ): StoredThread {
    if (groupDirectory(this.tenant).get(group) === undefined) throw new Error(`No group ${group}`)
    const head = `AAQkAD${mailboxKey(group)}`
    const number = this.number()
    const thread: StoredThread = {
      id: `${head}MkABAA${number}EAA${number}==`,
      conversation: more.beside?.conversation ?? `${head}AQA${number}=`,
      group,
      topic,
      isLocked: false,
      to: more.to ?? [],
      cc: more.cc ?? [],
      posts: [],
    }
    this.threads.push(thread)
    return thread
  }

  addPost(thread: StoredThread, post: NewPost): StoredPost {
    const last = thread.posts.at(-1)?.receivedAt
    const receivedAt =
      post.at === undefined ? (last ?? this.clock.now()) + (last === undefined ? 0 : 60_000) : Date.parse(post.at)
    const from = this.person(post.from)
    const stored: StoredPost = {
      id: `AAMkAD${mailboxKey(thread.group)}BGAAAAAAAiQ${this.number()}AAAAAAEMAAA=`,
      from,
      sender: from,
      body: { contentType: post.text === undefined ? 'html' : 'text', content: post.text ?? post.html ?? '' },
      receivedAt,
      modifiedAt: receivedAt,
      version: 1,
      newParticipants: post.newParticipants ?? [],
      attachments: (post.attachments ?? []).map(asContent),
    }
    thread.posts.push(stored)
    return stored
  }

  /** As somebody does who edits a post: the thread does not show it unless it was the last one. */
  editPost(post: StoredPost, html: string): void {
    post.body.content = html
    post.modifiedAt += 1000
    post.version++
  }

  removePost(thread: StoredThread, post: StoredPost): void {
    thread.posts.splice(thread.posts.indexOf(post), 1)
  }

  removeThread(thread: StoredThread): void {
    this.threads.splice(this.threads.indexOf(thread), 1)
  }

  /** Those that were written to last come first, as Exchange lists them. */
  of(group: string): readonly StoredThread[] {
    return this.threads
      .filter((thread) => thread.group === group)
      .toSorted((one, other) => lastDelivered(other) - lastDelivered(one))
  }

  person(person: string | MailAddress): MailAddress {
    if (typeof person !== 'string') return person
    const user = this.tenant.findUser(person)
    if (user === undefined) throw new Error(`No user ${person}`)
    return { name: user.displayName, address: user.mail ?? user.userPrincipalName }
  }

  private number(): string {
    const number = this.next++
    return Buffer.from(guidFrom(`conversation ${String(number)}`).replaceAll('-', ''), 'hex').toString('base64url')
  }
}

export function lastDelivered({ posts }: StoredThread): number {
  return posts.at(-1)?.receivedAt ?? 0
}

function asContent(attachment: NewPostAttachment, index: number): AttachmentContent {
  const { name, bytes = '', kind = 'file', contentType, contentId, item } = attachment
  const content = Buffer.from(bytes)
  return {
    key: index + 1,
    kind,
    name,
    contentType: kind === 'file' ? (contentType ?? 'application/octet-stream') : contentType,
    isInline: contentId !== undefined,
    contentId,
    size: content.length,
    bytes: () => content,
    ...(item === undefined ? {} : { item }),
  }
}

const make = (tenant: TenantState, clock: SimulatorClock): GroupConversations => new GroupConversations(tenant, clock)

export function groupConversations(tenant: TenantState): GroupConversations {
  return tenant.service(make)
}
