import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createChannelLedger } from '../../../../src-main/commands/parts/channel-ledger.ts'

const tenant = '7f0e3c1a-0000-4000-a000-000000000000'
const first = { tenant, team: 'team-1', channel: '19:abc@thread.tacv2', openedAt: 1_000 }
const second = { tenant, team: 'team-1', channel: '19:def@thread.tacv2', openedAt: 2_000 }
const hour = 3_600_000

let profile = ''

beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'holdfast-ledger-'))
})

afterEach(() => {
  rmSync(profile, { recursive: true, force: true })
})

const files = (): readonly string[] => readdirSync(join(profile, 'channels-in-migration'))

const byChannel = <T extends { readonly channel: string }>(channels: readonly T[]): readonly T[] =>
  channels.toSorted((one, other) => (one.channel < other.channel ? -1 : 1))

describe('the ledger of channels in migration mode', () => {
  it('is empty where nothing was opened', async () => {
    expect(await createChannelLedger(profile).list(tenant)).toEqual([])
  })

  it('tells another process what was opened, until it was closed', async () => {
    const ledger = createChannelLedger(profile, { pid: 1 })
    await ledger.opened(first)
    await ledger.opened(second)
    const next = createChannelLedger(profile, { pid: 2, now: () => hour, isRunning: () => false })
    expect(byChannel(await next.list(tenant))).toEqual([first, second])
    await ledger.closed(first)
    expect(await next.list(tenant)).toEqual([second])
    await next.closed(second)
    expect(await next.list(tenant)).toEqual([])
    expect(files()).toEqual([])
  })

  it('keeps tenants apart', async () => {
    const ledger = createChannelLedger(profile)
    await ledger.opened({ ...first, tenant: 'another' })
    expect(await ledger.list(tenant)).toEqual([])
    expect(await ledger.list('another')).toHaveLength(1)
    await ledger.closed(first)
    expect(await ledger.list('another')).toHaveLength(1)
  })

  it('has a channel that is opened twice once', async () => {
    const ledger = createChannelLedger(profile, { now: () => hour })
    await ledger.opened(first)
    await ledger.opened({ ...first, openedAt: 5_000 })
    expect(await ledger.list(tenant)).toEqual([{ ...first, openedAt: 5_000 }])
  })

  it('leaves alone what a process that runs has opened, but not for ever', async () => {
    await createChannelLedger(profile, { pid: 1 }).opened(first)
    const running = { pid: 2, isRunning: (pid: number) => pid === 1 }
    expect(await createChannelLedger(profile, { ...running, now: () => hour }).list(tenant)).toEqual([])
    expect(await createChannelLedger(profile, { ...running, now: () => 25 * hour }).list(tenant)).toEqual([first])
  })

  it('knows processes of this machine', async () => {
    await createChannelLedger(profile, { pid: process.ppid }).opened({ ...first, openedAt: Date.now() })
    await createChannelLedger(profile, { pid: 2 ** 30 }).opened(second)
    expect(await createChannelLedger(profile).list(tenant)).toEqual([second])
  })

  it('forgets what is not there without complaint', async () => {
    await expect(createChannelLedger(profile).closed(first)).resolves.toBeUndefined()
  })

  it.skipIf(process.platform === 'win32')('shows nobody else what it holds', async () => {
    await createChannelLedger(profile).opened(first)
    const folder = join(profile, 'channels-in-migration')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, files()[0] ?? '')).mode & 0o777).toBe(0o600)
  })

  it('holds ids alone, and passes over files that are not its own', async () => {
    await createChannelLedger(profile, { pid: 7 }).opened(first)
    const folder = join(profile, 'channels-in-migration')
    expect(JSON.parse(readFileSync(join(folder, files()[0] ?? ''), 'utf8'))).toEqual({ v: 1, ...first, pid: 7 })
    writeFileSync(join(folder, 'notes.txt'), 'hello')
    expect(await createChannelLedger(profile).list(tenant)).toEqual([first])
  })

  it('says where it is when a file is damaged', async () => {
    const ledger = createChannelLedger(profile)
    await ledger.opened(first)
    const path = join(profile, 'channels-in-migration', files()[0] ?? '')
    writeFileSync(path, '{"v":1')
    await expect(ledger.list(tenant)).rejects.toMatchObject({
      code: 'store.failed',
      context: { place: path, reason: 'damaged-file' },
    })
  })

  it('refuses to say that it noted what it could not', async () => {
    writeFileSync(join(profile, 'channels-in-migration'), 'a file, no folder')
    await expect(createChannelLedger(profile).opened(first)).rejects.toMatchObject({
      code: expect.stringMatching(/^store\./) as string,
    })
  })
})
