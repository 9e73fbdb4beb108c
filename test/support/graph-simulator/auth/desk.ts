import { randomBytes } from 'node:crypto'
import type { StoredUser } from '../state/user.ts'
import { SignInError } from './sign-in-error.ts'

/** The directory of all personal accounts. */
export const personalTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** A user of the tenant as the sign-in service knows them. */
export interface Person {
  readonly id: string
  readonly username: string
  readonly displayName: string
  readonly tenantId: string
  readonly isPersonal: boolean
}

/** What the application asked for in a person's name. */
export interface Asked {
  readonly clientId: string
  /** Permissions without the resource in front; without those of the sign-in itself. */
  readonly scopes: readonly string[]
  /** As they were written. */
  readonly scopeText: string
  readonly claims: string | undefined
}

/** A sign-in page that somebody has open. */
export interface OpenPage extends Asked {
  readonly tenant: string
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string | undefined
  readonly codeChallenge: string
  readonly wantsClientInfo: boolean
}

export interface IssuedCode {
  readonly page: OpenPage
  readonly person: Person
  readonly secondFactor: boolean
  readonly expiresAt: number
}

export interface DeviceRequest extends Asked {
  readonly tenant: string
  readonly deviceCode: string
  readonly userCode: string
  readonly expiresAt: number
  /** Undefined until somebody has answered. */
  answer: { readonly person: Person; readonly secondFactor: boolean } | 'declined' | undefined
}

/** A refresh token's meaning. */
export interface Session {
  readonly person: Person
  readonly clientId: string
  readonly issuedAt: number
  /** The person gave a second proof when signing in. */
  readonly secondFactor: boolean
}

interface Standing {
  readonly consented: Set<string>
  isPersonal: boolean
  disabled: boolean
  secondFactor: boolean
  /** Refresh tokens from before are refused with this number. */
  ended: { readonly at: number; readonly aadsts: 50173 | 700082 } | undefined
}

/** What people have done at the sign-in service, and what administrators did to them. Users by id or name. */
export class SignInDesk {
  readonly pages = new Map<string, OpenPage>()
  readonly codes = new Map<string, IssuedCode>()
  readonly devices = new Map<string, DeviceRequest>()
  private readonly sessions = new Map<string, Session>()
  private readonly standings = new Map<string, Standing>()
  private readonly find: (idOrName: string) => StoredUser | undefined
  private readonly tenantId: string
  private count = 0

  constructor(find: (idOrName: string) => StoredUser | undefined, tenantId: string) {
    this.find = find
    this.tenantId = tenantId
  }

  /** What this user types; everybody has one of their own. */
  password(user: string): string {
    return `pass-${this.user(user).id.slice(0, 8)}-word`
  }

  /** What this user types when a second proof is wanted. */
  secondProof(user: string): string {
    return String(parseInt(this.user(user).id.slice(0, 6), 16) % 1_000_000).padStart(6, '0')
  }

  /** Makes a user one with a personal account. */
  makePersonal(user: string): void {
    this.standing(user).isPersonal = true
  }

  disable(user: string): void {
    this.standing(user).disabled = true
  }

  /** From now on nobody gets in as this user without a second proof; a session without one does not renew. */
  requireSecondFactor(user: string): void {
    this.standing(user).secondFactor = true
  }

  /** As the person does it under myapps.microsoft.com. */
  revokeConsent(user: string): void {
    this.standing(user).consented.clear()
  }

  /** As a new password does. */
  endSessions(user: string): void {
    this.standing(user).ended = { at: this.count, aadsts: 50173 }
  }

  /** As 90 days without use do. */
  expireSessions(user: string): void {
    this.standing(user).ended = { at: this.count, aadsts: 700082 }
  }

  consentedScopes(user: string): readonly string[] {
    return [...this.standing(user).consented].sort()
  }

  /** The person whose password that is; throws what the page shows otherwise. */
  signedIn(username: string, password: string, proof: string): { person: Person; secondFactor: boolean } {
    const user = this.find(username)
    if (user === undefined) throw noSuchUser()
    if (password !== this.password(user.id)) throw wrongPassword()
    const standing = this.standing(user.id)
    if (standing.disabled || !user.accountEnabled) throw disabledAccount()
    const secondFactor = proof === this.secondProof(user.id)
    if (standing.secondFactor && !secondFactor) throw secondProofWanted(undefined)
    return { person: this.person(user), secondFactor }
  }

  consent(person: Person, scopes: readonly string[]): void {
    const { consented } = this.standing(person.id)
    for (const scope of scopes) consented.add(scope)
  }

  /** A new refresh token. Earlier ones go on being good, as Microsoft's do. */
  openSession(session: Omit<Session, 'issuedAt'>): string {
    const token = `1.${randomBytes(96).toString('base64url')}`
    this.sessions.set(token, { ...session, issuedAt: ++this.count })
    return token
  }

  /** The session of a refresh token that may be renewed for these permissions; throws why not. */
  renewable(token: string, clientId: string, scopes: readonly string[]): Session {
    const session = this.sessions.get(token)
    if (session?.clientId !== clientId) throw unknownGrant()
    const { ended, disabled, consented, secondFactor } = this.standing(session.person.id)
    if (disabled) throw disabledAccount()
    if (session.issuedAt <= (ended?.at ?? 0)) throw endedSession(ended?.aadsts)
    if (!scopes.every((scope) => consented.has(scope))) throw consentMissing(clientId)
    if (secondFactor && !session.secondFactor) throw secondProofWanted(undefined)
    return session
  }

  private person(user: StoredUser): Person {
    const { isPersonal } = this.standing(user.id)
    return {
      id: user.id,
      username: user.userPrincipalName,
      displayName: user.displayName,
      tenantId: isPersonal ? personalTenantId : this.tenantId,
      isPersonal,
    }
  }

  private user(idOrName: string): StoredUser {
    const user = this.find(idOrName)
    if (user === undefined) throw new Error(`No user ${idOrName}`)
    return user
  }

  private standing(user: string): Standing {
    const { id } = this.user(user)
    const known = this.standings.get(id)
    if (known !== undefined) return known
    const standing = { consented: new Set<string>(), isPersonal: false, disabled: false, secondFactor: false }
    const made: Standing = { ...standing, ended: undefined }
    this.standings.set(id, made)
    return made
  }
}

const grant = (code: number, message: string): SignInError => new SignInError(400, 'invalid_grant', code, message)

const noSuchUser = (): SignInError =>
  grant(50034, 'The user account does not exist in the directory. To sign into this application, it must be added.')
const wrongPassword = (): SignInError =>
  grant(50126, 'Error validating credentials due to invalid username or password.')
const disabledAccount = (): SignInError => grant(50057, 'The user account is disabled.')
const unknownGrant = (): SignInError =>
  grant(70000, 'Provided grant is invalid or malformed. The refresh token was issued to another client or never.')

const consentMissing = (clientId: string): SignInError =>
  grant(65001, `The user or administrator has not consented to use the application with ID '${clientId}'.`)

function endedSession(aadsts: 50173 | 700082 | undefined): SignInError {
  if (aadsts === 700082) return grant(700082, 'The refresh token has expired due to inactivity.')
  return grant(50173, 'The provided grant has expired due to it being revoked, a fresh auth token is needed.')
}

/** Conditional access wants more than this session has; `claims` is what the next sign-in has to ask for. */
export function secondProofWanted(claims: string | undefined): SignInError {
  const message =
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use ' +
    "multi-factor authentication to access '00000003-0000-0000-c000-000000000000'."
  return new SignInError(400, 'interaction_required', 50076, message, {
    suberror: 'basic_action',
    claims:
      claims ?? '{"access_token":{"capolids":{"essential":true,"values":["8a6b1f3e-2f4d-4c57-9a0e-5d1c7b2e9f60"]}}}',
  })
}
