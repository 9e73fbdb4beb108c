import { Agent, request } from 'undici'
import { onTestFinished } from 'vitest'
import { savePerson } from '../../../src-main/auth/accounts.ts'
import { createAccountTokenSource } from '../../../src-main/auth/account-token-source.ts'
import type { Account } from '../../../src-main/auth/account.ts'
import { createBrowserWindow } from '../../../src-main/auth/browser-window.ts'
import {
  signInWithDeviceCode,
  signInWithWindow,
  type SignedInPerson,
  type SignInRequest,
} from '../../../src-main/auth/sign-in-person.ts'
import type { TokenSource } from '../../../src-main/engine/ports/token-source.ts'
import { startGraphSimulator, type AppOptions, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { memorySecrets } from '../../support/memory-secrets.ts'
import { PretendBrowser, type Typed } from '../../support/pretend-browser.ts'
import { steppingClock } from '../../unit/graph/client/clocks.ts'
import type { TestAuthority } from './test-authority.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@outlook.example'

/** A tenant over https, a browser, and somewhere to keep secrets. */
export class SignInScene {
  readonly simulator: GraphSimulator
  readonly dispatcher: Agent
  readonly browser: PretendBrowser
  readonly secrets = memorySecrets()
  readonly clock = steppingClock()

  private constructor(simulator: GraphSimulator, ca: string) {
    this.simulator = simulator
    this.dispatcher = new Agent({ connect: { ca } })
    this.browser = new PretendBrowser(this.dispatcher)
  }

  static async open({ ca, key, cert }: TestAuthority, app: AppOptions = {}): Promise<SignInScene> {
    const simulator = await startGraphSimulator({
      tenant: { kind: 'inline', users: [{ userPrincipalName: ada }, { userPrincipalName: grace }] },
      https: { key, cert },
      app: { devicePollSeconds: 0.02, ...app },
    })
    simulator.desk.makePersonal(grace)
    const scene = new SignInScene(simulator, ca)
    onTestFinished(async () => {
      await scene.dispatcher.destroy()
      await simulator.close()
    })
    return scene
  }

  request(more: Partial<SignInRequest> = {}): SignInRequest {
    const { clientId, loginBaseUrl, graphBaseUrl } = this.simulator
    const scopes = ['User.Read', 'Mail.Read']
    return { name: 'work', tenantId: 'common', clientId, loginBaseUrl, graphBaseUrl, scopes, ...more }
  }

  typed(user: string, more: Partial<Typed> = {}): Typed {
    return { login: user, password: this.simulator.desk.password(user), ...more }
  }

  async byWindow(typed: Typed, more: Partial<SignInRequest> = {}): Promise<SignedInPerson> {
    const shown: Promise<unknown>[] = []
    const window = createBrowserWindow({
      openBrowser: (address) => {
        shown.push(this.browser.signIn(address, typed))
        return Promise.resolve(true)
      },
      show: () => undefined,
    })
    try {
      return await signInWithWindow(this.request(more), { clock: this.clock, dispatcher: this.dispatcher, window })
    } finally {
      await Promise.allSettled(shown)
    }
  }

  async byDeviceCode(typed: Typed, more: Partial<SignInRequest> = {}): Promise<SignedInPerson> {
    const shown: Promise<unknown>[] = []
    try {
      return await signInWithDeviceCode(this.request(more), {
        clock: this.clock,
        dispatcher: this.dispatcher,
        show: ({ verificationUri, userCode }) => {
          shown.push(this.browser.signIn(verificationUri, { ...typed, code: userCode }))
        },
      })
    } finally {
      await Promise.all(shown)
    }
  }

  /** Signs in and keeps the account. */
  async keep(signedIn: SignedInPerson): Promise<Account> {
    await savePerson(this.secrets, signedIn)
    return signedIn.account
  }

  tokens(account: Account): Promise<TokenSource> {
    const { secrets, clock, dispatcher } = this
    return createAccountTokenSource({ account, secrets, clock, dispatcher })
  }

  async graph(token: string, path: string): Promise<{ status: number; body: unknown; challenge: string | undefined }> {
    const { statusCode, headers, body } = await request(this.simulator.graphBaseUrl + path, {
      headers: { authorization: `Bearer ${token}` },
      dispatcher: this.dispatcher,
    })
    const challenge = headers['www-authenticate']
    return {
      status: statusCode,
      body: await body.json(),
      challenge: typeof challenge === 'string' ? challenge : undefined,
    }
  }
}
