import type { DataTypeRestorer } from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'

/**
 * Chats do not go back into Teams: an application may write into a chat only in migration mode, and what a signed-in
 * user posts reaches people as a new message of today. They come back as files, and as a readable transcript
 * (messages/transcript.ts).
 *
 * The way that Graph has, and that is not gone: `POST /chats/{id}/startMigration` (application permission
 * Teamwork.Migrate.All) locks an existing chat for its members, takes messages with their old senders and times
 * (users of that tenant alone, each time unique to the millisecond, no mentions, reactions or cards), and ends for
 * good with completeMigration. https://learn.microsoft.com/graph/api/chat-startmigration
 */
export function chatsRestorer(_client: GraphClient): DataTypeRestorer {
  return {
    folder: 'chats',
    concurrency: 1,
    requests: () => 0,
    begin: () => Promise.resolve({ id: undefined, path: '' }),
    container: (parent) => Promise.resolve(parent),
    item: () => Promise.resolve({ kind: 'skipped', code: 'chats-are-not-restorable' }),
  }
}
