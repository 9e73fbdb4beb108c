import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { rootPath } from '../../../src-main/engine/model/root-path.ts'
import { closeOpenedChannels } from '../../../src-main/graph/teams/restore-ledger.ts'
import { teamDirectory } from '../../support/graph-simulator/services/teams/state.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import type { Comparable } from '../everything/comparison.ts'
import { sideEffects } from '../everything/side-effects.ts'
import type { Restored } from '../everything/tenants.ts'
import { comparableShared } from './rules.ts'
import {
  closeShared,
  restoreShared,
  rootNamed,
  snapshotShared,
  startSharedSource,
  startSharedTarget,
  type SharedTenant,
} from './tenants.ts'

const kills = 8
const random = seededRandom(2027)
/** Where in the restore it is killed, in thousandths of its requests. */
const places = Array.from({ length: kills }, () => Math.floor(random() * 1000))

const signal = new AbortController().signal

let from: SharedTenant
let stored: BackupReport

beforeAll(async () => {
  from = await startSharedSource()
  stored = await snapshotShared(from)
})

afterAll(closeShared)

describe.each([
  ['team', 'group', 'teams'],
  ['lists', 'site', 'lists'],
] as const)('a restore of the %s', (_what, kind, type) => {
  let requests = 0
  let undisturbed: Comparable

  /** A tenant in which everybody is a member already: whoever is in a private channel has to be. */
  const target = async (): Promise<SharedTenant> => {
    const to = await startSharedTarget('fabrikam.example')
    if (kind === 'group') await restore(to, 'group')
    return to
  }

  const restore = async (to: SharedTenant, folder: string = type, stop = signal): Promise<Restored> => {
    const of = await rootNamed(from, kind, 'engines')
    const into = await rootNamed(to, kind, 'machines')
    return await restoreShared(to, from, stored, { of, into }, { paths: [`${rootPath(of)}/${folder}`], signal: stop })
  }

  const everythingIn = async (to: SharedTenant): Promise<Comparable> => {
    const { tree } = await snapshotShared(to)
    const root = await rootNamed(to, kind, 'machines')
    return await comparableShared({ tenant: to, tree, root, isOriginal: false }, type)
  }

  beforeAll(async () => {
    const to = await target()
    to.onRequest = () => {
      requests++
    }
    await restore(to)
    to.onRequest = () => undefined
    undisturbed = await everythingIn(to)
  })

  it.each(places)('that is killed after %d ‰ of its requests is completed by the next one', async (place) => {
    const to = await target()
    await killed(to, Math.max(1, Math.floor((place / 1000) * requests)), (stop) => restore(to, type, stop))
    await closeOpenedChannels(to.client, to.ledger, to.simulator.tenantId, signal)
    expect(lockedIn(to)).toEqual([])
    const { report } = await restore(to)
    expect(report.failures).toEqual([])
    expect(await everythingIn(to)).toEqual(undisturbed)
    expect(lockedIn(to)).toEqual([])
    expect(to.ledger.entries).toEqual([])
    expect(sideEffects(to)).toEqual({})
  })
})

/** The process ends in the middle of a request: nothing that it would still have sent arrives, whatever it makes of that. */
async function killed(to: SharedTenant, after: number, work: (stop: AbortSignal) => Promise<unknown>): Promise<void> {
  const stop = new AbortController()
  let left = after
  let silence: number | undefined
  to.onRequest = () => {
    if (--left !== 0) return
    silence = to.simulator.faults.add({ kind: 'reset', match: { path: '/' } })
    stop.abort()
  }
  await Promise.allSettled([work(stop.signal)])
  expect(left).toBeLessThanOrEqual(0)
  to.onRequest = () => undefined
  if (silence !== undefined) to.simulator.faults.remove(silence)
}

/** Channels that nobody could write in. */
function lockedIn({ simulator }: SharedTenant): readonly string[] {
  const channels = teamDirectory(simulator.tenant)
    .all()
    .flatMap((team) => team.channels)
  return channels.filter(({ migrationMode }) => migrationMode === 'inProgress').map(({ displayName }) => displayName)
}
