import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent } from 'undici'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createCertificate } from '../../../src-main/auth/create-certificate.ts'
import { openVault } from '../../../src-main/secrets/vault.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { PretendBrowser, type Typed } from '../../support/pretend-browser.ts'
import { makeAuthority, type TestAuthority } from '../auth/test-authority.ts'
import { missingKeychain, newHome, runInSession, type Outcome } from './keychain-session.ts'
import { placesOf, processList } from './leaks.ts'

const script = fileURLToPath(new URL('./account-process.ts', import.meta.url))
const reader = fileURLToPath(new URL('./keychain-process.ts', import.meta.url))
const reason = missingKeychain()
if (reason !== undefined) process.stderr.write(`no test for leaks of the keychain: ${reason}\n`)

const ada = 'ada@contoso.example'
const clientSecret = 'Vq8~the-client-secret-of-this-test'
const vaultPassphrase = 'the passphrase of this vault'
let authority: TestAuthority

beforeAll(() => {
  authority = makeAuthority()
})

/** A person at a machine: what they call, and everything that could be seen of it. */
class Machine {
  readonly home: string
  readonly simulator: GraphSimulator
  readonly seen: string[] = []
  readonly #browser: PretendBrowser
  readonly #environment: Readonly<Record<string, string>>

  constructor(
    home: string,
    simulator: GraphSimulator,
    browser: PretendBrowser,
    more: Readonly<Record<string, string>>,
  ) {
    this.home = home
    this.simulator = simulator
    this.#browser = browser
    this.#environment = {
      PATH: `${join(home, 'bin')}:${process.env.PATH ?? ''}`,
      NODE_EXTRA_CA_CERTS: join(home, 'ca.pem'),
      HOLDFAST_PROFILE: join(home, 'profile'),
      HOLDFAST_OFFICE365_CLIENT_ID: simulator.clientId,
      HOLDFAST_OFFICE365_GRAPH_BASE_URL: simulator.graphBaseUrl,
      HOLDFAST_OFFICE365_LOGIN_BASE_URL: simulator.loginBaseUrl,
      ...more,
    }
  }

  static async open(
    app: { certificates?: readonly string[] },
    more: Readonly<Record<string, string>>,
  ): Promise<Machine> {
    const { ca, key, cert } = authority
    const home = await newHome()
    const simulator = await startGraphSimulator({
      tenant: { kind: 'inline', users: [{ userPrincipalName: ada }] },
      https: { key, cert },
      app: { ...app, clientSecret, devicePollSeconds: 0.05 },
    })
    const dispatcher = new Agent({ connect: { ca } })
    onTestFinished(async () => {
      await dispatcher.destroy()
      await simulator.close()
    })
    await writeFile(join(home, 'ca.pem'), ca)
    await mkdir(join(home, 'bin'))
    // In place of the system's: what it is told can be looked at, and no window opens where the tests run.
    await writeFile(join(home, 'bin', 'xdg-open'), `#!/bin/sh\necho "$@" >> '${join(home, 'opened')}'\n`)
    await chmod(join(home, 'bin', 'xdg-open'), 0o755)
    return new Machine(home, simulator, new PretendBrowser(dispatcher), more)
  }

  async run(args: readonly string[], typed?: Typed, more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const underWay: Promise<unknown>[] = []
    const outcome = await runInSession({
      script,
      args,
      home: this.home,
      environment: { ...this.#environment, ...more },
      onLine: (line) => underWay.push(this.#notice(line, typed)),
    })
    await Promise.all(underWay)
    this.seen.push(outcome.stdout, outcome.stderr)
    return outcome
  }

  /** While the program waits for the person. */
  async #notice(line: string, typed: Typed | undefined): Promise<void> {
    this.seen.push(await processList())
    const page = /^https:\S+$/.exec(line)?.[0]
    const [, place, code] = /^Open (\S+) in a browser.* type the code (\w+)\./.exec(line) ?? []
    if (typed === undefined) return
    if (page !== undefined) {
      await this.#opened(page)
      await this.#browser.signIn(page, typed)
    }
    if (place !== undefined && code !== undefined) await this.#browser.signIn(place, { ...typed, code })
  }

  /** The program does not wait for the browser that it starts, which has to be through before the session ends. */
  async #opened(page: string): Promise<void> {
    const start = `${new URL(page).searchParams.get('redirect_uri') ?? ''}/start\n`
    const isThere = async (): Promise<void> => {
      expect(await readFile(join(this.home, 'opened'), 'utf8')).toContain(start)
    }
    await vi.waitFor(isThere, { timeout: 60_000 })
  }

  person(): Typed {
    return { login: ada, password: this.simulator.desk.password(ada) }
  }

  /** What the keychain of this machine has under a name. */
  async kept(name: string): Promise<string> {
    const { stdout } = await runInSession({ script: reader, args: [JSON.stringify([['get', name]])], home: this.home })
    return (JSON.parse(stdout) as { readonly value: string }).value
  }

  /** Every place where one of the secrets shows. */
  async leaks(secrets: readonly string[]): Promise<readonly string[]> {
    return placesOf(secrets, { seen: this.seen, folder: this.home })
  }
}

/** The tokens in MSAL's cache. */
function tokensIn(cache: string): string[] {
  const sections = JSON.parse(cache) as Record<string, Record<string, { readonly secret?: string }>>
  return Object.values(sections).flatMap((section) => Object.values(section).flatMap(({ secret }) => secret ?? []))
}

const keyLines = (pem: string): string[] => pem.split('\n').filter((line) => line.length === 64)

describe.skipIf(reason !== undefined)('what is kept in the keychain', () => {
  it('shows in no file, no output, no process list and no error', async () => {
    const machine = await Machine.open({}, {})
    const { tenantId } = machine.simulator
    const secret = { HOLDFAST_OFFICE365_CLIENT_SECRET: clientSecret }
    const tenant = ['--app-only', '--office365-tenant-id', tenantId]

    expect((await machine.run(['login', '--account', 'work', '--types', 'mail'], machine.person())).code).toBe(0)
    expect(await readFile(join(machine.home, 'opened'), 'utf8')).toMatch(/^http:\/\/localhost:\d+\/start\n$/)
    expect(
      (await machine.run(['login', '--account', 'phone', '--device-code', '--types', 'mail'], machine.person())).code,
    ).toBe(0)
    expect((await machine.run(['login', '--account', 'app', ...tenant], undefined, secret)).code).toBe(0)
    const certificateFile = join(machine.home, 'own.cer')
    const create = ['--create-certificate', '--certificate-file', certificateFile, '--types', 'mail']
    const created = await machine.run(['login', '--account', 'own', ...tenant, ...create])
    expect(created.stdout).toMatch(
      /SHA-1 {3}[0-9A-F]{40}\n {3}SHA-256 [0-9A-F]{64}\n.*\n {3}User\.ReadBasic\.All +list users\n/,
    )
    for (const name of ['work', 'phone', 'app'])
      expect((await machine.run(['token', '--account', name])).stdout).toBe(`a token for ${name}\n`)
    expect((await machine.run(['accounts'])).stdout.match(/^\w+/gm)).toEqual(['app', 'own', 'phone', 'work'])

    const secrets = [
      clientSecret,
      machine.simulator.desk.password(ada),
      ...tokensIn(await machine.kept('tokens/work')),
      ...tokensIn(await machine.kept('tokens/phone')),
      ...keyLines(
        (JSON.parse(await machine.kept('credential/own')) as { certificate: { privateKey: string } }).certificate
          .privateKey,
      ),
    ]
    expect(secrets.length).toBeGreaterThan(30)
    // What may show does: the search looks where it should.
    expect((await machine.leaks([ada])).length).toBeGreaterThan(0)
    expect((await machine.leaks([certificateFile])).length).toBeGreaterThan(0)

    // Errors, at length: a certificate that nobody has uploaded, a wrong secret, a consent that was taken back.
    expect((await machine.run(['token', '--account', 'own'])).stderr).toContain(
      'Microsoft does not know this certificate',
    )
    const wrong = { HOLDFAST_OFFICE365_CLIENT_SECRET: `${clientSecret}-old` }
    const refused = await machine.run(['login', '--account', 'other', ...tenant], undefined, wrong)
    expect([refused.code, refused.stderr.includes('Microsoft refused the client secret')]).toEqual([1, true])
    machine.simulator.desk.revokeConsent(ada)
    const revoked = await machine.run(['token', '--account', 'work'])
    expect(revoked.code).toBe(1)
    expect(revoked.stderr).toContain('sign in again with "holdfast login --account work"')
    expect(await machine.leaks(secrets)).toEqual([])

    expect((await machine.run(['logout', '--account', 'work'])).code).toBe(0)
    expect((await machine.run(['token', '--account', 'work'])).stderr).toContain('There is no account "work"')
  })
})

describe.skipIf(reason !== undefined)('what is kept in a vault file', () => {
  it('shows in no file, no output, no process list and no error', async () => {
    const machine = await Machine.open({}, { HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase })
    const path = join(machine.home, 'vault.json')
    const vault = ['--vault', path]
    expect((await machine.run(['login', '--types', 'mail', ...vault], machine.person())).code).toBe(0)
    expect((await machine.run(['token', '--account', 'default', ...vault])).code).toBe(0)
    const wrong = { HOLDFAST_VAULT_PASSPHRASE: `${vaultPassphrase}?` }
    const refused = await machine.run(['token', '--account', 'default', ...vault], undefined, wrong)
    expect([refused.code, refused.stderr.includes('does not open the vault file')]).toEqual([1, true])
    const cache = await openVault({ path, passphrase: () => Promise.resolve(vaultPassphrase) }).get('tokens/default')
    const secrets = [vaultPassphrase, machine.simulator.desk.password(ada), ...tokensIn(cache ?? '{}')]
    expect(secrets.length).toBeGreaterThan(4)
    expect(await machine.leaks(secrets)).toEqual([])
  })

  it('holds for a certificate that was given', async () => {
    const made = await createCertificate({ keyBits: 2048, now: Date.now(), name: 'Holdfast' })
    const machine = await Machine.open({ certificates: [made.pem] }, { HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase })
    const folder = await newHome()
    const given = join(folder, 'given.pem')
    await writeFile(given, made.signing.privateKey + made.pem)
    const vault = ['--vault', join(machine.home, 'vault.json')]
    const certificate = ['--office365-certificate-path', given, '--office365-tenant-id', machine.simulator.tenantId]
    expect((await machine.run(['login', '--account', 'app', '--app-only', ...certificate, ...vault])).code).toBe(0)
    expect((await machine.run(['token', '--account', 'app', ...vault])).code).toBe(0)
    expect(await machine.leaks([vaultPassphrase, ...keyLines(made.signing.privateKey)])).toEqual([])
  })
})
