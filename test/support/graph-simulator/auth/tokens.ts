import { createHmac, randomBytes } from 'node:crypto'
import { guidFrom } from '../random.ts'
import { GraphError } from '../http/errors.ts'
import type { Person } from './desk.ts'
import type { AppRegistration } from './registration.ts'

export interface IssuedToken {
  readonly roles: readonly string[]
  readonly expiresAt: number
  /** Whom it is for. */
  readonly audience: string
  /** Whether the application signed in with a certificate. */
  readonly byCertificate: boolean
  /** The person in whose name it was issued; undefined for the application itself. */
  readonly person?: Person
}

/** What Graph wants of a person's tokens from now on. */
interface Challenge {
  readonly claims: string
  readonly personId: string
}

const graphAudience = 'https://graph.microsoft.com'
const graphResource = '00000003-0000-0000-c000-000000000000'

/** Access tokens that were issued. They look like Graph's, but to clients they are opaque. */
export class TokenStore {
  private readonly app: AppRegistration
  private readonly secret = randomBytes(32)
  private readonly issued = new Map<string, IssuedToken>()
  private readonly expired = new Set<string>()
  private lifetime: number
  private roles: readonly string[]
  private readonly challenges: Challenge[] = []

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

  issue(now: number, issuer: string, audience = graphAudience, byCertificate = false): string {
    const issuedAt = Math.floor(now / 1000)
    const claims = {
      aud: audience,
      iss: issuer,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + this.lifetime,
      app_displayname: 'Simulated application',
      appid: this.app.clientId,
      appidacr: byCertificate ? '2' : '1',
      idtyp: 'app',
      oid: guidFrom(this.app.clientId),
      roles: this.roles,
      tid: this.app.tenantId,
      uti: randomBytes(16).toString('base64url'),
      ver: '1.0',
    }
    const token = this.sign({ typ: 'JWT', alg: 'HS256' }, claims)
    const expiresAt = now + this.lifetime * 1000
    this.issued.set(token, { roles: this.roles, expiresAt, audience, byCertificate })
    return token
  }

  /** For a person. Those of personal accounts say nothing to whoever looks into them. */
  issueForPerson(now: number, issuer: string, person: Person, scopes: readonly string[], byClaims: boolean): string {
    const issuedAt = Math.floor(now / 1000)
    const claims = {
      aud: graphAudience,
      iss: issuer,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + this.lifetime,
      app_displayname: 'Simulated application',
      appid: this.app.clientId,
      appidacr: '0',
      idtyp: 'user',
      name: person.displayName,
      oid: person.id,
      scp: scopes.join(' '),
      tid: person.tenantId,
      upn: person.username,
      uti: randomBytes(16).toString('base64url'),
      ver: '1.0',
      ...(byClaims ? { xms_cc: ['cp1'] } : {}),
    }
    const signed = this.sign({ typ: 'JWT', alg: 'HS256' }, claims)
    const token = person.isPersonal ? `EwB${randomBytes(300).toString('base64url')}` : signed
    const expiresAt = now + this.lifetime * 1000
    this.issued.set(token, { roles: scopes, expiresAt, audience: graphAudience, byCertificate: false, person })
    return token
  }

  /** A token of the sign-in itself: who somebody is. */
  idToken(now: number, issuer: string, person: Person, nonce: string | undefined): string {
    const issuedAt = Math.floor(now / 1000)
    const more = nonce === undefined ? {} : { nonce }
    return this.sign(
      { typ: 'JWT', alg: 'HS256' },
      {
        aud: this.app.clientId,
        iss: issuer,
        iat: issuedAt,
        nbf: issuedAt,
        exp: issuedAt + this.lifetime,
        name: person.displayName,
        oid: person.isPersonal ? `00000000-0000-0000-${person.id.slice(0, 4)}-${person.id.slice(-12)}` : person.id,
        preferred_username: person.username,
        sub: createHmac('sha256', this.app.clientId).update(person.id).digest('base64url'),
        tid: person.tenantId,
        ver: '2.0',
        ...more,
      },
    )
  }

  /** Graph refuses a person's tokens from now on with these claims (JSON), until one was issued that has them. */
  challenge(personId: string, claims: string): void {
    this.challenges.push({ personId, claims })
  }

  /** The sign-in has given what Graph wanted of this person. */
  meetChallenge(personId: string, claims: string): void {
    const met = this.challenges.findIndex(
      (challenge) => challenge.personId === personId && isIn(challenge.claims, claims),
    )
    if (met >= 0) this.challenges.splice(met, 1)
  }

  /** Every token issued so far is expired from now on. */
  expireAll(): void {
    for (const token of this.issued.keys()) this.expired.add(token)
    this.issued.clear()
  }

  /** Whose token an Authorization header has; nothing for an application's, or one that is not known. */
  personOf(authorization: string | undefined): Person | undefined {
    return this.issued.get(/^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '')?.person
  }

  /**
   * The token of an Authorization header, or the 401 that Graph answers; that SharePoint answers where the token has to
   * be for one of its hosts.
   */
  check(authorization: string | undefined, now: number, loginOrigin: string, audience = graphAudience): IssuedToken {
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
    if (known.audience !== audience)
      throw unauthenticated('Access token validation failure. Invalid audience.', loginOrigin)
    // SharePoint takes applications by themselves only with a certificate.
    if (audience !== graphAudience && !known.byCertificate)
      throw unauthenticated('Unsupported app only token.', loginOrigin)
    const challenge = this.challenges.find(({ personId }) => personId === known.person?.id)
    if (challenge !== undefined) throw challenged(challenge.claims, loginOrigin)
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

/** Claims that were asked for may come with others, those of the client's own. */
function isIn(wanted: string, given: string): boolean {
  const parts = (text: string): Record<string, Record<string, unknown>> =>
    JSON.parse(text) as Record<string, Record<string, unknown>>
  const all = parts(given)
  return Object.entries(parts(wanted)).every(([token, claims]) =>
    Object.entries(claims).every(([name, value]) => JSON.stringify(all[token]?.[name]) === JSON.stringify(value)),
  )
}

/** https://learn.microsoft.com/entra/identity-platform/claims-challenge */
function challenged(claims: string, loginOrigin: string): GraphError {
  const encoded = Buffer.from(claims).toString('base64')
  const challenge = `Bearer realm="", authorization_uri="${loginOrigin}/common/oauth2/authorize", client_id="${graphResource}", error="insufficient_claims", claims="${encoded}"`
  const message = 'Continuous access evaluation resulted in challenge with result: InteractionRequired.'
  return new GraphError(401, 'InvalidAuthenticationToken', message, { headers: { 'WWW-Authenticate': challenge } })
}
