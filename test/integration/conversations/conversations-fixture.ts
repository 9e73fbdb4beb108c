import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import { conversationsReader } from '../../../src-main/graph/conversations/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { groupConversations } from '../../support/graph-simulator/services/conversations/state.ts'
import type { GroupConversations, StoredThread } from '../../support/graph-simulator/services/conversations/state.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import type { SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { tenantWorld } from '../../support/tenant-pair.ts'
import type { TenantWorld } from '../../support/tenant-pair.ts'

export const signal = new AbortController().signal
export const ada = 'ada@contoso.example'
export const bob = 'bob@contoso.example'
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export interface ConversationsWorld extends TenantWorld {
  readonly conversations: GroupConversations
  readonly group: Root
}

export async function conversationsWorld(options: Omit<SimulatorOptions, 'tenant'> = {}): Promise<ConversationsWorld> {
  const world = await tenantWorld([ada, bob], options)
  const { id, mail } = groupDirectory(world.simulator.tenant).add({ displayName: 'Engines' })
  const conversations = groupConversations(world.simulator.tenant)
  return Object.assign(world, { conversations, group: { kind: 'group', id, name: mail ?? '' } as const })
}

/** A thread with every kind of attachment, a picture in its text, two writers, and a plain one beside it. */
export function fillGroup({ conversations, group }: Pick<ConversationsWorld, 'conversations' | 'group'>): {
  readonly rich: StoredThread
  readonly plain: StoredThread
} {
  const mail = Buffer.from('Subject: inner\r\n\r\ntext')
  const rich = conversations.addThread(group.id, 'Plans & <things>', {
    to: [{ name: 'Engines', address: group.name }],
    cc: [{ name: 'Guest', address: 'guest@example.com' }],
  })
  conversations.addPost(rich, {
    from: ada,
    at: '2024-03-01T10:00:00Z',
    html: '<html><body><p>See <b>this</b> <img src="cid:pic1" alt="a pixel"><script>alert(1)</script></p></body></html>',
    attachments: [
      { name: 'pixel.png', bytes: pixel, contentType: 'image/png', contentId: 'pic1' },
      { name: 'plan.txt', bytes: 'the plan', contentType: 'text/plain' },
    ],
  })
  conversations.addPost(rich, {
    from: bob,
    at: '2024-03-02T11:00:00Z',
    html: '<p>Mine, and a mail</p>',
    attachments: [
      { name: 'plan.txt', bytes: 'another plan', contentType: 'text/plain' },
      { name: 'Re: plans', kind: 'item', bytes: mail },
      { name: 'cloud.docx', kind: 'reference' },
    ],
  })
  const plain = conversations.addThread(group.id, 'Hello')
  conversations.addPost(plain, {
    from: { name: 'Guest', address: 'guest@example.com' },
    at: '2024-02-01T08:00:00Z',
    text: 'Good <day>',
  })
  return { rich, plain }
}

export async function read({ client, group }: ConversationsWorld, before?: HeldType): Promise<HeldType> {
  return await readHeld(conversationsReader(client), group, before)
}
