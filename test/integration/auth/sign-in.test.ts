import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  findAccount,
  listAccounts,
  removeAccount,
  requireAccount,
  saveApplication,
} from '../../../src-main/auth/accounts.ts'
import type { PersonAccount } from '../../../src-main/auth/account.ts'
import { isPersonal, personalTenantId } from '../../../src-main/auth/account.ts'
import { createAppOnlyTokenSource } from '../../../src-main/auth/app-only-token-source.ts'
import { createBrowserWindow } from '../../../src-main/auth/browser-window.ts'
import { createCertificate } from '../../../src-main/auth/create-certificate.ts'
import { grantedPermissions } from '../../../src-main/auth/granted-permissions.ts'
import { signInWithDeviceCode, signInWithWindow } from '../../../src-main/auth/sign-in-person.ts'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import { createGraphClient } from '../../../src-main/graph/client/client.ts'
import { failure } from '../../unit/graph/client/test-graph.ts'
import { ada, grace, SignInScene } from './sign-in-scene.ts'
import { makeAuthority, type TestAuthority } from './test-authority.ts'

let authority: TestAuthority

beforeAll(() => {
  authority = makeAuthority()
})

const open = (app = {}): Promise<SignInScene> => SignInScene.open(authority, app)

async function told(work: Promise<unknown>): Promise<unknown> {
  const error = await failure(work)
  return isEngineError(error) ? [error.code, error.retry, error.context.reason] : error
}

describe('signing in on a page (authorization code with PKCE)', () => {
  it('signs a person of the tenant in, and the token reads what was consented to', async () => {
    const scene = await open()
    const account = await scene.keep(await scene.byWindow(scene.typed(ada)))
    expect(account).toMatchObject({
      kind: 'person',
      method: 'browser',
      username: ada,
      scopes: ['User.Read', 'Mail.Read'],
    })
    expect(isPersonal(account as PersonAccount)).toBe(false)
    const token = await (await scene.tokens(account)).token()
    expect(grantedPermissions(token)).toEqual({ kind: 'delegated', names: new Set(['User.Read', 'Mail.Read']) })
    expect(await scene.graph(token, '/v1.0/me')).toMatchObject({ status: 200, body: { userPrincipalName: ada } })
    expect((await scene.graph(token, `/v1.0/users/${ada}/messages`)).status).toBe(200)
    expect((await scene.graph(token, `/v1.0/users/${grace}/messages`)).status).toBe(403)
    expect((await scene.graph(token, `/v1.0/users/${ada}/contacts`)).status).toBe(403)
  })

  it('signs a personal account in, whose tokens say nothing', async () => {
    const scene = await open()
    const account = await scene.keep(
      await scene.byWindow(scene.typed(grace), { name: 'private', tenantId: 'consumers' }),
    )
    expect(account).toMatchObject({ homeTenantId: personalTenantId, username: grace })
    const token = await (await scene.tokens(account)).token()
    expect(await failure(Promise.resolve().then(() => grantedPermissions(token)))).toBeDefined()
    expect((await scene.graph(token, '/v1.0/me/messages')).status).toBe(200)
  })

  it('tells that somebody declined', async () => {
    const scene = await open()
    const work = scene.byWindow(scene.typed(ada, { answer: 'deny' }))
    expect(await told(work)).toEqual(['auth.declined', 'reauth', undefined])
  })

  it('tells that a personal account does not belong to organizations', async () => {
    const scene = await open()
    const page = Promise.withResolvers<string>()
    const aborted = new AbortController()
    const window = createBrowserWindow({ openBrowser: () => Promise.resolve(true), show: page.resolve })
    const { clock, dispatcher } = scene
    const request = scene.request({ tenantId: 'organizations' })
    const work = signInWithWindow(request, { clock, dispatcher, window, signal: aborted.signal })
    const shown = await scene.browser.signIn(await page.promise, scene.typed(grace))
    expect(shown.text).toContain('AADSTS50020')
    aborted.abort()
    expect(await told(work)).toEqual(['cancelled', 'never', undefined])
  })

  it('says on the page that the registration lacks the address', async () => {
    const scene = await open({ redirectUris: ['https://elsewhere.example'] })
    const page = Promise.withResolvers<string>()
    const aborted = new AbortController()
    const window = createBrowserWindow({ openBrowser: () => Promise.resolve(true), show: page.resolve })
    const { clock, dispatcher } = scene
    const work = signInWithWindow(scene.request(), { clock, dispatcher, window, signal: aborted.signal })
    const shown = await scene.browser.open(await page.promise)
    expect(shown.text).toContain('AADSTS50011')
    aborted.abort()
    await failure(work)
  })

  it('takes no answer but its own', async () => {
    const scene = await open()
    const page = Promise.withResolvers<string>()
    const window = createBrowserWindow({ openBrowser: () => Promise.resolve(true), show: page.resolve })
    const { clock, dispatcher } = scene
    const work = signInWithWindow(scene.request(), { clock, dispatcher, window })
    const address = new URL(await page.promise)
    const back = address.searchParams.get('redirect_uri') ?? ''
    expect((await scene.browser.open(`${back}/?code=stolen&state=other`)).status).toBe(404)
    const shown = await scene.browser.signIn(address.href, scene.typed(ada))
    expect(shown.text).toContain('You can close this window')
    expect((await work).account.username).toBe(ada)
  })

  it('asks for a second proof where the tenant wants one', async () => {
    const scene = await open()
    scene.simulator.desk.requireSecondFactor(ada)
    const secondProof = scene.simulator.desk.secondProof(ada)
    const account = await scene.keep(await scene.byWindow(scene.typed(ada, { secondProof })))
    const source = await scene.tokens(account)
    await source.token()
    expect(await source.token({ refresh: true })).not.toBe('')
  })
})

describe('signing in with a device code', () => {
  it('waits until the code was typed elsewhere', async () => {
    const scene = await open()
    const account = await scene.keep(await scene.byDeviceCode(scene.typed(ada)))
    expect(account).toMatchObject({ method: 'device-code', username: ada })
    const token = await (await scene.tokens(account)).token()
    expect((await scene.graph(token, '/v1.0/me/messages')).status).toBe(200)
  })

  it('tells that somebody declined', async () => {
    const scene = await open()
    expect(await told(scene.byDeviceCode(scene.typed(ada, { answer: 'deny' })))).toEqual([
      'auth.declined',
      'reauth',
      undefined,
    ])
  })

  it('tells that the registration lets nobody sign in', async () => {
    const scene = await open({ publicClient: false })
    const work = scene.byDeviceCode(scene.typed(ada))
    expect(await told(work)).toEqual(['auth.failed', 'reauth', 'not-a-public-client'])
  })

  it('stops when the user does', async () => {
    const scene = await open()
    const aborted = new AbortController()
    const { clock, dispatcher } = scene
    const work = signInWithDeviceCode(scene.request(), {
      clock,
      dispatcher,
      signal: aborted.signal,
      show: () => {
        aborted.abort()
      },
    })
    expect(await told(work)).toEqual(['cancelled', 'never', undefined])
  })
})

describe('signing an application in', () => {
  it('by its secret, kept under a name', async () => {
    const scene = await open()
    const { tenantId, clientId, clientSecret, loginBaseUrl, graphBaseUrl } = scene.simulator
    const account = { kind: 'application', name: 'tenant', tenantId, clientId, loginBaseUrl, graphBaseUrl } as const
    await saveApplication(scene.secrets, { ...account, credential: 'secret' }, { secret: clientSecret })
    const kept = await requireAccount(scene.secrets, 'TENANT')
    const token = await (await scene.tokens(kept)).token()
    expect(grantedPermissions(token).kind).toBe('application')
    expect((await scene.graph(token, '/v1.0/users')).status).toBe(200)
  })

  it('by a certificate that was made here, kept under a name', async () => {
    const made = await createCertificate({ keyBits: 2048, now: Date.now(), name: 'Holdfast' })
    const scene = await open({ certificates: [made.pem] })
    const { tenantId, clientId, loginBaseUrl, graphBaseUrl } = scene.simulator
    const account = { kind: 'application', name: 'tenant', tenantId, clientId, loginBaseUrl, graphBaseUrl } as const
    await saveApplication(scene.secrets, { ...account, credential: 'certificate' }, { certificate: made.signing })
    const token = await (await scene.tokens(await requireAccount(scene.secrets, 'tenant'))).token()
    expect((await scene.graph(token, '/v1.0/users')).status).toBe(200)
  })

  it('by a certificate in a file, over https', async () => {
    const made = await createCertificate({ keyBits: 2048, now: Date.now(), name: 'Holdfast' })
    const scene = await open({ certificates: [made.pem] })
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-sign-in-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'own.pem'), made.signing.privateKey + made.pem)
    const { tenantId, clientId, loginBaseUrl, graphBaseUrl } = scene.simulator
    const { clock, dispatcher } = scene
    const certificate = { path: join(folder, 'own.pem') }
    const more = { clock, dispatcher, certificate }
    const source = await createAppOnlyTokenSource({ tenantId, clientId, loginBaseUrl, graphBaseUrl, ...more })
    expect((await scene.graph(await source.token(), '/v1.0/users')).status).toBe(200)
  })
})

describe('tokens of an account', () => {
  it('are taken from the keychain, renewed without asking, and the renewal is kept', async () => {
    const scene = await open()
    const account = await scene.keep(await scene.byWindow(scene.typed(ada)))
    const before = scene.simulator.tokens.issuedCount
    const source = await scene.tokens(account)
    const first = await source.token()
    expect(scene.simulator.tokens.issuedCount).toBe(before)
    scene.simulator.tokens.expireAll()
    const renewed = await source.token({ refresh: true })
    expect(renewed).not.toBe(first)
    expect((await scene.graph(renewed, '/v1.0/me')).status).toBe(200)
    expect(await (await scene.tokens(account)).token()).toBe(renewed)
  })

  it.each([
    ['the consent was revoked', 'revokeConsent', 'consent'],
    ['the password was changed', 'endSessions', 'revoked'],
    ['nobody used them for too long', 'expireSessions', 'expired'],
    ['the tenant wants a second proof', 'requireSecondFactor', 'second-factor'],
  ] as const)('ask to sign in again when %s, and then go on', async (_name, happens, reason) => {
    const scene = await open()
    const account = await scene.keep(await scene.byWindow(scene.typed(ada)))
    const source = await scene.tokens(account)
    await source.token()
    scene.simulator.desk[happens](ada)
    expect(await told(source.token({ refresh: true }))).toEqual(['auth.sign-in-again', 'reauth', reason])
    const secondProof = scene.simulator.desk.secondProof(ada)
    await scene.keep(await scene.byWindow(scene.typed(ada, { secondProof })))
    expect(await source.token({ refresh: true })).not.toBe('')
  })

  it('tell that the account was disabled', async () => {
    const scene = await open()
    const source = await scene.tokens(await scene.keep(await scene.byWindow(scene.typed(ada))))
    await source.token()
    scene.simulator.desk.disable(ada)
    expect(await told(source.token({ refresh: true }))).toEqual(['auth.failed', 'reauth', 'account-disabled'])
  })

  it('that Graph challenges are asked for anew, and the next sign-in brings what it wanted', async () => {
    const scene = await open()
    const account = await scene.keep(await scene.byWindow(scene.typed(ada)))
    const source = await scene.tokens(account)
    const token = await source.token()
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    scene.simulator.tokens.challenge((account as PersonAccount).homeAccountId.split('.')[0] ?? '', claims)
    const refused = await scene.graph(token, '/v1.0/me')
    expect(refused.challenge).toContain('insufficient_claims')
    expect(await told(source.token({ refresh: true, claims }))).toEqual([
      'auth.sign-in-again',
      'reauth',
      'second-factor',
    ])
    const kept = (await findAccount(scene.secrets, 'work')) as PersonAccount
    expect(JSON.parse(kept.pendingClaims ?? '{}')).toEqual(JSON.parse(claims))
    const again = await scene.byWindow(scene.typed(ada), { claims: kept.pendingClaims ?? '' })
    const source2 = await scene.tokens(await scene.keep(again))
    expect((await scene.graph(await source2.token(), '/v1.0/me')).status).toBe(200)
    expect((await findAccount(scene.secrets, 'work')) as PersonAccount).not.toHaveProperty('pendingClaims')
  })

  it('end a Graph request with "sign in again" when Graph wants more of the person', async () => {
    const scene = await open()
    const account = (await scene.keep(await scene.byWindow(scene.typed(ada)))) as PersonAccount
    const { graphBaseUrl } = scene.simulator
    const { clock, dispatcher } = scene
    const tokens = await scene.tokens(account)
    const client = createGraphClient({
      baseUrl: graphBaseUrl,
      tokens,
      clock,
      random: () => 0.5,
      userAgent: 'test',
      dispatcher,
    })
    onTestFinished(() => client.close())
    const ask = (): Promise<unknown> => client.json({ pool: { kind: 'directory' }, path: `/users/${ada}` })
    expect(await ask()).toMatchObject({ userPrincipalName: ada })
    const [id = ''] = account.homeAccountId.split('.')
    scene.simulator.tokens.challenge(id, '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}')
    expect(await told(ask())).toEqual(['auth.sign-in-again', 'reauth', 'second-factor'])
  })

  it('do not mix two people under one name', async () => {
    const scene = await open()
    await scene.keep(await scene.byWindow(scene.typed(ada)))
    const other = await scene.byWindow(scene.typed(grace))
    expect(await told(scene.keep(other))).toEqual(['auth.account-taken', 'never', 'other-person'])
    await scene.keep({ ...other, account: { ...other.account, name: 'private' } })
    expect((await listAccounts(scene.secrets)).map(({ name }) => name)).toEqual(['private', 'work'])
  })

  it('are gone once the account was logged out', async () => {
    const scene = await open()
    const account = await scene.keep(await scene.byWindow(scene.typed(ada)))
    expect(await removeAccount(scene.secrets, 'work')).toBe(true)
    expect([...scene.secrets.kept.keys()]).toEqual([])
    expect(await told((await scene.tokens(account)).token())).toEqual(['auth.sign-in-again', 'reauth', 'signed-out'])
    expect(await told(requireAccount(scene.secrets, 'work'))).toEqual(['auth.no-account', 'never', undefined])
  })
})
