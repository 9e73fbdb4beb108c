import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ada, clientSecret, grace, HostScene, passphrase } from './host-scene.ts'

describe('the engine host, from the first sign-in to the first restart', () => {
  let scene: HostScene

  beforeAll(async () => {
    scene = await HostScene.open()
  })
  afterAll(() => scene.close())

  it('refuses what it does not know, and a wrong secret', async () => {
    const { host, simulator } = scene
    const registration = {
      name: 'work',
      clientId: simulator.clientId,
      tenantId: simulator.tenantId,
      cloud: 'global',
    } as const
    const refused = await host.error('accounts.signInApplication', {
      ...registration,
      credential: { kind: 'secret', secret: 'not the secret' },
    })
    expect(refused).toMatchObject({ code: 'auth.secret-refused' })
    expect(await host.value('accounts.list', {})).toEqual([])
  })

  it('signs an application in and lists it', async () => {
    const { simulator } = scene
    await scene.signIn()
    expect(await scene.host.value('accounts.list', {})).toEqual([
      {
        ...{ name: 'work', kind: 'application', username: null, state: 'good', usedBy: [] },
        ...{ tenantId: simulator.tenantId, clientId: simulator.clientId },
      },
    ])
  })

  it('finds users, groups and sites by what people type', async () => {
    const { host } = scene
    const find = async (kind: 'user' | 'group' | 'site', query: string) => {
      const { rows, limited } = await host.value('directory.roots', { account: 'work', kind, query, cursor: null })
      expect(limited).toBe(false)
      return rows.map(({ title, name }) => [title, name])
    }
    expect(await find('user', '')).toHaveLength(3)
    expect(await find('user', 'love')).toEqual([['Ada Lovelace', ada]])
    expect(await find('user', 'grace@con')).toEqual([['Grace Hopper', grace]])
    expect(await find('user', '"the" tur')).toEqual([['Alan "the" Turing', 'alan@contoso.example']])
    expect(await find('group', 'north')).toEqual([['Sales North', 'sales@contoso.example']])
    expect(await find('group', '')).toEqual([['Sales North', 'sales@contoso.example']])
    expect(await find('site', 'press')).toEqual([['Press', 'contoso.sharepoint.com/sites/press']])
    expect(await host.value('directory.counts', { account: 'work' })).toEqual({ user: 3, group: 1, site: null })
    expect(await host.value('directory.types', {})).toContainEqual({ kind: 'user', folder: 'mailbox', type: 'mail' })
  })

  it('says which permissions are there', async () => {
    const { rows, missing } = await scene.host.value('accounts.permissions', {
      ...{ name: 'work', kinds: ['user'], types: ['mail'] },
    })
    expect(missing).toBe(0)
    expect(rows).toContainEqual({ permission: 'Mail.ReadWrite', types: ['mail'], granted: true, restore: true })
  })

  it('tests places and leaves nothing behind', async () => {
    const { host, repository, folder } = scene
    const absent = await host.value('destinations.test', { place: repository })
    expect(absent).toMatchObject({ state: 'absent', writable: true })
    expect(absent.free).toBeGreaterThan(0)
    expect(existsSync(repository)).toBe(false)
    const other = join(folder, 'other')
    mkdirSync(other)
    expect(await host.value('destinations.test', { place: other })).toMatchObject({ state: 'empty' })
    writeFileSync(join(other, 'letter.txt'), 'x')
    expect(await host.value('destinations.test', { place: other })).toMatchObject({ state: 'other' })
    expect(readdirSync(other)).toEqual(['letter.txt'])
    expect(await host.error('destinations.test', { place: 'ftp://example.com/x' })).toMatchObject({
      code: 'usage',
      params: { sentence: expect.stringContaining('ftp://') as unknown },
    })
  })

  it('makes a repository and keeps its passphrase where no file shows it', async () => {
    const { host, repository, folder } = scene
    const suggested = await host.value('passphrase.suggest', {})
    expect(suggested.passphrase.split('-').length).toBeGreaterThanOrEqual(6)
    expect(suggested.bits).toBeGreaterThanOrEqual(60)
    await scene.createRepository()
    expect(await host.value('destinations.test', { place: repository })).toMatchObject({ state: 'repository' })
    expect(await host.value('destinations.list', {})).toMatchObject([
      { place: repository, kind: 'folder', title: repository, unlocked: true, plans: [], lastCheck: null },
    ])
    expect(await host.error('destinations.create', { place: repository, passphrase })).toMatchObject({
      code: 'repository.exists',
    })
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    expect(texts.filter((text) => text.includes(passphrase) || text.includes(clientSecret))).toEqual([])
  })

  it('saves a plan, runs it with progress, and finds all again after a restart', async () => {
    const { host } = scene
    const plan = await scene.savePlan()
    const { operation } = await host.value('plans.run', { plan })
    expect(
      (await host.event('operations', (operations) => operations.some(({ id }) => id === operation)))[0],
    ).toMatchObject({
      kind: 'backup',
      plan,
      place: scene.repository,
    })
    const result = await host.ended(operation)
    expect(result).toMatchObject({ outcome: 'done', problem: null, figures: { items_changed: 3, total_items: 3 } })
    expect(await host.value('operations.list', {})).toEqual([])
    await scene.restart()
    const again = scene.host
    const [row] = await again.value('plans.list', {})
    expect(row).toMatchObject({
      ...{ id: plan, name: 'Mail', operation: null, items: 3, attention: [] },
      lastRun: { outcome: 'done', items: 3, changed: 3, unread: 0, planName: 'Mail' },
    })
    expect(row?.growth).toHaveLength(1)
    expect(row?.next).toBeGreaterThan(row?.lastRun?.started ?? Infinity)
    expect(await again.value('plans.get', { plan })).toEqual({ ...scene.draft(), id: plan })
    const { rows, next } = await again.value('runs.list', { plan, cursor: null })
    expect([rows.length, next]).toEqual([1, null])
    const run = await again.value('runs.get', { run: rows[0]?.run ?? '' })
    expect(run).toMatchObject({ row: { outcome: 'done' }, reports: { 'backup 1': { items: 3 } }, reportFile: null })
    expect(await again.value('destinations.figures', { place: scene.repository })).toMatchObject({ snapshots: 1 })
    expect((await again.value('accounts.list', {}))[0]).toMatchObject({ state: 'good', usedBy: ['Mail'] })
    expect((await again.error('operations.result', { operation })).code).toBe('usage')
  })

  it('shows what rules would remove, and removes nothing', async () => {
    const { host } = scene
    const [plan] = await host.value('plans.list', {})
    const id = plan?.id ?? ''
    await host.ended((await host.value('plans.run', { plan: id })).operation)
    const retention = { ...scene.draft().retention, last: 1 }
    const preview = await host.value('plans.previewRetention', { plan: id, retention })
    expect(preview.rows.map(({ kept }) => kept)).toEqual([true, false])
    expect(preview.freed).not.toBeNull()
    expect((await host.value('destinations.figures', { place: scene.repository })).snapshots).toBe(2)
  })

  it('says when a plan is due, and pauses it', async () => {
    const { host } = scene
    const [plan] = await host.value('plans.list', {})
    const due = await host.internal('schedule.due', {})
    expect(due).toEqual({ plans: [], next: plan?.next ?? null })
    const fresh = await scene.savePlan({ name: 'New' })
    expect((await host.internal('schedule.due', {})).plans).toEqual([fresh])
    await host.value('plans.setPaused', { plan: fresh, paused: true })
    expect((await host.internal('schedule.due', {})).plans).toEqual([])
    expect((await host.error('plans.save', scene.draft({ name: 'NEW' }))).code).toBe('usage')
    await host.value('plans.remove', { plan: fresh })
    expect(await host.value('plans.list', {})).toHaveLength(1)
  })
})
