import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { PretendBrowser } from '../../support/pretend-browser.ts'
import { makeAuthority } from '../auth/test-authority.ts'
import { HostProcess } from './host-process.ts'
import { ada, grace, users, vaultPassphrase } from './host-scene.ts'

describe('people and the engine host', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-people-'))
  let simulator: GraphSimulator
  let dispatcher: Agent
  let host: HostProcess

  const registration = (name: string) =>
    ({ name, clientId: simulator.clientId, tenantId: 'organizations', cloud: 'global' }) as const

  /** Signs in on the page, and gives the address that the page sends the person back to. */
  const signInOn = async (url: string, login: string): Promise<string> => {
    const page = await request(url, { dispatcher })
    const text = await page.body.text()
    const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(text) ?? []
    const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)]
    const form = new URLSearchParams(fields.map(([, name = '', value = '']): [string, string] => [name, value]))
    form.set('login', login)
    form.set('passwd', simulator.desk.password(login))
    form.set('answer', 'accept')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await request(action, { method: 'POST', dispatcher, headers, body: form.toString() })
    await answer.body.dump()
    const { location } = answer.headers
    if (typeof location !== 'string') throw new Error(`the page did not send back: ${String(answer.statusCode)}`)
    return location
  }

  beforeAll(async () => {
    const { ca, key, cert } = makeAuthority()
    writeFileSync(join(folder, 'ca.pem'), ca)
    dispatcher = new Agent({ connect: { ca } })
    simulator = await startGraphSimulator({
      tenant: { kind: 'inline', users },
      https: { key, cert },
      app: { devicePollSeconds: 0.05 },
    })
    host = await HostProcess.start(join(folder, 'profile'), {
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      HOLDFAST_VAULT: join(folder, 'vault'),
      HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase,
      HOLDFAST_OFFICE365_GRAPH_BASE_URL: simulator.graphBaseUrl,
      HOLDFAST_OFFICE365_LOGIN_BASE_URL: simulator.loginBaseUrl,
    })
  })
  afterAll(async () => {
    await host.stop()
    await dispatcher.destroy()
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('sign in with a code that the window shows', async () => {
    const account = host.value('accounts.signIn', { ...registration('ada'), how: 'device-code' })
    const shown = await host.event('deviceCode', (code) => code !== null)
    await new PretendBrowser(dispatcher).signIn(shown?.url ?? '', {
      ...{ login: ada, password: simulator.desk.password(ada), code: shown?.code ?? '' },
    })
    expect(await account).toMatchObject({ name: 'ada', kind: 'person', username: ada, state: 'good' })
    expect(host.events('deviceCode').at(-1)).toBeNull()
  })

  it('sign in in a window of the program', async () => {
    const account = host.value('accounts.signIn', { ...registration('grace'), how: 'window' })
    const { id, params } = await host.question()
    expect(params.url).toContain(`${simulator.loginBaseUrl}/organizations/oauth2/v2.0/authorize`)
    const url = await signInOn(params.url, grace)
    expect(url.startsWith(params.redirectUri)).toBe(true)
    host.answer(id, { outcome: 'back', url })
    expect(await account).toMatchObject({ name: 'grace', kind: 'person', username: grace })
    expect((await host.value('accounts.list', {})).map(({ name }) => name)).toEqual(['ada', 'grace'])
  })

  it('are no other person under the same name', async () => {
    const before = host.said.length
    const refused = host.error('accounts.signIn', { ...registration('ada'), how: 'device-code' })
    const shown = await host.event('deviceCode', (code) => code !== null && host.said.length > before && isNew(code))
    await new PretendBrowser(dispatcher).signIn(shown?.url ?? '', {
      ...{ login: grace, password: simulator.desk.password(grace), code: shown?.code ?? '' },
    })
    expect(await refused).toMatchObject({ code: 'auth.account-taken' })
  })

  const known = new Set<string>()
  function isNew({ code }: { readonly code: string }): boolean {
    if (known.size === 0) for (const one of host.events('deviceCode').slice(0, 1)) if (one !== null) known.add(one.code)
    return !known.has(code)
  }

  it('give up signing in, and the code is gone', async () => {
    const cancelled = host.error('accounts.signIn', { ...registration('alan'), how: 'device-code' })
    const codes = host.events('deviceCode').length
    await host.event('deviceCode', (code) => code !== null && host.events('deviceCode').length > codes)
    await host.value('accounts.cancelSignIn', {})
    expect(await cancelled).toMatchObject({ code: 'cancelled' })
    expect(host.events('deviceCode').at(-1)).toBeNull()
  })

  it('find their drives and folders, and keep a repository there', async () => {
    const { rows } = await host.value('directory.drives', { account: 'ada', root: null, cursor: null })
    const [drive = rows[0]] = rows
    if (drive === undefined) throw new Error('ada has no drive')
    expect(drive.total).toBeGreaterThan(0)
    const picked = { account: 'ada', kind: 'onedrive', root: null, drive, folders: ['Backups', 'Holdfast'] } as const
    const { place } = await host.value('directory.place', { ...picked, folders: [...picked.folders] })
    expect(await host.value('destinations.test', { place })).toMatchObject({ state: 'absent', writable: true })
    const listed = { account: 'ada', drive: drive.id, folder: null, query: 'back', cursor: null }
    expect((await host.value('directory.folders', listed)).rows).toEqual([])
    await host.value('destinations.create', { place, passphrase: 'of the drive of ada' })
    const [backups] = (await host.value('directory.folders', listed)).rows
    expect(backups).toMatchObject({ name: 'Backups', children: 1 })
    expect(
      (await host.value('directory.folders', { ...listed, folder: backups?.id ?? '', query: '' })).rows,
    ).toMatchObject([{ name: 'Holdfast' }])
    expect(await host.value('destinations.test', { place })).toMatchObject({ state: 'repository' })
    expect((await host.value('destinations.list', {}))[0]).toMatchObject({
      ...{ place, kind: 'onedrive', account: 'ada', unlocked: true },
      title: `Backups/Holdfast · ${drive.owner}`,
    })
    expect((await host.value('accounts.list', {}))[0]?.usedBy).toEqual([`Backups/Holdfast · ${drive.owner}`])
  })

  it('are forgotten when they sign out', async () => {
    await host.value('accounts.signOut', { name: 'grace' })
    expect((await host.value('accounts.list', {})).map(({ name }) => name)).toEqual(['ada'])
    expect((await host.error('directory.counts', { account: 'grace' })).code).toBe('auth.no-account')
  })

  it('never see a token, a code of a sign-in or a passphrase in what the host says', () => {
    const said = host.said.join('\n')
    for (const secret of ['of the drive of ada', vaultPassphrase, simulator.desk.password(ada)])
      expect(said.includes(secret)).toBe(false)
    // The address of the page says what claims a token is to have, and no token.
    expect(/eyJ[\w-]{20,}\.[\w-]{20,}|refresh_token|"access_token\\*":\\*"/.exec(said)?.[0]).toBeUndefined()
    expect(host.log).toBe('')
  })
})
