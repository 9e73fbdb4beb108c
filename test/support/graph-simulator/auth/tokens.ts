import { createHmac, randomBytes } from 'node:crypto'
import { guidFrom } from '../random.ts'
import { GraphError } from '../http/errors.ts'
import type { AppRegistration } from './registration.ts'

export interface IssuedToken {
  readonly roles: readonly string[]
  readonly expiresAt: number
}

const graphResource = '00000003-0000-0000-c000-000000000000'

/** Access tokens that were issued. They look like Graph's, but to clients they are opaque. */
export class TokenStore {
  private readonly app: AppRegistration
  private readonly secret = randomBytes(32)
  private readonly issued = new Map<string, IssuedToken>()
  private readonly expired = new Set<string>()
  private lifetime: number
  private roles: readonly string[]

  constructor(app: AppRegistration) {
    this.app = app
    this.lifetime = app.tokenLifetimeSeconds
    this.roles = app.roles
  }

  /** How many tokens were issued so far. */
  get issuedCount(): number {
    return this.issued.size + this.expired.size
  }

  get lifetimeSeconds(): number {
    return this.lifetime
  }

  /** Changes what tokens issued from now on carry. */
  setRoles(roles: readonly string[]): void {
    this.roles = roles
  }

  setLifetime(seconds: number): void {
    this.lifetime = seconds
  }

  issue(now: number, issuer: string): string {
    const issuedAt = Math.floor(now / 1000)
    const claims = {
      aud: 'https://graph.microsoft.com',
      iss: issuer,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + this.lifetime,
      app_displayname: 'Simulated application',
      appid: this.app.clientId,
      idtyp: 'app',
      oid: guidFrom(this.app.clientId),
      roles: this.roles,
      tid: this.app.tenantId,
      uti: randomBytes(16).toString('base64url'),
      ver: '1.0',
    }
    const token = this.sign({ typ: 'JWT', alg: 'HS256' }, claims)
    this.issued.set(token, { roles: this.roles, expiresAt: now + this.lifetime * 1000 })
    return token
  }

  /** Every token issued so far is expired from now on. */
  expireAll(): void {
    for (const token of this.issued.keys()) this.expired.add(token)
    this.issued.clear()
  }

  /** The token of an Authorization header, or the 401 that Graph answers. */
  check(authorization: string | undefined, now: number, loginOrigin: string): IssuedToken {
    if (authorization === undefined || authorization === '')
      throw unauthenticated('Access token is empty.', loginOrigin)
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1]
    const known = token === undefined ? undefined : this.issued.get(token)
    if (token === undefined || (known === undefined && !this.expired.has(token))) {
      throw unauthenticated('CompactToken parsing failed with error code: 80049217', loginOrigin)
    }
    if (known === undefined || known.expiresAt <= now) {
      throw unauthenticated('Lifetime validation failed, the token is expired.', loginOrigin)
    }
    return known
  }

  private sign(header: object, claims: object): string {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const text = `${encode(header)}.${encode(claims)}`
    return `${text}.${createHmac('sha256', this.secret).update(text).digest('base64url')}`
  }
}

function unauthenticated(message: string, loginOrigin: string): GraphError {
  const challenge = `Bearer realm="", authorization_uri="${loginOrigin}/common/oauth2/authorize", client_id="${graphResource}"`
  return new GraphError(401, 'InvalidAuthenticationToken', message, { headers: { 'WWW-Authenticate': challenge } })
}
