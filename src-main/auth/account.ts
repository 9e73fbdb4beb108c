import { EngineError } from '../engine/model/errors.ts'

interface SignedIn {
  /** What a person calls the account: the `authid` of destinations and of --account. */
  readonly name: string
  /** A directory's id or domain; for people also `common`, `organizations` or `consumers`. */
  readonly tenantId: string
  readonly clientId: string
  readonly loginBaseUrl: string
  readonly graphBaseUrl: string
}

/** An application that signs in by itself; its secret or key is kept beside it. */
export interface ApplicationAccount extends SignedIn {
  readonly kind: 'application'
  readonly credential: 'secret' | 'certificate'
}

/** A person who signed in; the tokens are kept beside it. */
export interface PersonAccount extends SignedIn {
  readonly kind: 'person'
  readonly method: 'browser' | 'device-code'
  /** MSAL's name for the person: object id and directory id. */
  readonly homeAccountId: string
  /** The directory that the person belongs to. */
  readonly homeTenantId: string
  /** What the person signs in as, usually an address. */
  readonly username: string
  /** What the person consented to, as Graph's permissions. */
  readonly scopes: readonly string[]
  /** What Graph wanted of the token and the sign-in did not give without the person: for the next sign-in. */
  readonly pendingClaims?: string
}

/** An account as it is kept in the SecretStore: names and addresses, no secret. */
export type Account = ApplicationAccount | PersonAccount

/** The directory of all personal accounts. */
export const personalTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

export function isPersonal({ homeTenantId }: PersonAccount): boolean {
  return homeTenantId === personalTenantId
}

const validName = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u

/** Whether a name can stand in a URL, in a command line and in the keychain as it is. */
export function isAccountName(name: string): boolean {
  return validName.test(name)
}

/** Throws `secrets.failed` on what no version of this program has written. */
export function parseAccount(text: string): Account {
  const value = parseJson(text)
  const common = ['name', 'tenantId', 'clientId', 'loginBaseUrl', 'graphBaseUrl']
  const own = value.kind === 'application' ? ['credential'] : ['method', 'homeAccountId', 'homeTenantId', 'username']
  const isWhole = [...common, ...own].every((name) => typeof value[name] === 'string')
  const isKnown = value.kind === 'application' || (value.kind === 'person' && Array.isArray(value.scopes))
  if (!isWhole || !isKnown) throw unreadable()
  return value as unknown as Account
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Told below: what is there must not be quoted.
  }
  throw unreadable()
}

export function unreadable(): EngineError {
  return new EngineError('secrets.failed', { context: { reason: 'not-readable' } })
}
