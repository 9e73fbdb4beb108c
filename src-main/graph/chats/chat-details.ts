import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { answerEntries } from '../item/batch-answers.ts'
import { list, text } from '../item/fields.ts'
import { isWithheld, teamsPool } from '../messages/access.ts'
import type { Chats } from './chat-access.ts'

/** Members that the list of chats expands at most, whatever their number. https://learn.microsoft.com/graph/api/chat-list */
const expandedMembers = 25

/** Lists of a chat by property name; what the sign-in may not read is absent. */
export type ChatDetails = Readonly<Record<string, readonly JsonValue[]>>

interface Wanted {
  readonly chat: string
  readonly name: string
  readonly member: BatchMember
}

/** What the list of chats does not tell, by chat id; 20 lists a request. */
export async function chatDetails(
  { client, signal }: Chats,
  changed: readonly JsonObject[],
): Promise<ReadonlyMap<string, ChatDetails>> {
  const wanted = changed.flatMap(listsOf)
  const answers = await client.batch(
    wanted.map(({ member }) => member),
    { pool: teamsPool, signal },
  )
  const found = new Map<string, Record<string, readonly JsonValue[]>>()
  for (const [index, { chat, name }] of wanted.entries()) {
    const entries = await entriesOf({ client, signal }, answers[index])
    if (entries !== undefined) found.set(chat, { ...found.get(chat), [name]: entries })
  }
  return found
}

function listsOf(entry: JsonObject): readonly Wanted[] {
  const chat = text(entry, 'id') ?? ''
  const all = (list(entry, 'members')?.length ?? 0) < expandedMembers && entry['members@odata.nextLink'] === undefined
  return [
    ...(all ? [] : [{ chat, name: 'members', member: { path: graphPath`/chats/${chat}/members` } }]),
    { chat, name: 'pinnedMessages', member: { path: graphPath`/chats/${chat}/pinnedMessages` } },
    {
      chat,
      name: 'installedApps',
      member: { path: graphPath`/chats/${chat}/installedApps`, query: { $expand: 'teamsApp,teamsAppDefinition' } },
    },
    { chat, name: 'tabs', member: { path: graphPath`/chats/${chat}/tabs`, query: { $expand: 'teamsApp' } } },
  ]
}

/** A list to its end; undefined if there is none to be had: not allowed, or not for this kind of chat. */
async function entriesOf(
  { client, signal }: Pick<Chats, 'client' | 'signal'>,
  answer: BatchAnswer | undefined,
): Promise<readonly JsonValue[] | undefined> {
  try {
    return await answerEntries(client, answer, { pool: teamsPool, signal })
  } catch (error) {
    if (isWithheld(error)) return undefined
    throw error
  }
}
