import { createHash, randomBytes } from 'node:crypto'
import { request } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startGraphSimulator, type AppOptions, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { PretendBrowser } from '../../support/pretend-browser.ts'
import { Agent } from 'undici'

const ada = 'ada@contoso.example'
const redirectUri = 'http://localhost:7000'
const verifier = randomBytes(32).toString('base64url')
const challenge = createHash('sha256').update(verifier).digest('base64url')

interface Answer {
  readonly status: number
  readonly location: URL | undefined
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
}

/** The sign-in pages by hand, without MSAL: what they must refuse. */
class Pages {
  readonly simulator: GraphSimulator

  constructor(simulator: GraphSimulator) {
    this.simulator = simulator
  }

  static async open(app: AppOptions = {}): Promise<Pages> {
    const users = [{ userPrincipalName: ada }]
    const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users }, app })
    onTestFinished(() => simulator.close())
    return new Pages(simulator)
  }

  authorizeUrl(more: Readonly<Record<string, string>> = {}): string {
    const url = new URL(`${this.simulator.loginBaseUrl}/common/oauth2/v2.0/authorize`)
    const asked = {
      client_id: this.simulator.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid offline_access Mail.Read',
      state: 'mine',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    }
    for (const [name, value] of Object.entries(asked)) if (value !== '') url.searchParams.set(name, value)
    return url.href
  }

  async ask(url: string, form?: Readonly<Record<string, string>>): Promise<Answer> {
    const { statusCode, headers, body } = await request(url, {
      method: form === undefined ? 'GET' : 'POST',
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    })
    const text = await body.text()
    const location = typeof headers.location === 'string' ? new URL(headers.location) : undefined
    const isJson = String(headers['content-type']).includes('json')
    return { status: statusCode, location, text, json: isJson ? (JSON.parse(text) as Answer['json']) : {} }
  }

  /** Types on the page; the answer sends the browser back. */
  async type(url: string, password = this.simulator.desk.password(ada)): Promise<Answer> {
    const page = await this.ask(url)
    const id = /name="request" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const form = { request: id, login: ada, passwd: password, answer: 'accept' }
    return await this.ask(`${this.simulator.loginBaseUrl}/common/oauth2/v2.0/login`, form)
  }

  async code(): Promise<string> {
    const { location } = await this.type(this.authorizeUrl())
    return location?.searchParams.get('code') ?? ''
  }

  async token(form: Readonly<Record<string, string>>): Promise<Answer> {
    const { clientId, loginBaseUrl } = this.simulator
    return await this.ask(`${loginBaseUrl}/common/oauth2/v2.0/token`, { client_id: clientId, ...form })
  }

  redeem(code: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
    return this.token({ ...form, scope: 'openid offline_access Mail.Read', ...more })
  }
}

const codes = ({ json }: Answer): unknown => json.error_codes

describe('the sign-in page', () => {
  it('sends the browser back with a code and the state', async () => {
    const pages = await Pages.open()
    const { status, location } = await pages.type(pages.authorizeUrl())
    expect([status, location?.origin, location?.searchParams.get('state')]).toEqual([302, redirectUri, 'mine'])
    expect(await pages.redeem(location?.searchParams.get('code') ?? '')).toMatchObject({
      status: 200,
      json: { token_type: 'Bearer', scope: 'openid profile email Mail.Read' },
    })
  })

  it.each([
    ['another address', { redirect_uri: 'http://localhost.evil.example' }, 'AADSTS50011'],
    ['another application', { client_id: 'nobody' }, 'AADSTS700016'],
  ])('stays where it is for %s', async (_name, more, told) => {
    const pages = await Pages.open()
    const { status, text } = await pages.ask(pages.authorizeUrl(more))
    expect([status, text.includes(told)]).toEqual([400, true])
  })

  it.each([
    ['no challenge', { code_challenge: '' }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['nobody to be asked', { prompt: 'none' }, 'login_required'],
  ])('sends back an error for %s', async (_name, more, error) => {
    const pages = await Pages.open()
    const { location } = await pages.ask(pages.authorizeUrl(more))
    expect([location?.searchParams.get('error'), location?.searchParams.get('state')]).toEqual([error, 'mine'])
  })

  it('lets nobody in with a wrong password', async () => {
    const pages = await Pages.open()
    const { status, text } = await pages.type(pages.authorizeUrl(), 'wrong')
    expect([status, text.includes('AADSTS50126')]).toEqual([200, true])
  })
})

describe('a code', () => {
  it('is good once', async () => {
    const pages = await Pages.open()
    const code = await pages.code()
    expect((await pages.redeem(code)).status).toBe(200)
    expect(codes(await pages.redeem(code))).toEqual([54005])
  })

  it('is good only with its verifier', async () => {
    const pages = await Pages.open()
    const code = await pages.code()
    expect(codes(await pages.redeem(code, { code_verifier: 'x'.repeat(43) }))).toEqual([50148])
    // And was spent by that.
    expect(codes(await pages.redeem(code))).toEqual([54005])
  })

  it('is good only for its address', async () => {
    const pages = await Pages.open()
    expect(codes(await pages.redeem(await pages.code(), { redirect_uri: 'http://localhost:7001' }))).toEqual([50011])
  })
})

describe('a refresh token', () => {
  it('brings another one each time, and none for what was not consented to', async () => {
    const pages = await Pages.open()
    const first = String((await pages.redeem(await pages.code())).json.refresh_token)
    const renew = (token: string, scope: string): Promise<Answer> =>
      pages.token({ grant_type: 'refresh_token', refresh_token: token, scope })
    const second = await renew(first, 'Mail.Read')
    expect(second.json.refresh_token).not.toBe(first)
    expect(codes(await renew(String(second.json.refresh_token), 'Mail.ReadWrite'))).toEqual([65001])
    expect(codes(await renew('made up', 'Mail.Read'))).toEqual([70000])
  })
})

describe('a device code', () => {
  const askFor = (pages: Pages): Promise<Answer> => {
    const { loginBaseUrl, clientId } = pages.simulator
    return pages.ask(`${loginBaseUrl}/common/oauth2/v2.0/devicecode`, { client_id: clientId, scope: 'Mail.Read' })
  }
  const poll = (pages: Pages, { json }: Answer): Promise<Answer> =>
    pages.token({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: String(json.device_code) })

  it('is pending until somebody has typed it, and good once', async () => {
    const pages = await Pages.open()
    const device = await askFor(pages)
    expect((await poll(pages, device)).json.error).toBe('authorization_pending')
    const dispatcher = new Agent()
    onTestFinished(() => dispatcher.close())
    const typed = { login: ada, password: pages.simulator.desk.password(ada), code: String(device.json.user_code) }
    await new PretendBrowser(dispatcher).signIn(String(device.json.verification_uri), typed)
    expect((await poll(pages, device)).status).toBe(200)
    expect((await poll(pages, device)).json.error).toBe('bad_verification_code')
  })

  it('is for public clients', async () => {
    const pages = await Pages.open({ publicClient: false })
    expect(codes(await askFor(pages))).toEqual([7000218])
  })
})
