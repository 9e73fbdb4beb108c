import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent } from 'undici'
import { onTestFinished } from 'vitest'
import { startGraphSimulator, type GraphSimulator, type InlineUser } from '../../support/graph-simulator/index.ts'
import { PretendBrowser, type ShownPage } from '../../support/pretend-browser.ts'
import { makeAuthority } from '../auth/test-authority.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { runInSession } from '../secrets/keychain-session.ts'
import { placesOf, processList } from '../secrets/leaks.ts'
import { PASSPHRASE, Workplace, type Finished } from './program.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@contoso.example'
export const vaultPassphrase = 'the passphrase of this vault'
export const clientSecret = 'Vq8~the-client-secret-of-this-test'

const program = fileURLToPath(new URL('../../../src-main/cli/holdfast.ts', import.meta.url))

const users: readonly InlineUser[] = [ada, grace].map((userPrincipalName) => ({
  userPrincipalName,
  displayName: userPrincipalName.split('@')[0] ?? '',
  messages: [1, 2, 3].map((number) => ({
    folder: 'inbox',
    mime: mail(`Message ${number} of ${userPrincipalName}`),
    receivedDateTime: `2024-03-0${number}T08:01:00Z`,
  })),
}))

/** Somebody at a machine, a tenant over https, and all that could be seen of what they do. */
export class AccountsScene {
  readonly simulator: GraphSimulator
  readonly place = new Workplace()
  readonly seen: string[] = []
  /** Of the tenant's service, in PEM form. */
  readonly ca: string
  readonly #browser: PretendBrowser
  readonly #environment: Readonly<Record<string, string>>

  private constructor(simulator: GraphSimulator, browser: PretendBrowser, ca: string) {
    this.simulator = simulator
    this.#browser = browser
    this.ca = ca
    writeFileSync(this.place.path('ca.pem'), ca)
    this.#environment = {
      NODE_EXTRA_CA_CERTS: this.place.path('ca.pem'),
      HOLDFAST_OFFICE365_INCLUDED_USER_TYPES: 'Mailbox',
      HOLDFAST_EXCLUDE: 'type:mailbox-settings',
    }
  }

  static async open(): Promise<AccountsScene> {
    const { ca, key, cert } = makeAuthority()
    const simulator = await startGraphSimulator({
      tenant: { kind: 'inline', users },
      https: { key, cert },
      // So short that each run renews its tokens.
      app: { clientSecret, devicePollSeconds: 0.05, tokenLifetimeSeconds: 120 },
    })
    const dispatcher = new Agent({ connect: { ca } })
    const scene = new AccountsScene(simulator, new PretendBrowser(dispatcher), ca)
    onTestFinished(async () => {
      scene.place.remove()
      await dispatcher.destroy()
      await simulator.close()
    })
    return scene
  }

  /** What "login" is told. */
  login(...more: readonly string[]): readonly string[] {
    const { clientId, graphBaseUrl, loginBaseUrl } = this.simulator
    const service = ['--office365-graph-base-url', graphBaseUrl, '--office365-login-base-url', loginBaseUrl]
    return ['login', '--office365-client-id', clientId, ...service, ...more]
  }

  /** Runs the program with the vault at hand, and signs `user` in where it asks for that. */
  async run(
    args: readonly string[],
    { user, env = {} }: { readonly user?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<Finished> {
    const underWay: Promise<unknown>[] = []
    const vault = { HOLDFAST_VAULT: this.place.path('vault'), HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase }
    const done = await this.place.run(args, {
      env: { ...this.#environment, ...vault, ...env },
      onLine: (line) => underWay.push(this.#notice(line, user)),
      onError: (line) => underWay.push(this.#notice(line, undefined)),
    })
    await Promise.all(underWay)
    this.seen.push(done.stdout, done.stderr)
    return done
  }

  /** The same; `user` signs in in the browser that the program opens. Gives what the browser showed at last, too. */
  async runWithBrowser(
    args: readonly string[],
    user: string,
  ): Promise<{ done: Finished; pages: readonly ShownPage[] }> {
    const opened: Promise<ShownPage>[] = []
    const typed = { login: user, password: this.simulator.desk.password(user) }
    const server = createServer((request, response) => {
      const page = new URL(request.url ?? '/', 'http://localhost').searchParams.get('open') ?? ''
      opened.push(this.#browser.signIn(page, typed))
      response.end()
    })
    try {
      const done = await this.run(args, { env: { PATH: await this.#openerPath(server) } })
      return { done, pages: await Promise.all(opened) }
    } finally {
      server.close()
    }
  }

  /** A search path on which the system's way to open an address is one that tells `server`. */
  async #openerPath(server: Server): Promise<string> {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const folder = this.place.path('opener')
    const ask = `fetch('http://127.0.0.1:${String(port)}/?open=' + encodeURIComponent(process.argv[2]))`
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'xdg-open'), `#!${process.execPath}\n${ask}\n`, { mode: 0o700 })
    return [folder, process.env.PATH ?? ''].join(delimiter)
  }

  /** The same in a desktop session with a keychain of its own, which stays with the place. */
  async runWithKeychain(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const underWay: Promise<unknown>[] = []
    const { HOLDFAST_PROFILE = '' } = this.place.environment
    const done = await runInSession({
      script: program,
      args,
      home: this.place.folder,
      environment: { ...this.#environment, HOLDFAST_PROFILE, HOLDFAST_PASSPHRASE: PASSPHRASE, ...env },
      onLine: (line) => underWay.push(this.#notice(line, undefined)),
    })
    await Promise.all(underWay)
    this.seen.push(done.stdout, done.stderr)
    return { ...done, messages: [] }
  }

  /** Every place where one of the secrets shows: files, output, lists of processes. */
  async leaks(secrets: readonly string[]): Promise<readonly string[]> {
    return placesOf(secrets, { seen: this.seen, folder: this.place.folder })
  }

  /** While the program goes on. */
  async #notice(line: string, user: string | undefined): Promise<void> {
    this.seen.push(await processList())
    const [, page, code] = /^Open (\S+) in a browser.* type the code (\w+)\./.exec(line) ?? []
    if (user === undefined || page === undefined || code === undefined) return
    await this.#browser.signIn(page, { login: user, password: this.simulator.desk.password(user), code })
  }
}
