import { afterEach } from 'vitest'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { sceneClient } from '../../support/backup-scene.ts'
import { startGraphSimulator, type GraphSimulator, type SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { tenantChats, type StoredChat, type TenantChats } from '../../support/graph-simulator/services/chats/state.ts'
import { impatientClock } from '../../support/impatient-clock.ts'

export const signal = new AbortController().signal
export const ada = 'ada@contoso.example'
export const grace = 'grace@contoso.example'
const alan = 'alan@contoso.example'

export interface ChatsWorld {
  readonly simulator: GraphSimulator
  readonly client: GraphClient
  readonly chats: TenantChats
  readonly root: Root
  /** Requests for chats since the last call, members of a $batch one by one. */
  requests(): readonly string[]
}

const running: ChatsWorld[] = []

afterEach(async () => {
  for (const { client, simulator } of running.splice(0)) {
    await client.close()
    await simulator.close()
  }
})

export async function startChats(options: Omit<SimulatorOptions, 'tenant'> = {}): Promise<ChatsWorld> {
  const users = [
    { userPrincipalName: ada, displayName: 'Ada Lovelace' },
    { userPrincipalName: grace, displayName: 'Grace Hopper' },
    { userPrincipalName: alan, displayName: 'Alan <Turing>' },
  ]
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users }, ...options })
  const client = await sceneClient(simulator, { clock: impatientClock(10_000) })
  const id = simulator.tenant.findUser(ada)?.id ?? ''
  const world: ChatsWorld = {
    simulator,
    client,
    chats: tenantChats(simulator.tenant),
    root: { kind: 'user', id, name: ada },
    requests: () => {
      const paths = simulator.log.entries({ path: '/chats' }).map(({ method, path }) => `${method} ${path}`)
      simulator.log.clear()
      return paths
    },
  }
  running.push(world)
  return world
}

export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** One chat of each kind, with everything that a message can have. */
export function fillChats(chats: TenantChats): Record<'pair' | 'group' | 'meeting', StoredChat> {
  const pair = chats.addChat({ type: 'oneOnOne', members: [ada, grace] })
  chats.send(pair, grace, { text: 'Hello <Ada> & all\nsecond line' })
  const gone = chats.send(pair, ada, { html: '<p>secret</p>' })
  chats.delete(gone)
  const group = fillGroup(chats)
  const meeting = chats.addChat({ type: 'meeting', topic: 'Review', members: [alan, ada] })
  const edited = chats.send(meeting, alan, { html: '<p>At ten</p>' })
  chats.edit(edited, '<p>At eleven</p>')
  return { pair, group, meeting }
}

function fillGroup(chats: TenantChats): StoredChat {
  const group = chats.addChat({ topic: 'Engines', members: [ada, grace, alan] })
  const first = chats.send(group, ada, {
    html: '<p>See <at id="0">Grace Hopper</at> <img src="hosted:photo" alt="a pixel" width="67" height="63"></p>',
    hosted: { photo: { type: 'image/png', bytes: pixel } },
    mentions: [{ id: 0, mentionText: 'Grace Hopper', mentioned: { user: { id: 'x', displayName: 'Grace Hopper' } } }],
  })
  chats.react(first, grace, 'like')
  chats.send(group, alan, {
    html: '<attachment id="c1"></attachment>',
    hosted: { snippet: { type: 'text/plain', bytes: 'print("hello")' } },
    attachments: [
      {
        id: 'c1',
        contentType: 'application/vnd.microsoft.card.codesnippet',
        contentUrl: null,
        content: '{"name":"Program","language":"python","codeSnippetUrl":"hosted:snippet"}',
        name: null,
        thumbnailUrl: null,
      },
    ],
  })
  chats.send(group, grace, {
    html: '<p>the plan</p><attachment id="f1"></attachment>',
    subject: 'Plan',
    importance: 'urgent',
    attachments: [
      {
        id: 'f1',
        contentType: 'reference',
        contentUrl: 'https://contoso.example/plan.docx',
        content: null,
        name: 'plan.docx',
        thumbnailUrl: null,
      },
    ],
    policyViolation: {
      dlpAction: 'blockAccess',
      justificationText: null,
      policyTip: null,
      userAction: 'none',
      verdictDetails: 'none',
    },
  })
  chats.rename(group, 'Engines & machines')
  chats.pin(group, first)
  group.apps.push({ id: 'app-1', teamsAppId: '1c256a65-83a6-4b5c-9ccf-78f8afb6f1e8', displayName: 'Polls' })
  group.tabs.push({ id: 'tab-1', displayName: 'Notes', url: 'https://contoso.example/notes' })
  return group
}
