import { createHash, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { stayingScript } from '../../component/support/bridge-script.ts'
import { makeAuthority } from '../../integration/auth/test-authority.ts'
import { launchApp, type AppDriver } from '../../support/electron-host/launch.ts'
import { startGraphSimulator, type GraphSimulator, type SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { people } from './people.ts'

export const clientSecret = 'Vq8~the-client-secret-of-this-test'
export const vaultPassphrase = 'the passphrase of this vault'

type Tenant = NonNullable<SimulatorOptions['tenant']>

/** A machine with a profile, and a tenant over https that it trusts. */
export class Desktop {
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'))
  readonly simulator: GraphSimulator
  /** Of the tenant's services, in PEM form. */
  readonly ca: string
  readonly #args: readonly string[]
  readonly #apps: AppDriver[] = []

  private constructor(simulator: GraphSimulator, authority: { readonly ca: string; readonly cert: string }) {
    this.simulator = simulator
    this.ca = authority.ca
    writeFileSync(this.path('ca.pem'), authority.ca)
    mkdirSync(this.profile)
    const key = new X509Certificate(authority.cert).publicKey.export({ type: 'spki', format: 'der' })
    const hash = createHash('sha256').update(key).digest('base64')
    // The browser of the sign-in window trusts this one key, and nothing else more.
    this.#args = [`--ignore-certificate-errors-spki-list=${hash}`]
  }

  /** Removed when the test is over. */
  static async set(tenant: Tenant = { kind: 'inline', users: people }): Promise<Desktop> {
    const authority = makeAuthority()
    const { key, cert } = authority
    const simulator = await startGraphSimulator({ tenant, https: { key, cert }, app: { clientSecret } })
    const desktop = new Desktop(simulator, authority)
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') await desktop.tell()
      await desktop.remove()
    })
    return desktop
  }

  get profile(): string {
    return this.path('profile')
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      NODE_EXTRA_CA_CERTS: this.path('ca.pem'),
      HOLDFAST_PROFILE: this.profile,
      HOLDFAST_VAULT: this.path('vault'),
      HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase,
      HOLDFAST_OFFICE365_GRAPH_BASE_URL: this.simulator.graphBaseUrl,
      HOLDFAST_OFFICE365_LOGIN_BASE_URL: this.simulator.loginBaseUrl,
    }
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names)
  }

  /** Starts the program; the same profile each time. */
  async start(args: readonly string[] = [], theme: 'light' | 'dark' = 'light'): Promise<AppDriver> {
    const app = await launchApp({
      profile: this.profile,
      args: [...this.#args, ...args],
      env: this.environment,
      theme,
      locale: 'en-US',
    })
    this.#apps.push(app)
    return app
  }

  /** What a failed test leaves to look at. */
  async tell(): Promise<void> {
    for (const [at, app] of this.#apps.entries()) {
      for (const [number, page] of app.pages().entries()) {
        const path = join(tmpdir(), `holdfast-failed-${String(at)}-${String(number)}.png`)
        // A page that has crashed shows nothing.
        const shown = await page.screenshot({ path }).then(
          () => path,
          () => 'nothing',
        )
        console.log(`${app.urlOf(page)} showed ${shown}`)
      }
      console.log(`The program printed:\n${app.output}`)
    }
  }

  async remove(): Promise<void> {
    for (const app of this.#apps) await app.kill()
    await this.simulator.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The window of the program, once its view shows. */
export async function mainWindow(app: AppDriver): Promise<Page> {
  const page = await app.waitForWindow((url) => url.startsWith('app://'))
  page.setDefaultTimeout(60_000)
  await page.addInitScript(stayingScript)
  await page.evaluate(stayingScript)
  await page.locator('h1').first().waitFor()
  return page
}
