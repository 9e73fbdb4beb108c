import { EngineError } from '../engine/model/errors.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { parseAccount, unreadable, type Account } from './account.ts'
import type { SigningCertificate } from './certificate.ts'
import type { SignedInPerson } from './sign-in-person.ts'

/** What an application signs in with. */
export type StoredCredential = { readonly secret: string } | { readonly certificate: SigningCertificate }

const accountPrefix = 'account/'
const accountKey = (name: string): string => accountPrefix + storedName(name)
const credentialKey = (name: string): string => `credential/${storedName(name)}`
export const tokensKey = (name: string): string => `tokens/${storedName(name)}`

/** "Work" and "work" are one account. */
function storedName(name: string): string {
  return name.toLowerCase()
}

/** Sorted by name. */
export async function listAccounts(secrets: SecretStore): Promise<readonly Account[]> {
  const accounts: Account[] = []
  for (const key of await secrets.list(accountPrefix)) {
    const text = await secrets.get(key)
    if (text !== undefined) accounts.push(parseAccount(text))
  }
  return accounts
}

export async function findAccount(secrets: SecretStore, name: string): Promise<Account | undefined> {
  const text = await secrets.get(accountKey(name))
  return text === undefined ? undefined : parseAccount(text)
}

/** Rejects with `auth.no-account`. */
export async function requireAccount(secrets: SecretStore, name: string): Promise<Account> {
  const account = await findAccount(secrets, name)
  if (account === undefined) throw new EngineError('auth.no-account', { context: { account: name } })
  return account
}

export async function saveAccount(secrets: SecretStore, account: Account): Promise<void> {
  await secrets.set(accountKey(account.name), JSON.stringify(account))
}

/** The credential first: an account without one would be listed and could not sign in. */
export async function saveApplication(
  secrets: SecretStore,
  account: Account,
  credential: StoredCredential,
): Promise<void> {
  await secrets.set(credentialKey(account.name), JSON.stringify(credential))
  await saveAccount(secrets, account)
}

/** Forgets the account, its tokens, its secret and its key. Tells whether there was anything. */
export async function removeAccount(secrets: SecretStore, name: string): Promise<boolean> {
  const removed: boolean[] = []
  for (const key of [tokensKey(name), credentialKey(name), accountKey(name)]) removed.push(await secrets.delete(key))
  return removed.includes(true)
}

/** Rejects with `secrets.failed` if it is not there. */
export async function readCredential(secrets: SecretStore, name: string): Promise<StoredCredential> {
  const text = await secrets.get(credentialKey(name))
  if (text === undefined) throw unreadable()
  return parseCredential(text)
}

function parseCredential(text: string): StoredCredential {
  try {
    const { secret, certificate } = JSON.parse(text) as Partial<{ secret: unknown; certificate: unknown }>
    if (typeof secret === 'string') return { secret }
    if (isSigningCertificate(certificate)) return { certificate }
  } catch {
    // Told below: what is there must not be quoted.
  }
  throw unreadable()
}

function isSigningCertificate(value: unknown): value is SigningCertificate {
  if (typeof value !== 'object' || value === null) return false
  const { privateKey, thumbprintSha256 } = value as Partial<Record<keyof SigningCertificate, unknown>>
  return typeof privateKey === 'string' && typeof thumbprintSha256 === 'string'
}

/**
 * Keeps a person's tokens. Rejects with `auth.account-taken` when the name stands for somebody else, whose data would
 * otherwise be mixed with this one's.
 */
export async function savePerson(secrets: SecretStore, { account, tokenCache }: SignedInPerson): Promise<void> {
  const before = await findAccount(secrets, account.name)
  if (before?.kind === 'application')
    throw new EngineError('auth.account-taken', { context: { account: account.name } })
  if (before !== undefined && before.homeAccountId !== account.homeAccountId)
    throw new EngineError('auth.account-taken', { context: { account: account.name, reason: 'other-person' } })
  await secrets.set(tokensKey(account.name), tokenCache)
  await saveAccount(secrets, account)
}
