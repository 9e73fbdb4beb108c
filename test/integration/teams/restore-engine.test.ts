import { afterEach, describe, expect, it } from 'vitest'
import { restoreToTenant } from '../../../src-main/engine/operations/restore/to-tenant.ts'
import type { RestoredItem } from '../../../src-main/engine/operations/restore/tenant-model.ts'
import { teamsDescriber, teamsReader } from '../../../src-main/graph/teams/reader.ts'
import { closeOpenedChannels } from '../../../src-main/graph/teams/restore-ledger.ts'
import { teamsRestorer } from '../../../src-main/graph/teams/restorer.ts'
import { plainRestore } from '../../support/adapter-round.ts'
import { BackupScene } from '../../support/backup-scene.ts'
import { HeldLedger } from '../../support/held-ledger.ts'
import { comparable } from './restore-compare.ts'
import {
  contoso,
  fabrikam,
  ledgerTenant,
  lockedIn,
  peopleOf,
  read,
  signal,
  teamTenant,
  type TeamTenant,
} from './restore-scene.ts'
import { pixel } from './team-scene.ts'

const scenes: BackupScene[] = []

afterEach(() => {
  for (const scene of scenes.splice(0)) scene.remove()
})

/** Messages of three years in some channels, one of them without any. */
function fill({ teams, team }: TeamTenant): void {
  const [ada, grace, alan] = contoso
  const secret = { displayName: 'Secret', membershipType: 'private', owners: [grace], members: [alan] } as const
  const channels = [teams.channel(team, 'General'), teams.addChannel(team, secret)]
  teams.addChannel(team, { displayName: 'Empty' })
  for (const channel of channels) {
    for (const at of ['2024-05-06T07:08:09.123Z', '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z']) {
      const first = teams.post(channel, grace, { text: `it is ${at}`, at })
      teams.post(channel, alan, { html: '<p>really</p>' }, first)
    }
    const html = '<p>now <img src="hosted:photo"></p>'
    teams.post(channel, alan, { html, hosted: { photo: { type: 'image/png', bytes: pixel } } })
    teams.post(channel, ada, { text: 'now' })
  }
}

interface Run {
  readonly scene: BackupScene
  readonly tree: Awaited<ReturnType<BackupScene['backUp']>>['tree']
  readonly source: TeamTenant
  readonly target: TeamTenant
  readonly ledger: HeldLedger
}

/** Restores the team; `most`: stopped by the user after so many created items. */
async function restored(run: Run, most = Infinity): Promise<readonly RestoredItem[]> {
  const { scene, tree, source, target, ledger } = run
  const items: RestoredItem[] = []
  const stop = new AbortController()
  await restoreToTenant({
    ...plainRestore,
    targetFolder: '/',
    people: peopleOf(source, target),
    repository: await scene.open(),
    tree,
    paths: ['groups/engines/teams'],
    target: target.root,
    restorers: [teamsRestorer(target.client, { ledger, tenant: ledgerTenant, clock: target.clock })],
    describers: [teamsDescriber],
    signal: stop.signal,
    onItem: (item) => {
      items.push(item)
      if (items.filter(({ outcome }) => outcome.kind === 'created').length >= most) stop.abort()
    },
  })
  return items
}

describe('a team, through a repository', () => {
  it('comes back equal, also after it was stopped in the middle', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam)
    fill(source)
    const scene = new BackupScene(undefined, undefined, [teamsDescriber])
    scenes.push(scene)
    await scene.init()
    const series = { host: 'contoso', paths: ['/groups'] }
    const { tree } = await scene.backUp(source.client, {
      roots: [source.root],
      readers: [teamsReader(source.client)],
      series,
    })
    const run = { scene, tree, source, target, ledger: new HeldLedger() }
    await expect(restored(run, 3)).rejects.toBeDefined()
    await closeOpenedChannels(target.client, run.ledger, ledgerTenant, signal)
    expect(lockedIn(target)).toEqual([])
    const items = await restored(run)
    expect(items.filter(({ outcome }) => outcome.kind === 'failed')).toEqual([])
    expect(comparable(await read(target), target.users)).toEqual(comparable(await read(source), source.users))
    expect(lockedIn(target)).toEqual([])
    expect(run.ledger.entries).toEqual([])
    const again = await restored(run)
    expect(new Set(again.map(({ outcome }) => outcome.kind))).toEqual(new Set(['duplicate', 'skipped']))
    expect(target.told()).toBe(0)
  })
})
