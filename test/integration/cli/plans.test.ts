import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runLock } from '../../../src-main/settings/plan-runs.ts'
import { takeProfileLock } from '../../../src-main/settings/profile-lock.ts'
import { openRunHistory } from '../../../src-main/settings/run-history.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { messagesOf, PASSPHRASE, requireCode, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
const SUBJECT = 'Quarterly figures'

describe('plans on the command line', () => {
  let simulator: GraphSimulator
  let place: Workplace

  const history = (): readonly Readonly<Record<string, unknown>>[] =>
    readFileSync(join(place.profile, 'history.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)

  beforeAll(async () => {
    const users = [ada, grace].map((user) => ({
      userPrincipalName: user,
      displayName: user,
      messages: [{ folder: 'inbox', mime: mail(SUBJECT), receivedDateTime: '2024-03-05T08:01:00Z' }],
    }))
    simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
    place = new Workplace(simulator)
    await place.init()
    // Another series of the same repository, which no plan may touch.
    for (let at = 0; at < 2; at++)
      requireCode(await place.run(['backup', place.repository, '--include', `users/${grace}`]), 0)
  })
  afterAll(async () => {
    place.remove()
    await simulator.close()
  })

  it('are added and listed, without secrets and with one schedule', async () => {
    const args = ['plan', 'add', 'Ada', place.repository, '--every', '6', '--include', `users/${ada}`]
    const more = [
      '--keep-last',
      '1',
      '--prune-every',
      '0',
      '--check-percent',
      '100',
      '--check-every',
      '0',
      '--drill-every',
      '0d',
      '--drill-items',
      '2',
    ]
    requireCode(await place.run([...args, ...more]), 0)
    requireCode(await place.run(args), 2)
    const secret = ['--office365-client-secret', 'something-secret']
    const refused = await place.run(['plan', 'add', 'Other', place.repository, ...secret])
    requireCode(refused, 2)
    expect(refused.stderr).toContain('A plan keeps no secrets')
    requireCode(await place.run(['plan', 'add', 'Other', place.repository, '--every', '6', '--daily-at', '02:00']), 2)
    const [plan] = messagesOf(await place.json(['plan', 'list']), 'plan')
    expect(plan).toMatchObject({
      name: 'Ada',
      sources: [{ include: [`users/${ada}`] }],
      schedule: { recurrence: { kind: 'hours', hours: 6 } },
      after: {
        forget: true,
        pruneEveryDays: 0,
        check: { percent: 100, everyDays: 0 },
        drill: { samples: 2, everyDays: 0 },
      },
    })
    expect((await place.run(['plan', 'list'])).stdout).toMatch(/^Ada .* forget, prune, check, drill /m)
    const aimless = await place.run(['plan', 'add', 'Other', place.repository, '--drill-items', '2'])
    requireCode(aimless, 2)
    expect(aimless.stderr).toContain('--drill-every')
    expect(readFileSync(join(place.profile, 'settings.json'), 'utf8')).not.toContain(simulator.clientSecret)
  })

  it('run: they back up, forget their own series alone, prune, check and restore on trial', async () => {
    requireCode(await place.run(['run', 'ada']), 0)
    const again = await place.json(['run', 'Ada'])
    requireCode(again, 0)
    const snapshots = messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')
    expect(snapshots.map(({ paths }) => paths)).toEqual([[`/users/${grace}`], [`/users/${grace}`], [`/users/${ada}`]])
    const ended = history().filter(({ event }) => event === 'ended')
    expect(ended).toMatchObject([
      {
        outcome: 'done',
        steps: ['backup', 'prune', 'forget', 'check', 'drill'],
        reports: { forget: { snapshots_removed: 0 } },
      },
      {
        outcome: 'done',
        reports: {
          forget: { snapshots_removed: 1 },
          check: { num_errors: 0 },
          drill: { snapshots: 1, samples: 1, num_bad: 0 },
        },
      },
    ])
    const [own] = snapshots.filter(({ paths }) => JSON.stringify(paths).includes(ada))
    const drills = readFileSync(join(place.profile, 'drills.jsonl'), 'utf8').trimEnd().split('\n')
    expect(JSON.parse(drills.at(-1) ?? '')).toMatchObject({ snapshot: own?.id, samples: 1, bad: 0, live: false })
    const checks = readFileSync(join(place.profile, 'checks.jsonl'), 'utf8').trimEnd().split('\n')
    expect(checks.map((line): unknown => JSON.parse(line))).toMatchObject([{ problems: 0 }, { problems: 0 }])
    expect(readdirSync(join(place.profile, 'locks'))).toEqual([])
  })

  it('run when they are due, and not before', async () => {
    const none = await place.run(['run', '--due'])
    expect(none).toMatchObject({ code: 0, stderr: 'No plan is due.\n' })
    requireCode(
      await place.run(['plan', 'add', 'New', place.repository, '--every', '1', '--include', `users/${grace}`]),
      0,
    )
    const due = await place.run(['run', '--due'])
    requireCode(due, 0)
    expect(due.stderr).toContain('Running plan New.')
    requireCode(await place.run(['plan', 'pause', 'New']), 0)
    const listed = await place.run(['plan', 'list'])
    expect(listed.stdout).toMatch(/^New .* done +paused$/m)
    requireCode(await place.run(['plan', 'remove', 'New']), 0)
    requireCode(await place.run(['run', 'New']), 2)
  })

  it('note runs that fail, and one that is under way keeps others out', async () => {
    const failed = await place.run(['run', 'Ada'], { env: { HOLDFAST_PASSPHRASE: 'wrong' } })
    requireCode(failed, 12)
    expect(history().at(-1)).toMatchObject({ outcome: 'failed', code: 'repository.wrong-passphrase' })
    const lock = runLock(place.profile, place.repository)
    mkdirSync(dirname(lock), { recursive: true })
    const heldBy = (pid: number): void => {
      writeFileSync(lock, JSON.stringify({ host: hostname(), pid, id: 'x', since: '' }))
    }
    heldBy(process.pid)
    const busy = await place.run(['run', 'Ada'])
    requireCode(busy, 11)
    expect(busy.stderr).toContain(`Another Holdfast is at it (process ${String(process.pid)}`)
    heldBy(2 ** 22 + 1)
    requireCode(await place.run(['run', 'Ada']), 0)
  })

  it('open the repository with the file that they name, whatever the environment says', async () => {
    const file = place.path('passphrase of the plan')
    writeFileSync(file, `${PASSPHRASE}\n`, { mode: 0o600 })
    const ofGrace = ['--include', `users/${grace}`]
    requireCode(await place.run(['plan', 'add', 'Grace', place.repository, ...ofGrace, '--passphrase-file', file]), 0)
    requireCode(await place.run(['run', 'Grace'], { env: { HOLDFAST_PASSPHRASE: 'wrong' } }), 0)
    requireCode(await place.run(['plan', 'remove', 'Grace']), 0)
  })

  it('keep their hands off the snapshots of each other', async () => {
    const own = ['--include', `users/${ada}`, '--exclude', 'type:mailbox-settings']
    const refused = await place.run(['plan', 'add', 'Mail of Ada', place.repository, ...own])
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('Plan "Ada" makes snapshots of the same series') as unknown,
    ])
  })

  it('show as running while they do, and are not due then', async () => {
    requireCode(await place.run(['plan', 'add', 'Now', place.repository, '--every', '1']), 0)
    const added = messagesOf(await place.json(['plan', 'list']), 'plan').find(({ name }) => name === 'Now')
    expect(added?.next_run).toBeDefined()
    const started = Date.now()
    await openRunHistory(place.profile).begin('elsewhere', String(added?.id), started)
    const lock = await takeProfileLock(runLock(place.profile, place.repository), { now: () => Date.now() })
    const running = messagesOf(await place.json(['plan', 'list']), 'plan').find(({ name }) => name === 'Now')
    expect(running).toMatchObject({ running_since: new Date(started).toISOString() })
    expect(running).not.toHaveProperty('last_outcome')
    expect((await place.run(['plan', 'list'])).stdout).toMatch(/^Now .* running *$/m)
    expect(await place.run(['run', '--due'])).toMatchObject({ code: 0, stderr: 'No plan is due.\n' })
    await lock.release()
    expect((await place.run(['plan', 'list'])).stdout).toMatch(/^Now .* interrupted +\S/m)
    requireCode(await place.run(['plan', 'remove', 'Now']), 0)
  })

  it('leave a log and diagnostics without secrets and content', async () => {
    const log = readFileSync(join(place.profile, 'logs', 'holdfast.jsonl'), 'utf8')
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    expect(lines.map(({ event }) => event)).toContain('command.run')
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        event: 'command.run',
        figures: expect.objectContaining({ code: 'repository.wrong-passphrase', exit_code: 12 }) as unknown,
      }),
    )
    const bundle = place.path('diagnostics.zip')
    const extracted = place.path('diagnostics')
    const gather = async (): Promise<void> => {
      rmSync(bundle, { force: true })
      requireCode(await place.run(['diagnostics', '--to', bundle]), 0)
      const found = spawnSync(process.execPath, ['-e', UNZIP, bundle, extracted], { encoding: 'utf8' })
      expect(found.stderr).toBe('')
    }
    await gather()
    const texts = readdirSync(extracted).map((name) => readFileSync(join(extracted, name), 'utf8'))
    expect(texts).toHaveLength(8)
    const catalogs = (): unknown => JSON.parse(readFileSync(join(extracted, 'catalogs.json'), 'utf8'))
    expect(catalogs()).toMatchObject([{ snapshots: 5, series: 2, roots: 2, items: 2, versions: 2, failures: 0 }])
    for (const secret of [PASSPHRASE, simulator.clientSecret, SUBJECT, ada, place.repository, simulator.tenantId])
      for (const text of [log, ...texts]) expect(text).not.toContain(secret)
    expect(existsSync(join(extracted, 'settings.json'))).toBe(true)
    expect(summaryOf(await place.json(['plan', 'list']))).toMatchObject({ plans: 1 })
    const [catalog = ''] = readdirSync(join(place.profile, 'catalogs')).filter((name) => name.endsWith('.sqlite'))
    writeFileSync(join(place.profile, 'catalogs', catalog), 'no catalog any more')
    await gather()
    const repository = catalog.replace('.sqlite', '')
    expect(catalogs()).toEqual([{ repository, failed: 'catalog.damaged', sqlite: 'SQLITE_NOTADB' }])
  })
})

/** Reads the entries through the directory at the end, as every program does that opens a zip. */
const UNZIP = `
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const { inflateRawSync } = require('node:zlib')
const [file, folder] = process.argv.slice(1)
const zip = readFileSync(file)
const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
let at = zip.readUInt32LE(end + 16)
mkdirSync(folder, { recursive: true })
for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
  const [packed, name, extra, comment] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)]
  const local = zip.readUInt32LE(at + 42)
  const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  writeFileSync(folder + '/' + zip.subarray(at + 46, at + 46 + name), inflateRawSync(zip.subarray(begin, begin + packed)))
  at += 46 + name + extra + comment
}`
