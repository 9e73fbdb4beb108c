import { afterEach } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import type { HeldItem, HeldType } from '../../support/adapter-round.ts'
import { sceneClient } from '../../support/backup-scene.ts'
import { startGraphSimulator, type GraphSimulator, type SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import {
  teamDirectory,
  type StoredChannel,
  type TeamDirectory,
} from '../../support/graph-simulator/services/teams/state.ts'
import { impatientClock } from '../../support/impatient-clock.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@contoso.example'
export const alan = 'alan@contoso.example'

export const day = 86_400_000

export interface TeamScene {
  readonly simulator: GraphSimulator
  readonly client: GraphClient
  readonly teams: TeamDirectory
  /** Id of the group, and so of its team. */
  readonly team: string
  readonly root: Root
  /** HTTP requests since the last call: a batch is one. */
  requests(): number
  /** Requests for teams since the last call, members of a batch one by one: what stands behind the last slash. */
  asked(): readonly string[]
}

const running: TeamScene[] = []

afterEach(async () => {
  for (const { client, simulator } of running.splice(0)) {
    await client.close()
    await simulator.close()
  }
})

/** A tenant with one group, whose team has General alone. */
export async function startTeam(options: Omit<SimulatorOptions, 'tenant'> = {}): Promise<TeamScene> {
  const users = [
    { userPrincipalName: ada, displayName: 'Ada Lovelace' },
    { userPrincipalName: grace, displayName: 'Grace Hopper' },
    { userPrincipalName: alan, displayName: 'Alan <Turing>' },
  ]
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users }, ...options })
  const client = await sceneClient(simulator, { clock: impatientClock(10_000) })
  const group = groupDirectory(simulator.tenant).add({
    displayName: 'Engines',
    owners: [ada],
    members: [grace, alan],
    team: true,
  })
  const scene: TeamScene = {
    simulator,
    client,
    teams: teamDirectory(simulator.tenant),
    team: group.id,
    root: { kind: 'group', id: group.id, name: group.mail ?? '' },
    requests: () => {
      const found = simulator.log.count({ batched: false }) - simulator.log.count({ route: '{tenant}/token' })
      simulator.log.clear()
      return found
    },
    asked: () => {
      const found = simulator.log.entries({ path: '/teams/' }).map(({ path }) => nameOf(path))
      simulator.log.clear()
      return found.sort()
    },
  }
  running.push(scene)
  return scene
}

function nameOf(path: string): string {
  return (
    path
      .replace(/\?.*/, '')
      .split('/')
      .findLast((part) => !/^(\d+|19(:|%3A).*|[0-9a-f-]{36})$/i.test(part)) ?? ''
  )
}

export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Channels of each kind, with everything that one and its messages can have. */
export function fillTeam(teams: TeamDirectory, team: string): Record<'general' | 'secret' | 'shared', StoredChannel> {
  const general = teams.channel(team, 'General')
  const secret = teams.addChannel(team, {
    displayName: 'Secret',
    membershipType: 'private',
    owners: [ada],
    members: [grace],
  })
  const shared = teams.addChannel(team, { displayName: 'Shared', membershipType: 'shared', owners: [ada] })
  fillGeneral(teams, general)
  teams.post(secret, ada, { html: '<p>between us</p>', subject: 'Plan', importance: 'high' })
  teams.addTab(general, {
    displayName: 'Notes',
    teamsAppId: 'com.microsoft.teamspace.tab.web',
    configuration: { entityId: null, contentUrl: 'https://contoso.example/notes', removeUrl: null, websiteUrl: null },
  })
  teams.install(team, '06805b9e-77e3-4b93-ac81-525eb87513b8')
  teams.addTag(team, 'Engineers', [grace, alan])
  teams.shareFromOutside(team, 'Suppliers')
  return { general, secret, shared }
}

function fillGeneral(teams: TeamDirectory, general: StoredChannel): void {
  const first = teams.post(general, ada, {
    html: '<p>See <at id="0">Grace Hopper</at> <img src="hosted:photo" alt="a pixel" width="67" height="63"></p>',
    hosted: { photo: { type: 'image/png', bytes: pixel } },
    mentions: [{ id: 0, mentionText: 'Grace Hopper', mentioned: { user: { id: 'x', displayName: 'Grace Hopper' } } }],
  })
  teams.react(general, first, grace, 'like')
  teams.post(general, grace, { text: 'a plain answer' }, first)
  teams.post(
    general,
    alan,
    {
      html: '<p>answer with a picture</p><img src="hosted:other">',
      hosted: { other: { type: 'image/gif', bytes: 'GIF89a...' } },
    },
    first,
  )
  teams.delete(general, teams.post(general, alan, { text: 'an answer that is gone' }, first))
  teams.delete(general, teams.post(general, alan, { text: 'gone without an answer' }))
  const deleted = teams.post(general, alan, { text: 'gone with an answer' })
  teams.post(general, grace, { text: 'still there' }, deleted)
  teams.delete(general, deleted)
  teams.post(general, grace, {
    html: '<p>the plan</p><attachment id="f1"></attachment>',
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
  })
  teams.event(general, {
    '@odata.type': '#microsoft.graph.channelAddedEventMessageDetail',
    channelId: general.id,
    channelDisplayName: 'Secret',
    initiator: null,
  })
}

/** The stored properties of an item. */
export function stored({ metadata }: HeldItem): JsonObject {
  return propertiesOf(metadata)
}

export function withText(held: HeldType, words: string): HeldItem {
  const item = held.items.find(({ metadata }) => JSON.stringify(metadata).includes(words))
  if (item === undefined) throw new Error(`nothing with ${words}`)
  return item
}

/** The stored properties of a channel. */
export function channelNamed(held: HeldType, name: string): JsonObject {
  const container = held.containers.find((one) => one.name === name)
  if (container === undefined) throw new Error(`no channel ${name}`)
  return propertiesOf(container.properties)
}
