import type { DataTypeRestorer } from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'

/**
 * Conversations do not go back into groups: Exchange mails every new post to all who follow the group, with the sender
 * and the time of today. They come back as files, and as a readable transcript (transcript.ts).
 *
 * What Graph has: new conversations, threads and replies to a thread are for signed-in people
 * (https://learn.microsoft.com/graph/api/group-post-threads); an application may reply to a single post
 * (https://learn.microsoft.com/graph/api/post-reply). None of them takes a sender, a time or a way not to mail.
 */
export function conversationsRestorer(_client: GraphClient): DataTypeRestorer {
  return {
    folder: 'mailbox',
    concurrency: 1,
    requests: () => 0,
    begin: () => Promise.resolve({ id: undefined, path: '' }),
    container: (parent) => Promise.resolve(parent),
    item: () => Promise.resolve({ kind: 'skipped', code: 'conversations-are-not-restorable' }),
  }
}
