import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourceSettings } from '../../../src-main/settings/model.ts'
import { changeSettings } from '../../../src-main/settings/settings-file.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { messagesOf, PASSPHRASE, requireCode, Workplace, type RunOptions } from './program.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@fabrikam.example'
const FABRIKAM = '0a8e3c11-52d4-4c19-b7f6-93d2a1c4e806'

type Line = Readonly<Record<string, unknown>>

/** A tenant with one user who has one message. */
function tenantOf(user: string, tenantId?: string): Promise<GraphSimulator> {
  const messages = [{ folder: 'inbox', mime: mail('Figures'), receivedDateTime: '2024-03-05T08:01:00Z' }]
  const users = [{ userPrincipalName: user, displayName: user, messages }]
  const app = tenantId === undefined ? {} : { app: { tenantId } }
  return startGraphSimulator({ tenant: { kind: 'inline', users }, ...app })
}

/** The secret is that of the environment: both simulators know the same one. */
function sourceOf({ tenantId, clientId, graphBaseUrl, loginBaseUrl }: GraphSimulator): SourceSettings {
  return {
    'office365-tenant-id': tenantId,
    'office365-client-id': clientId,
    'office365-graph-base-url': graphBaseUrl,
    'office365-login-base-url': loginBaseUrl,
  }
}

describe('a plan with a source in each of two tenants', () => {
  let contoso: GraphSimulator
  let fabrikam: GraphSimulator
  let place: Workplace

  const lastRun = (): Line => {
    const lines = readFileSync(join(place.profile, 'history.jsonl'), 'utf8').trimEnd().split('\n')
    return JSON.parse(lines.at(-1) ?? '') as Line
  }

  /** Snapshots by the tenant that they are of. */
  const snapshots = async (): Promise<ReadonlyMap<unknown, readonly unknown[]>> => {
    const listed = messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')
    return Map.groupBy(
      listed.map(({ id, hostname }) => ({ id, hostname })),
      ({ hostname }) => hostname,
    )
  }

  /** The plan's sources from now on. */
  const setSources = (sources: readonly SourceSettings[]): Promise<unknown> =>
    changeSettings(place.profile, Date.now, (settings) => ({
      ...settings,
      plans: settings.plans.map((plan) => ({ ...plan, sources })),
    }))

  beforeAll(async () => {
    contoso = await tenantOf(ada)
    fabrikam = await tenantOf(grace, FABRIKAM)
    place = new Workplace(contoso)
    await place.init()
    const keeping = ['--keep-last', '1', '--drill-every', '0']
    requireCode(await place.run(['plan', 'add', 'Both', place.repository, ...keeping]), 0)
    await setSources([sourceOf(contoso), sourceOf(fabrikam)])
  })
  afterAll(async () => {
    place.remove()
    await fabrikam.close()
    await contoso.close()
  })

  it('makes a series of each, and keeps the newest of each', async () => {
    requireCode(await place.run(['run', 'Both']), 0)
    const first = await snapshots()
    expect([...first].map(([host, own]) => [host, own.length])).toEqual([
      [contoso.tenantId, 1],
      [FABRIKAM, 1],
    ])
    requireCode(await place.run(['run', 'Both']), 0)
    const second = await snapshots()
    expect([...second].map(([host, own]) => [host, own.length])).toEqual([
      [contoso.tenantId, 1],
      [FABRIKAM, 1],
    ])
    for (const [host, own] of second) expect(own).not.toEqual(first.get(host))
    expect(lastRun()).toMatchObject({
      outcome: 'done',
      steps: ['backup', 'forget', 'drill'],
      reports: {
        'backup 1': { items: 1 },
        'backup 2': { items: 1 },
        forget: { snapshots_removed: 2 },
        drill: { snapshots: 2, samples: 2, num_bad: 0 },
      },
    })
  })

  it.each([0, 1])('goes on where source %s fails: the other is backed up and thinned out', async (failing) => {
    const sources = [sourceOf(contoso), sourceOf(fabrikam)]
    await setSources(sources.map((source, at) => (at === failing ? { ...source, 'office365-client-id': 'x' } : source)))
    const before = await snapshots()
    const ran = await place.run(['run', 'Both'])
    requireCode(ran, 1)
    expect(ran.stderr).toContain(`Source ${String(failing + 1)} of 2 of the plan was not backed up.`)
    const after = await snapshots()
    const [broken, whole] = failing === 0 ? [contoso.tenantId, FABRIKAM] : [FABRIKAM, contoso.tenantId]
    expect(after.get(broken)).toEqual(before.get(broken))
    expect(after.get(whole)).toHaveLength(1)
    expect(after.get(whole)).not.toEqual(before.get(whole))
    const run = lastRun()
    expect(run).toMatchObject({
      outcome: 'failed',
      steps: ['backup', 'forget', 'drill'],
      reports: { forget: { snapshots_removed: 1 }, drill: { snapshots: 1, samples: 1 } },
    })
    expect(String(run.code)).toMatch(/^auth\./)
    expect(Object.keys(run.reports as object)).toContain(failing === 0 ? 'backup 2' : 'backup 1')
  })

  it('fails where both do, and nothing follows', async () => {
    const broken = { ...sourceOf(contoso), 'office365-client-id': 'x' }
    await setSources([broken, broken])
    const before = await snapshots()
    requireCode(await place.run(['run', 'Both']), 1)
    expect(await snapshots()).toEqual(before)
    expect(lastRun()).toMatchObject({ outcome: 'failed', steps: [], reports: {} })
  })

  it('fails where a restore drill finds damage, and notes what it found', async () => {
    await setSources([sourceOf(contoso), sourceOf(fabrikam)])
    const data = join(place.repository, 'data')
    const before = new Set(readdirSync(data, { recursive: true, encoding: 'utf8' }))
    contoso.tenant.addMessage(ada, 'inbox', mail('Another', { body: randomBytes(30_000).toString('hex') }))
    requireCode(await place.run(['plan', 'remove', 'Both']), 0)
    const own = ['--include', `users/${ada}`]
    requireCode(await place.run(['plan', 'add', 'Ada', place.repository, ...own]), 0)
    requireCode(await place.run(['run', 'Ada']), 0)
    const packs = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => !before.has(name))
    damageData(data, packs)
    requireCode(await place.run(['plan', 'add', 'Drilled', place.repository, ...own, '--drill-every', '0']), 0)
    const ran = await place.run(['run', 'Drilled'])
    requireCode(ran, 1)
    expect(lastRun()).toMatchObject({
      outcome: 'failed',
      steps: ['backup', 'drill'],
      reports: { drill: { num_bad: 1 } },
    })
    const drills = readFileSync(join(place.profile, 'drills.jsonl'), 'utf8').trimEnd().split('\n')
    expect(JSON.parse(drills.at(-1) ?? '')).toMatchObject({ samples: 2, bad: 1 })
  })
})

describe('a plan that only adds', () => {
  let simulator: GraphSimulator
  let place: Workplace

  /** As if the program were called in that folder. */
  const inFolder = (folder: string): RunOptions => ({ wrapper: ['sh', '-c', 'cd "$0" && exec "$@"', folder] })
  const add = ['plan', 'add', 'Adds', './repository/', '--append-only', '--no-cache']

  beforeAll(async () => {
    simulator = await tenantOf(ada)
    place = new Workplace(simulator)
    await place.init()
    writeFileSync(place.path('passphrase'), PASSPHRASE, { mode: 0o600 })
  })
  afterAll(async () => {
    place.remove()
    await simulator.close()
  })

  it('takes no rules', async () => {
    const refused = await place.run([...add, '--keep-last', '1', '--prune-every', '0'], inFolder(place.folder))
    requireCode(refused, 2)
    expect(refused.stderr).toContain('With --append-only nothing is removed')
    expect(messagesOf(await place.json(['plan', 'list']), 'plan')).toEqual([])
  })

  it('runs in every folder', async () => {
    requireCode(await place.run([...add, '--passphrase-file', 'passphrase'], inFolder(place.folder)), 0)
    const [plan] = messagesOf(await place.json(['plan', 'list']), 'plan')
    expect(plan).toMatchObject({
      destination: place.repository,
      sources: [{ 'append-only': true, cache: false, 'passphrase-file': place.path('passphrase') }],
    })
    const elsewhere = { ...inFolder('/'), env: { HOLDFAST_PASSPHRASE: 'another one' } }
    requireCode(await place.run(['run', 'Adds'], elsewhere), 0)
    expect(messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')).toHaveLength(1)
  })

  it('removes nothing, whatever rules somebody wrote into it', async () => {
    await changeSettings(place.profile, Date.now, (settings) => ({
      ...settings,
      plans: settings.plans.map((plan) => ({
        ...plan,
        sources: [{ include: [`users/${ada}`] }, ...plan.sources],
        retention: { last: 1 },
        after: { forget: true, pruneEveryDays: 0, drill: { samples: 1, everyDays: 0 } },
      })),
    }))
    const names = readdirSync(place.repository, { recursive: true, encoding: 'utf8' })
    for (let run = 0; run < 2; run++) {
      const ran = await place.run(['run', 'Adds'])
      requireCode(ran, 0)
      expect(ran.stderr).toContain('The rules of the plan were not applied')
    }
    expect(readdirSync(place.repository, { recursive: true })).toEqual(expect.arrayContaining(names))
    expect(messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')).toHaveLength(5)
    const last = readFileSync(join(place.profile, 'history.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? ''
    expect(JSON.parse(last)).toMatchObject({ outcome: 'done', steps: ['backup', 'drill'] })
    expect((await place.run(['plan', 'list'])).stdout).toMatch(/^Adds +\S+ +drill /m)
  })
})

/** Another byte in the middle of each pack that holds contents: the largest one. */
function damageData(folder: string, packs: readonly string[]): void {
  const files = packs.filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => join(folder, name))
  const [largest] = files
    .map((path) => ({ path, bytes: readFileSync(path) }))
    .sort((one, other) => other.bytes.length - one.bytes.length)
  if (largest === undefined) throw new Error('no pack was written')
  const at = largest.bytes.length >> 1
  largest.bytes.writeUInt8((largest.bytes[at] ?? 0) ^ 1, at)
  writeFileSync(largest.path, largest.bytes)
}
