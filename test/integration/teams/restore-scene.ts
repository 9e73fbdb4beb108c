import { afterEach } from 'vitest'
import type { Clock } from '../../../src-main/engine/ports/clock.ts'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type {
  ItemOutcome,
  PersonMap,
  RestoreOptions,
  RestoreRemark,
} from '../../../src-main/engine/ports/restore-target.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { teamsReader } from '../../../src-main/graph/teams/reader.ts'
import { teamsRestorer } from '../../../src-main/graph/teams/restorer.ts'
import { plainRestore, readHeld, restoreHeld, type HeldType } from '../../support/adapter-round.ts'
import { sceneClient } from '../../support/backup-scene.ts'
import { startGraphSimulator, type GraphSimulator, type SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { teamDirectory, type TeamDirectory } from '../../support/graph-simulator/services/teams/state.ts'
import { toldPeople } from '../../support/graph-simulator/services/teams/writes/told.ts'
import { HeldLedger } from '../../support/held-ledger.ts'
import { impatientClock } from '../../support/impatient-clock.ts'

export const signal = new AbortController().signal

/** Each of the one tenant has a counterpart in the other, in this order. */
export const contoso = ['ada@contoso.example', 'grace@contoso.example', 'alan@contoso.example'] as const
export const fabrikam = ['ann@fabrikam.example', 'bea@fabrikam.example', 'cal@fabrikam.example'] as const

export interface TeamTenant {
  readonly simulator: GraphSimulator
  readonly client: GraphClient
  readonly clock: Clock
  readonly teams: TeamDirectory
  /** Id of the group. */
  readonly team: string
  readonly root: Root
  /** Ids of its users, in their order. */
  readonly users: readonly string[]
  /** How many people would have been told of what requests did. */
  told(): number
}

const running: TeamTenant[] = []

afterEach(async () => {
  for (const { client, simulator } of running.splice(0)) {
    await client.close()
    await simulator.close()
  }
})

export interface TenantSettings extends Omit<SimulatorOptions, 'tenant'> {
  /** Whether the group has a team; true unless told. */
  readonly team?: boolean
  /** Whether the group has an owner; true unless told. */
  readonly owned?: boolean
}

/** A tenant with a group of all its users; the first of them owns it. */
export async function teamTenant(
  names: readonly string[],
  { team = true, owned = true, ...options }: TenantSettings = {},
): Promise<TeamTenant> {
  const people = names.map((name) => ({ userPrincipalName: name, displayName: name.split('@')[0] ?? name }))
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: people }, ...options })
  const clock = impatientClock(10_000)
  const client = await sceneClient(simulator, { clock })
  const owners = owned ? names.slice(0, 1) : []
  const { id } = groupDirectory(simulator.tenant).add({ displayName: 'Engines', owners, members: names, team })
  const teams = teamDirectory(simulator.tenant)
  const scene: TeamTenant = {
    simulator,
    client,
    clock,
    teams,
    team: id,
    root: { kind: 'group', id, name: 'engines' },
    users: names.map((name) => teams.user(name).id),
    told: () => {
      const { added } = toldPeople(simulator.tenant)
      return teams.posted + added + groupDirectory(simulator.tenant).welcomed
    },
  }
  running.push(scene)
  return scene
}

export const ledgerTenant = 'the-target'

export interface Restored {
  readonly outcomes: ReadonlyMap<string, ItemOutcome>
  readonly findings: readonly { readonly path: string; readonly remarks: readonly RestoreRemark[] }[]
  readonly ledger: HeldLedger
}

export interface RestoreSettings extends Partial<RestoreOptions> {
  readonly ledger?: HeldLedger
  /** Leaves `finished` out: the process dies before it. */
  readonly dies?: boolean
}

export const read = ({ client, root }: TeamTenant, before?: HeldType): Promise<HeldType> =>
  readHeld(teamsReader(client), root, before)

/** As the engine does it: every container, items oldest first, and the end. */
export async function restore(target: TeamTenant, held: HeldType, more: RestoreSettings = {}): Promise<Restored> {
  const { ledger = new HeldLedger(), dies = false, ...some } = more
  const { client, clock, root } = target
  const restorer = teamsRestorer(client, { ledger, tenant: ledgerTenant, clock })
  const reader = teamsReader(client)
  const options = { ...plainRestore, targetFolder: '/', ...some }
  const order = (one: HeldType['items'][number]): number => restorer.order?.(one.metadata) ?? 0
  const items = held.items.toSorted((one, other) => order(one) - order(other))
  const top = await restorer.begin(root, options, signal)
  const same = { ...restorer, begin: () => Promise.resolve(top) }
  const outcomes = await restoreHeld(same, reader, { ...held, items }, root, options)
  for (const { name, properties } of held.containers)
    await restorer.container(top, { dirName: name, metadata: properties }, signal)
  const findings = dies ? [] : ((await restorer.finished?.(top, signal)) ?? [])
  return { outcomes, findings, ledger }
}

export function peopleOf(source: TeamTenant, target: TeamTenant, count = target.users.length): PersonMap {
  return ({ id }) => {
    const at = source.users.indexOf(id ?? '')
    const user = at >= 0 && at < count ? target.users[at] : undefined
    return user === undefined ? undefined : { id: user, address: target.teams.user(user).userPrincipalName }
  }
}

export const kinds = ({ outcomes }: Restored): readonly string[] =>
  [...new Set([...outcomes.values()].map(({ kind }) => kind))].sort()

/** Codes of all remarks, of items and of channels. */
export const remarkCodes = ({ outcomes, findings }: Restored): readonly string[] => [
  ...[...outcomes.values()].flatMap((outcome) =>
    'remarks' in outcome ? (outcome.remarks ?? []).map(({ code }) => code) : [],
  ),
  ...findings.flatMap(({ remarks }) => remarks.map(({ code }) => code)),
]

/** Channels that are locked for their members. */
export const lockedIn = ({ teams, team }: TeamTenant): readonly string[] =>
  teams
    .team(team)
    .channels.filter(({ migrationMode }) => migrationMode === 'inProgress')
    .map(({ displayName }) => displayName)

/** Words of a channel's conversations, answers behind their first message. */
export const wordsOf = ({ teams, team }: TeamTenant, channel: string): readonly (readonly string[])[] =>
  teams
    .channel(team, channel)
    .messages.toSorted((one, other) => Number(one.id) - Number(other.id))
    .map((first) => [first, ...first.replies].map(({ body }) => body.content))

/** An application's message posts so far. */
export const posts = ({ simulator }: TeamTenant): number =>
  simulator.log.count({ method: 'POST', path: /\/(messages|replies)$/ })
