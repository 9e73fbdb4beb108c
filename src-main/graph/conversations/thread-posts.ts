import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemBody, ListedItem } from '../../engine/ports/data-type.ts'
import { text, time } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { threadPath } from './conversation-access.ts'
import type { Conversations } from './conversation-access.ts'
import { partsOf, withAttachments } from './post-attachments.ts'
import { ownNames, postsOf } from './thread-row.ts'

/** Exchange gives no more posts at once, and does not always say that there are more (see readPosts). */
const postsAtOnce = 100

/** A thread that is new or that something was written to: its posts, and the attachments of those that have some. */
export async function threadBody(
  conversations: Conversations,
  { id, properties, previous }: ListedItem,
): Promise<ItemBody> {
  const before = previous === undefined ? [] : postsOf(propertiesOf(previous))
  const read = await readPosts(conversations, id)
  const { posts, refused } = await withAttachments(conversations, id, read.posts, before)
  const notRead = {
    ...(refused ? { attachments: conversations.facts.attachmentsRefused ?? 'graph.forbidden' } : {}),
    ...(read.isCut ? { posts: 'graph.request-refused' } : {}),
  }
  const unread = Object.keys(notRead).length === 0 ? {} : { [ownNames.notRead]: notRead }
  return {
    properties: { ...properties, [ownNames.posts]: posts, ...unread },
    parts: partsOf(conversations, id, posts, before),
  }
}

interface Posts {
  /** Oldest first. */
  readonly posts: readonly JsonObject[]
  /** There may be more that Graph does not give. */
  readonly isCut: boolean
}

/**
 * All posts. A full page without a next link is not taken for the end: Graph was seen to leave the link out
 * (https://github.com/microsoftgraph/microsoft-graph-docs/issues/11219), so it is asked once more for what follows.
 */
async function readPosts(conversations: Conversations, thread: string): Promise<Posts> {
  const posts = new Map<string, JsonObject>()
  let isCut = false
  for (let more = true; more;) {
    const known = posts.size
    try {
      const last = await readPages(conversations, thread, posts)
      more = last >= postsAtOnce && posts.size > known
    } catch (error) {
      // The option is documented for lists in general, not for this one.
      if (known === 0 || !isEngineError(error, 'graph.request-refused')) throw error
      isCut = true
      more = false
    }
  }
  return { posts: [...posts.values()].toSorted(byTime), isCut }
}

/** Adds the posts behind those that are known; gives how many the last page had. */
async function readPages(
  { client, group, signal }: Conversations,
  thread: string,
  posts: Map<string, JsonObject>,
): Promise<number> {
  const query = posts.size === 0 ? {} : { query: { $skip: posts.size } }
  let last = 0
  const request = { path: `${threadPath(group, thread)}/posts`, ...query, pool: mailboxPool(group), signal }
  for await (const page of client.pages<JsonObject>(request)) {
    last = page.value.length
    for (const post of page.value) posts.set(text(post, 'id') ?? '', plainPost(post))
  }
  return last
}

/** Without what Graph says about its answer. */
function plainPost(post: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(post).filter(([name]) => !name.includes('@')))
}

function byTime(one: JsonObject, other: JsonObject): number {
  return (time(one, 'receivedDateTime') ?? 0) - (time(other, 'receivedDateTime') ?? 0)
}
