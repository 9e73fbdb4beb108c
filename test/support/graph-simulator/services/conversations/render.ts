import { changeKey } from '../calendar/ids.ts'
import { dateTime } from '../../state/info.ts'
import { mailboxKey } from '../../state/ids.ts'
import type { MailAddress } from '../../state/types.ts'
import { lastDelivered } from './state.ts'
import type { StoredPost, StoredThread } from './state.ts'

type Json = Record<string, unknown>

const seconds = (milliseconds: number): string => dateTime(Math.floor(milliseconds / 1000))
const recipient = (person: MailAddress): Json => ({ emailAddress: { ...person } })

/** Longest preview, in characters. */
const previewLength = 255

/** https://learn.microsoft.com/graph/api/resources/conversationthread */
export function threadProperties(thread: StoredThread): Json {
  return {
    id: thread.id,
    topic: thread.topic,
    hasAttachments: thread.posts.some(hasAttachments),
    lastDeliveredDateTime: seconds(lastDelivered(thread)),
    uniqueSenders: [...new Set(thread.posts.map(({ from }) => from.name))],
    preview: previewOf(thread),
    isLocked: thread.isLocked,
    toRecipients: thread.to.map(recipient),
    ccRecipients: thread.cc.map(recipient),
  }
}

/** Given only when they are selected. */
export const selectedThreadProperties: ReadonlySet<string> = new Set(['toRecipients', 'ccRecipients'])

function previewOf({ posts }: StoredThread): string {
  const { content = '' } = posts.at(-1)?.body ?? {}
  return content
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, previewLength)
}

/** Pictures inside the text do not count. */
function hasAttachments({ attachments }: StoredPost): boolean {
  return attachments.some(({ isInline }) => !isInline)
}

/** https://learn.microsoft.com/graph/api/resources/conversation */
export function conversationProperties(threads: readonly StoredThread[]): Json {
  const [first] = threads
  if (first === undefined) throw new Error('A conversation has threads')
  const last = threads.toSorted((one, other) => lastDelivered(other) - lastDelivered(one))[0] ?? first
  const { topic, lastDeliveredDateTime, preview } = threadProperties(last)
  return {
    id: first.conversation,
    topic,
    hasAttachments: threads.some(({ posts }) => posts.some(hasAttachments)),
    lastDeliveredDateTime,
    uniqueSenders: [...new Set(threads.flatMap(({ posts }) => posts.map(({ from }) => from.name)))],
    preview,
  }
}

/** https://learn.microsoft.com/graph/api/resources/post */
export function postProperties(thread: StoredThread, post: StoredPost): Json {
  const key = changeKey(mailboxKey(thread.group), thread.posts.indexOf(post), post.version)
  return {
    '@odata.etag': `W/"${key}"`,
    id: post.id,
    createdDateTime: seconds(post.receivedAt),
    lastModifiedDateTime: seconds(post.modifiedAt),
    changeKey: key,
    categories: [],
    receivedDateTime: seconds(post.receivedAt),
    hasAttachments: hasAttachments(post),
    body: { ...post.body },
    conversationId: thread.conversation,
    conversationThreadId: thread.id,
    from: recipient(post.from),
    sender: recipient(post.sender),
    newParticipants: post.newParticipants.map(recipient),
  }
}
