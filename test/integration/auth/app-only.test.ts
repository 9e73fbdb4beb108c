import { createHash, verify } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from 'undici'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createAppOnlyTokenSource, type AppOnlyOptions } from '../../../src-main/auth/app-only-token-source.ts'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import { keyPem, makeCertificate, type TestCertificate } from '../../unit/auth/certificates.ts'
import { steppingClock } from '../../unit/graph/client/clocks.ts'
import { failure } from '../../unit/graph/client/test-graph.ts'

const tenantId = '22222222-0000-0000-0000-000000000000'
const clientId = '33333333-0000-0000-0000-000000000000'

interface Login {
  readonly url: string
  readonly forms: readonly URLSearchParams[]
  readonly paths: readonly string[]
}

type Reply = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> } | 'reset'

let certificate: TestCertificate

beforeAll(() => {
  certificate = makeCertificate('127.0.0.1')
})

const issued = (token: string): Reply => ({
  status: 200,
  body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token },
})

const refused = (aadsts: number, error = 'invalid_client'): Reply => ({
  status: error === 'invalid_client' ? 401 : 400,
  body: {
    error,
    error_description: `AADSTS${aadsts}: something about somebody@example.com`,
    error_codes: [aadsts],
    timestamp: '2026-11-21 10:00:00Z',
    trace_id: 'a',
    correlation_id: 'b',
  },
})

/** A sign-in service on loopback, gone with the test. */
async function login(reply: (form: URLSearchParams, index: number) => Reply, secure = false): Promise<Login> {
  const forms: URLSearchParams[] = []
  const paths: string[] = []
  const listener: RequestListener = (request, response) => {
    void bodyOf(request).then((body) => {
      const form = new URLSearchParams(body)
      forms.push(form)
      paths.push(request.url ?? '')
      const answer = reply(form, forms.length - 1)
      if (answer === 'reset') return response.destroy()
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      return response.end(JSON.stringify(answer.body))
    })
  }
  const tls = { key: keyPem(certificate), cert: certificate.certificate }
  const server = secure ? createHttpsServer(tls, listener) : createHttpServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`, forms, paths }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function options(loginBaseUrl: string, more: Partial<AppOnlyOptions> = {}): AppOnlyOptions {
  return { tenantId, clientId, secret: 'the secret', loginBaseUrl, clock: steppingClock(), random: () => 0.5, ...more }
}

describe('signing in with a secret', () => {
  it('gets a token from a service on plain http of this machine', async () => {
    const service = await login(() => issued('token-1'))
    const source = await createAppOnlyTokenSource(options(service.url, { graphBaseUrl: 'https://graph.example/' }))
    expect(await source.token()).toBe('token-1')
    expect(await source.token()).toBe('token-1')
    expect(service.paths.map((path) => path.replace(/\?.*/, ''))).toEqual([`/${tenantId}/oauth2/v2.0/token`])
    expect(Object.fromEntries(service.forms[0] ?? [])).toMatchObject({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: 'the secret',
      scope: 'https://graph.example/.default',
    })
  })

  it('takes the name of a tenant as it is', async () => {
    const service = await login(() => issued('token-1'))
    const source = await createAppOnlyTokenSource(options(service.url, { tenantId: 'Contoso.OnMicrosoft.com' }))
    expect(await source.token()).toBe('token-1')
    expect(service.paths[0]?.toLowerCase()).toMatch(/^\/contoso\.onmicrosoft\.com\/oauth2\/v2\.0\/token/)
  })

  it('gets a token over https from a host that Microsoft does not know', async () => {
    const service = await login(() => issued('token-1'), true)
    const dispatcher = new Agent({ connect: { ca: certificate.certificate } })
    onTestFinished(() => dispatcher.close())
    const source = await createAppOnlyTokenSource(options(service.url, { dispatcher }))
    expect(await source.token()).toBe('token-1')
  })

  it('does not trust a certificate that nobody vouches for', async () => {
    const service = await login(() => issued('token-1'), true)
    const source = await createAppOnlyTokenSource(options(service.url))
    const error = await failure(source.token())
    expect(isEngineError(error, 'auth.unreachable') && error.context.fault).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(service.forms).toHaveLength(0)
  })

  it('asks again on refresh, and passes claims on', async () => {
    const service = await login((_form, index) => issued(`token-${index + 1}`))
    const source = await createAppOnlyTokenSource(options(service.url))
    await source.token()
    expect(await source.token({ refresh: true })).toBe('token-2')
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
    expect(await source.token({ refresh: true, claims })).toBe('token-3')
    const sent = JSON.parse(service.forms[2]?.get('claims') ?? '{}') as { access_token: unknown }
    expect(sent.access_token).toMatchObject({
      nbf: { essential: true, value: '1604106651' },
      xms_cc: { values: ['cp1'] },
    })
  })

  it('goes on when the service fails in passing', async () => {
    const service = await login((_form, index) => {
      if (index === 0) return 'reset'
      if (index === 1) return { status: 503, body: {} }
      return index === 2 ? { status: 429, body: {}, headers: { 'retry-after': '7' } } : issued('token-1')
    })
    const clock = steppingClock()
    const source = await createAppOnlyTokenSource(options(service.url, { clock }))
    expect(await source.token()).toBe('token-1')
    expect(clock.waits).toEqual([500, 1000, 7000])
  })

  it.each([
    [7000215, 'invalid_client', 'auth.secret-refused', { reason: 'wrong' }],
    [7000222, 'invalid_client', 'auth.secret-refused', { reason: 'expired' }],
    [65001, 'invalid_grant', 'auth.consent-missing', {}],
    [700016, 'unauthorized_client', 'auth.failed', { reason: 'unknown-application' }],
    [90002, 'invalid_request', 'auth.failed', { reason: 'unknown-tenant' }],
    [50034, 'invalid_grant', 'auth.failed', {}],
  ])('tells what AADSTS%i means', async (aadsts, word, code, context) => {
    const service = await login(() => refused(aadsts, word))
    const source = await createAppOnlyTokenSource(options(service.url))
    const error = await failure(source.token())
    expect(isEngineError(error) && [error.code, error.retry, error.context]).toEqual([
      code,
      'reauth',
      { ...context, aadsts, error: word },
    ])
    expect(service.forms).toHaveLength(1)
  })

  it.each([
    ['nothing listens', 'http://127.0.0.1:1', { fault: 'ECONNREFUSED' }],
    ['the name does not exist', 'https://login.invalid', {}],
  ])('tells that %s', async (_name, url, context) => {
    const source = await createAppOnlyTokenSource(options(url))
    const error = await failure(source.token())
    expect(isEngineError(error, 'auth.unreachable') && error.retry).toBe('later')
    expect(isEngineError(error) && error.context).toMatchObject(context)
  })

  it('tells that something else answers there', async () => {
    const service = await login(() => ({ status: 500, body: 'x' }))
    const source = await createAppOnlyTokenSource(options(service.url))
    const error = await failure(source.token())
    expect(isEngineError(error, 'auth.unreachable') && error.context).toEqual({ status: 500 })
    // The next caller is not refused because of the last one.
    await failure(source.token())
    expect(service.forms).toHaveLength(8)
  })

  it('keeps the secret out of what it throws', async () => {
    const service = await login(() => refused(7000215))
    const source = await createAppOnlyTokenSource(options(service.url))
    let text = ''
    for (let at: unknown = await failure(source.token()); at instanceof Error; at = at.cause) text += String(at.stack)
    expect(text).not.toContain('the secret')
  })
})

describe('signing in with a certificate', () => {
  async function pemFile(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-sign-in-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'certificate.pem')
    await writeFile(path, keyPem(certificate, 'secret') + certificate.certificate)
    return path
  }

  it('signs its request with the key, and names the certificate by its SHA-256 thumbprint', async () => {
    const service = await login(() => issued('token-1'))
    const { secret: _none, ...base } = options(service.url)
    const source = await createAppOnlyTokenSource({
      ...base,
      certificate: { path: await pemFile(), password: 'secret' },
    })
    expect(await source.token()).toBe('token-1')
    const form = service.forms[0]
    expect(form?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    expect(form?.has('client_secret')).toBe(false)
    const [header = '', payload = '', signature = ''] = form?.get('client_assertion')?.split('.') ?? []
    const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
    const thumbprint = createHash('sha256').update(certificate.der).digest('base64url')
    expect(decode(header)).toMatchObject({ alg: 'PS256', 'x5t#S256': thumbprint })
    expect(decode(payload)).toMatchObject({ iss: clientId, sub: clientId })
    const key = { key: certificate.certificate, padding: 6, saltLength: 32 }
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  it('tells that Microsoft does not know the certificate', async () => {
    const service = await login(() => refused(700027))
    const { secret: _none, ...base } = options(service.url)
    const source = await createAppOnlyTokenSource({
      ...base,
      certificate: { path: await pemFile(), password: 'secret' },
    })
    const error = await failure(source.token())
    expect(isEngineError(error, 'auth.certificate-refused') && error.context.reason).toBe('not-registered')
  })

  it('tells at once that the file cannot be read', async () => {
    const { secret: _none, ...base } = options('http://127.0.0.1:1')
    const error = await failure(createAppOnlyTokenSource({ ...base, certificate: { path: await pemFile() } }))
    expect(isEngineError(error, 'auth.certificate-password') && error.context.reason).toBe('missing')
  })
})

describe('options that do not fit', () => {
  it.each([
    ['plain http elsewhere', { loginBaseUrl: 'http://login.example.com' }, 'login-base-url'],
    ['no address', { loginBaseUrl: 'login' }, 'login-base-url'],
    ['both a secret and a certificate', { certificate: { path: 'x' } }, 'secret-or-certificate'],
    ['an empty secret', { secret: '' }, 'secret-or-certificate'],
  ])('%s is refused', async (_name, more, reason) => {
    const error = await failure(createAppOnlyTokenSource({ ...options('https://login.example.com'), ...more }))
    expect(isEngineError(error, 'usage') && error.context.reason).toBe(reason)
  })
})
