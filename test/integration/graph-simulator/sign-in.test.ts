import { constants, createHash, createSign, sign, X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import { Agent, fetch } from 'undici'
import { beforeAll, describe, expect, test } from 'vitest'
import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'
import { askForToken, errorCode, request, textAt, tokenForm } from './client.ts'
import { alex, smallTenant, withSmall } from './tenant.ts'

interface KeyPair {
  readonly key: string
  readonly cert: string
}

function selfSigned(name: string): KeyPair {
  const keys = forge.pki.rsa.generateKeyPair(2048)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = keys.publicKey
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date(Date.UTC(2020, 0, 1))
  certificate.validity.notAfter = new Date(Date.UTC(2099, 0, 1))
  certificate.setSubject([{ name: 'commonName', value: name }])
  certificate.setIssuer([{ name: 'commonName', value: name }])
  certificate.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }])
  certificate.sign(keys.privateKey, forge.md.sha256.create())
  return { key: forge.pki.privateKeyToPem(keys.privateKey), cert: forge.pki.certificateToPem(certificate) }
}

interface Assertion {
  readonly pair: KeyPair
  readonly algorithm?: 'RS256' | 'PS256'
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

function makeAssertion(simulator: GraphSimulator, { pair, algorithm = 'RS256', claims, header }: Assertion): string {
  const digest = (name: string): string =>
    createHash(name).update(new X509Certificate(pair.cert).raw).digest('base64url')
  const now = Math.floor(Date.now() / 1000)
  const fullHeader = { alg: algorithm, typ: 'JWT', ...(header ?? { x5t: digest('sha1') }) }
  const fullClaims = {
    aud: `${simulator.loginBaseUrl}/${simulator.tenantId}/oauth2/v2.0/token`,
    iss: simulator.clientId,
    sub: simulator.clientId,
    jti: 'a-unique-id',
    nbf: now,
    exp: now + 600,
    ...claims,
  }
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode(fullHeader)}.${encode(fullClaims)}`
  const signature =
    algorithm === 'RS256'
      ? createSign('sha256').update(text).sign(pair.key)
      : sign('sha256', Buffer.from(text), {
          key: pair.key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        })
  return `${text}.${signature.toString('base64url')}`
}

function assertionForm(simulator: GraphSimulator, assertion: string): URLSearchParams {
  const form = tokenForm(simulator)
  form.delete('client_secret')
  form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  form.set('client_assertion', assertion)
  return form
}

describe('discovery', () => {
  test('describes the tenant', () =>
    withSmall(async ({ simulator }) => {
      const url = `${simulator.loginBaseUrl}/${simulator.tenantId}/v2.0/.well-known/openid-configuration`
      const answer = await request(url, {})
      expect(answer.status).toBe(200)
      expect(answer.json.token_endpoint).toBe(`${simulator.loginBaseUrl}/${simulator.tenantId}/oauth2/v2.0/token`)
      expect(answer.json.issuer).toBe(`${simulator.loginBaseUrl}/${simulator.tenantId}/v2.0`)
    }))

  test('answers for the cloud instance', () =>
    withSmall(async ({ simulator }) => {
      const endpoint = encodeURIComponent(`${simulator.loginBaseUrl}/${simulator.tenantId}/oauth2/v2.0/authorize`)
      const path = `/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}`
      const answer = await request(`${simulator.loginBaseUrl}${path}`, {})
      expect(textAt(answer.json, 'tenant_discovery_endpoint')).toContain(simulator.tenantId)
    }))

  test('refuses a tenant it does not know', () =>
    withSmall(async ({ simulator }) => {
      const url = `${simulator.loginBaseUrl}/fabrikam.example/v2.0/.well-known/openid-configuration`
      const answer = await request(url, {})
      expect(answer.status).toBe(400)
      expect(answer.json.error_codes).toEqual([90002])
    }))
})

describe('token by client secret', () => {
  test('is given', () =>
    withSmall(async ({ simulator }) => {
      const answer = await askForToken(simulator, tokenForm(simulator))
      expect(answer.status).toBe(200)
      expect(answer.json).toMatchObject({ token_type: 'Bearer', expires_in: 3599 })
    }))

  test.each([
    ['wrong secret', { client_secret: 'nonsense' }, 401, 'invalid_client', 7000215],
    ['unknown app', { client_id: '00000000-0000-4000-8000-000000000000' }, 400, 'unauthorized_client', 700016],
    ['no client id', { client_id: '' }, 400, 'invalid_request', 900144],
    ['no credential', { client_secret: '' }, 401, 'invalid_client', 7000218],
    ['delegated scope', { scope: 'Mail.Read' }, 400, 'invalid_scope', 1002012],
    ['foreign resource', { scope: 'https://vault.example/.default' }, 400, 'invalid_resource', 500011],
    ['other grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
  ])('is refused: %s', (_name, change, status, error, code) =>
    withSmall(async ({ simulator }) => {
      const form = tokenForm(simulator)
      for (const [name, value] of Object.entries(change)) form.set(name, value)
      const answer = await askForToken(simulator, form)
      expect(answer.status).toBe(status)
      expect(answer.json).toMatchObject({ error, error_codes: [code] })
      expect(textAt(answer.json, 'error_description')).toMatch(new RegExp(`^AADSTS${String(code)}: `))
    }),
  )

  test('is refused in a tenant that does not exist', () =>
    withSmall(async ({ simulator }) => {
      const answer = await askForToken(simulator, tokenForm(simulator), 'fabrikam.example')
      expect(answer.json).toMatchObject({ error: 'invalid_request', error_codes: [90002] })
    }))
})

describe('token by certificate', () => {
  const pairs: { good?: KeyPair; other?: KeyPair } = {}
  beforeAll(() => {
    pairs.good = selfSigned('registered')
    pairs.other = selfSigned('not registered')
  })
  const pair = (name: 'good' | 'other'): KeyPair => {
    const found = pairs[name]
    if (found === undefined) throw new Error('Not made yet')
    return found
  }
  const ask = async (assertion: (simulator: GraphSimulator) => string): Promise<Record<string, unknown>> => {
    const simulator = await startGraphSimulator({ tenant: smallTenant, app: { certificates: [pair('good').cert] } })
    try {
      const answer = await askForToken(simulator, assertionForm(simulator, assertion(simulator)))
      return { status: answer.status, ...answer.json }
    } finally {
      await simulator.close()
    }
  }

  test.each(['RS256', 'PS256'] as const)('is given for %s and a SHA-1 thumbprint', async (algorithm) => {
    const answer = await ask((simulator) => makeAssertion(simulator, { pair: pair('good'), algorithm }))
    expect(answer).toMatchObject({ status: 200, token_type: 'Bearer' })
  })

  test('is given for a SHA-256 thumbprint', async () => {
    const digest = createHash('sha256')
      .update(new X509Certificate(pair('good').cert).raw)
      .digest('base64url')
    const header = { 'x5t#S256': digest }
    const answer = await ask((simulator) =>
      makeAssertion(simulator, { pair: pair('good'), algorithm: 'PS256', header }),
    )
    expect(answer).toMatchObject({ status: 200 })
  })

  test('is refused for a certificate that is not registered', async () => {
    const answer = await ask((simulator) => makeAssertion(simulator, { pair: pair('other') }))
    expect(answer).toMatchObject({ status: 401, error: 'invalid_client', error_codes: [700027] })
  })

  test('is refused when the signature is by another key', async () => {
    const mixed = { key: pair('other').key, cert: pair('good').cert }
    const answer = await ask((simulator) => makeAssertion(simulator, { pair: mixed }))
    expect(answer).toMatchObject({ error: 'invalid_client', error_codes: [700027] })
  })

  test.each([
    ['audience', { aud: 'https://elsewhere.example' }, 700023],
    ['expired', { exp: 1000 }, 700024],
    ['not yet valid', { nbf: 4_000_000_000 }, 700024],
    ['subject', { sub: 'someone else' }, 700021],
    ['no jti', { jti: '' }, 50027],
  ])('is refused: %s', async (_name, claims, code) => {
    const answer = await ask((simulator) => makeAssertion(simulator, { pair: pair('good'), claims }))
    expect(answer).toMatchObject({ error: 'invalid_client', error_codes: [code] })
  })

  test('works over https', async () => {
    const simulator = await startGraphSimulator({ tenant: smallTenant, https: pair('good') })
    const dispatcher = new Agent({ connect: { ca: pair('good').cert } })
    try {
      const url = `${simulator.loginBaseUrl}/${simulator.tenantId}/oauth2/v2.0/token`
      const answer = await fetch(url, { method: 'POST', body: tokenForm(simulator), dispatcher })
      expect(simulator.loginBaseUrl).toMatch(/^https:/)
      expect(answer.status).toBe(200)
    } finally {
      await dispatcher.close()
      await simulator.close()
    }
  })
})

describe('Graph and tokens', () => {
  test('a missing or foreign token is a 401 with a challenge', () =>
    withSmall(async ({ simulator }) => {
      for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
        const answer = await request(`${simulator.graphBaseUrl}/v1.0/users`, headers)
        expect(answer.status).toBe(401)
        expect(errorCode(answer)).toBe('InvalidAuthenticationToken')
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm=/)
      }
    }))

  test('tokens expire by the clock and on command', async () => {
    let now = Date.now()
    const clock = { now: () => now, wait: () => Promise.resolve() }
    await withSmall(
      async ({ graph }) => {
        expect((await graph('/users')).status).toBe(200)
        now += 61_000
        expect((await graph('/users')).status).toBe(401)
      },
      { clock, app: { tokenLifetimeSeconds: 60 } },
    )
    await withSmall(async ({ simulator, graph }) => {
      expect((await graph('/users')).status).toBe(200)
      simulator.tokens.expireAll()
      expect((await graph('/users')).status).toBe(401)
      expect(simulator.tokens.issuedCount).toBe(1)
    })
  })

  test('a missing role is a 403', async () => {
    await withSmall(
      async ({ graph }) => {
        const users = await graph('/users')
        expect([users.status, errorCode(users)]).toEqual([403, 'Authorization_RequestDenied'])
        const created = await graph(`/users/${alex}/messages`, { method: 'POST', json: { subject: 'x' } })
        expect([created.status, errorCode(created)]).toEqual([403, 'ErrorAccessDenied'])
        expect((await graph(`/users/${alex}/messages`)).status).toBe(200)
      },
      { app: { roles: ['Mail.Read'] } },
    )
  })
})
