import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runLock } from '../../../src-main/settings/plan-runs.ts'
import { openLog, type LogLine } from '../../../src-main/commands/parts/log.ts'
import { takeProfileLock } from '../../../src-main/settings/profile-lock.ts'
import { openRunHistory } from '../../../src-main/settings/run-history.ts'
import { ada, clientSecret, HostScene, passphrase, subject, vaultPassphrase } from './host-scene.ts'

describe('the engine host, when things go wrong', () => {
  let scene: HostScene
  let plan: string

  beforeAll(async () => {
    scene = await HostScene.open()
    await scene.signIn()
    await scene.createRepository()
    plan = await scene.savePlan()
  })
  afterAll(() => scene.close())

  /** The next run does not come to its end by itself, however long others take. */
  const holdRun = (): void => {
    scene.simulator.faults.add({ kind: 'stall', match: { route: 'users/{user}' } })
  }

  it('lets one operation at a time write to a place, and ends it in good order', async () => {
    const { host, simulator } = scene
    holdRun()
    const { operation } = await host.value('plans.run', { plan })
    // Its schedule and a person may want the same at the same moment.
    expect(await host.value('plans.run', { plan })).toEqual({ operation })
    expect(await host.error('check.start', { place: scene.repository, read: 'all' })).toMatchObject({
      code: 'settings.busy',
      retry: 'later',
    })
    const other = await scene.savePlan({ name: 'Other' })
    expect((await host.error('plans.run', { plan: other })).code).toBe('settings.busy')
    await host.value('plans.remove', { plan: other })
    expect(await host.internal('schedule.due', {})).toMatchObject({ plans: [] })
    expect((await host.value('plans.list', {}))[0]).toMatchObject({ operation, lastRun: null })
    await host.value('operations.stop', { operation })
    expect(await host.ended(operation)).toMatchObject({ outcome: 'stopped', problem: { code: 'cancelled' } })
    simulator.faults.clear()
    expect((await host.value('runs.list', { plan: null, cursor: null })).rows).toMatchObject([{ outcome: 'stopped' }])
    // What was stopped by a person needs nobody's attention.
    expect((await host.value('plans.list', {}))[0]?.attention).toEqual([])
  })

  it('tells what could not be read, from the report, also after a restart', async () => {
    const { host, simulator } = scene
    simulator.faults.add({
      kind: 'corrupt',
      match: { route: 'users/{user}/messages/{message}/$value' },
      perPath: 9,
      count: 9,
    })
    const { operation } = await host.value('plans.run', { plan })
    const result = await host.ended(operation)
    expect(result.outcome).toBe('incomplete')
    const { count, rows } = await host.value('operations.lines', { operation, offset: 1, limit: 1, failedOnly: true })
    expect([count, rows.length]).toEqual([3, 1])
    expect(rows[0]).toMatchObject({ outcome: 'failed', problem: { code: 'graph.item-unreadable' } })
    expect(rows[0]?.path).toContain('users/ada@contoso.example/mailbox')
    await scene.restart()
    const [run] = (await scene.host.value('runs.list', { plan, cursor: null })).rows
    const lines = await scene.host.value('runs.lines', { run: run?.run ?? '', offset: 0, limit: 10 })
    expect(lines.count).toBe(3)
    expect(lines.rows[0]?.problem.code).toBe('graph.item-unreadable')
    expect((await scene.host.value('plans.list', {}))[0]?.attention).toMatchObject([{ kind: 'incomplete' }])
    simulator.faults.clear()
    await scene.host.ended((await scene.host.value('plans.run', { plan })).operation)
  })

  it('checks, restores on trial and prunes', async () => {
    const { host, repository: place } = scene
    const checked = await host.ended((await host.value('check.start', { place, read: 'all' })).operation)
    expect(checked).toMatchObject({ kind: 'check', outcome: 'done', figures: { num_errors: 0 } })
    const drilled = await host.ended((await host.value('drill.start', { place })).operation)
    expect(drilled).toMatchObject({ outcome: 'done', figures: { drill_samples: 3, drill_bad: 0 } })
    const pruned = await host.ended((await host.value('prune.start', { place, dryRun: true })).operation)
    expect(pruned).toMatchObject({ outcome: 'done', figures: { dry_run: true } })
    expect((await host.value('destinations.list', {}))[0]).toMatchObject({
      lastCheck: { problems: 0 },
      lastDrill: { items: 3, failed: 0 },
    })
  })

  it('changes who opens the repository', async () => {
    const { host, repository: place } = scene
    expect(await host.value('keys.list', { place })).toMatchObject([{ current: true }])
    await host.value('keys.add', { place, passphrase: 'of the safe in the cellar', label: ' The notary ' })
    const other = (await host.value('keys.list', { place })).find(({ current }) => !current)
    expect(other?.user).toBe('The notary')
    const own = (await host.value('keys.list', { place })).find(({ current }) => current)
    expect(await host.error('keys.remove', { place, key: own?.id ?? '' })).toMatchObject({ code: 'usage' })
    await host.value('keys.remove', { place, key: other?.id ?? '' })
    await host.value('keys.change', { place, passphrase: 'another one than before' })
    expect(await host.value('destinations.figures', { place })).toMatchObject({ snapshots: 2 })
    expect(await host.error('destinations.unlock', { place, passphrase })).toMatchObject({
      code: 'repository.wrong-passphrase',
    })
    // The wrong one did not take the place of the one that is kept.
    await host.ended((await host.value('plans.run', { plan })).operation)
    await host.value('keys.change', { place, passphrase })
    const kit = await host.internal('kit.make', { place, format: 'text', withPassphrase: false })
    expect(kit.content).toContain(place)
  })

  it('says which destination is locked when its passphrase is not kept here', async () => {
    const { host, folder } = scene
    const place = join(folder, 'elsewhere')
    mkdirSync(place)
    const locked = await scene.savePlan({ name: 'Locked', place })
    const row = (await host.value('plans.list', {})).find(({ id }) => id === locked)
    expect(row?.attention).toMatchObject([{ kind: 'locked', level: 'error', place }])
    const result = await host.ended((await host.value('plans.run', { plan: locked })).operation)
    expect(result).toMatchObject({ outcome: 'failed', problem: { code: 'repository.wrong-passphrase' } })
    expect((await host.error('destinations.remove', { place })).code).toBe('usage')
    await host.value('plans.remove', { plan: locked })
    await host.value('destinations.remove', { place })
    expect((await host.value('destinations.list', {})).map((one) => one.place)).toEqual([scene.repository])
  })

  it('says of a run which data type the sign-in may not read', async () => {
    await scene.replaceTenant({ clientSecret, roles: ['User.Read.All', 'Mail.Read', 'MailboxSettings.Read'] })
    const { host } = scene
    const sources = scene.draft().sources.map((source) => ({ ...source, types: ['mail', 'calendar'] }))
    const both = await scene.savePlan({ name: 'Mail and calendar', sources })
    const { outcome, figures } = await host.ended((await host.value('plans.run', { plan: both })).operation)
    expect([outcome, figures.items_unread]).toEqual(['incomplete', 0])
    const [run] = (await host.value('runs.list', { plan: both, cursor: null })).rows
    const { rows } = await host.value('runs.lines', { run: run?.run ?? '', offset: 0, limit: 10 })
    expect(rows).toMatchObject([{ problem: { code: 'graph.forbidden' } }])
    expect(rows[0]?.path).toContain('calendar')
    await host.value('plans.remove', { plan: both })
    await scene.replaceTenant({ clientSecret })
  })

  it('shows a run that another process makes, and what came of it', async () => {
    const { host, profile, repository: place } = scene
    const history = openRunHistory(profile)
    const lock = await takeProfileLock(runLock(profile, place), { now: () => Date.now() })
    const seen = host.events('changed').length
    const started = Date.now()
    await history.begin('elsewhere', plan, started)
    await host.eventAfter('changed', seen)
    expect((await host.value('plans.list', {}))[0]).toMatchObject({
      operation: null,
      elsewhere: { since: started },
      attention: [],
    })
    expect((await host.value('runs.list', { plan, cursor: null })).rows).not.toContainEqual(
      expect.objectContaining({ run: 'elsewhere' }),
    )
    const refused = { code: 'settings.busy', retry: 'later', params: { pid: process.pid, hostname: hostname() } }
    expect(await host.error('plans.run', { plan })).toMatchObject(refused)
    expect(await host.error('plans.runAll', { plans: [plan] })).toMatchObject(refused)
    expect(await host.value('operations.list', {})).toEqual([])
    await lock.release()
    await host.event('attention', (all) => all.some(({ kind, since }) => kind === 'failed' && since === started))
    expect((await host.value('plans.list', {}))[0]).toMatchObject({ elsewhere: null })
    await host.ended((await host.value('plans.run', { plan })).operation)
  })

  it('asks to sign in when the secret is refused, and is content with a new one', async () => {
    const renewed = 'Zz9~another-secret-of-this-test'
    await scene.replaceTenant({ clientSecret: renewed })
    const { host } = scene
    const result = await host.ended((await host.value('plans.run', { plan })).operation)
    expect(result).toMatchObject({ outcome: 'failed', problem: { code: 'auth.secret-refused' } })
    expect(await host.value('accounts.list', {})).toMatchObject([{ state: 'sign-in-needed' }])
    const [row] = await host.value('plans.list', {})
    expect(row?.attention).toMatchObject([{ kind: 'sign-in', level: 'error', account: 'work' }])
    expect(host.events('attention').at(-1)).toMatchObject([{ kind: 'sign-in' }])
    await scene.restart()
    expect(await scene.host.value('accounts.list', {})).toMatchObject([{ state: 'sign-in-needed' }])
    await scene.signIn('work', renewed)
    expect(await scene.host.value('accounts.list', {})).toMatchObject([{ state: 'good' }])
    expect((await scene.host.value('plans.list', {}))[0]?.attention).not.toContainEqual(
      expect.objectContaining({ kind: 'sign-in' }),
    )
  })

  it('goes on after it was killed in the middle of a run', async () => {
    const { simulator } = scene
    holdRun()
    const { operation } = await scene.host.value('plans.run', { plan })
    await scene.host.event('operations', (operations) =>
      operations.some(({ id, progress }) => id === operation && progress !== null),
    )
    await scene.restart('kill')
    simulator.faults.clear()
    const { host } = scene
    const { rows } = await host.value('runs.list', { plan, cursor: null })
    expect(rows[0]).toMatchObject({ outcome: 'interrupted' })
    expect(await host.ended((await host.value('plans.run', { plan })).operation)).toMatchObject({ outcome: 'done' })
  })

  it('runs plans of one destination one after the other, whatever comes of each', async () => {
    const { host } = scene
    const sources = scene.draft().sources.map((source) => ({ ...source, account: 'nobody' }))
    const bad = await scene.savePlan({ name: 'Bad', sources })
    const last = await scene.savePlan({ name: 'Last' })
    const plans = [plan, bad, last]
    const before = host.events('operationEnded').length
    expect(await host.value('plans.runAll', { plans })).toEqual({ waiting: [bad, last] })
    await host.eventAfter('operationEnded', before + 2)
    const results = host.events('operationEnded').slice(before)
    expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'done'])
    for (const [at, { started }] of results.slice(1).entries())
      expect(started).toBeGreaterThanOrEqual(results[at]?.ended ?? Infinity)
    const rows = (await host.value('runs.list', { plan: null, cursor: null })).rows
    expect(rows.slice(0, 3).map((run) => run.plan)).toEqual(plans.toReversed())
    await host.value('plans.remove', { plan: bad })
    await host.value('plans.remove', { plan: last })
  })

  it('lets go of the plans that wait when a person stops the run', async () => {
    const { host, simulator } = scene
    const other = await scene.savePlan({ name: 'Other' })
    holdRun()
    const { operation } = await host.value('plans.run', { plan })
    expect(await host.value('plans.runAll', { plans: [plan, other] })).toEqual({ waiting: [other] })
    await host.value('operations.stop', { operation })
    expect(await host.ended(operation)).toMatchObject({ outcome: 'stopped' })
    simulator.faults.clear()
    expect(await host.value('operations.list', {})).toEqual([])
    expect((await host.value('runs.list', { plan: other, cursor: null })).rows).toEqual([])
    await host.value('plans.remove', { plan: other })
  })

  it('notes in the log of the profile how each operation ended', async () => {
    const lines = (await openLog(scene.profile).read()) as readonly LogLine[]
    const ofBackups = lines.filter(({ event }) => event === 'operation.backup').map(({ figures }) => figures.outcome)
    expect(new Set(ofBackups)).toEqual(new Set(['done', 'stopped', 'incomplete', 'failed']))
    expect(lines).toContainEqual(expect.objectContaining({ event: 'operation.prune', level: 'info' }))
  })

  it('never says a secret, a token or what a mail is about', async () => {
    const log = JSON.stringify(await openLog(scene.profile).read())
    for (const name of [scene.repository, ada]) expect(log).not.toContain(name)
    const said = [...scene.said, log].join('\n')
    const bearer = /eyJ[\w-]{20,}\.[\w-]{20,}|Bearer\s/
    expect(said.length).toBeGreaterThan(10_000)
    for (const secret of [passphrase, clientSecret, vaultPassphrase, 'Zz9~another', 'of the safe', 'another one than'])
      expect(said.includes(secret), secret.slice(0, 3)).toBe(false)
    expect(bearer.test(said)).toBe(false)
    expect(said).not.toContain(subject)
    expect(scene.host.log).toBe('')
  })
})
