import { findAccount, savePerson } from '../../auth/accounts.ts'
import type { SignedInPerson, SignInParts, SignInRequest } from '../../auth/sign-in-person.ts'
import type { SignInWindow } from '../../auth/sign-in-window.ts'
import { isAccountName, type PersonAccount } from '../../auth/account.ts'
import { personScopes, readPurpose } from '../../commands/parts/login-scopes.ts'
import { OptionValues } from '../../commands/parts/option-values.ts'
import { UsageError } from '../../commands/parts/usage-error.ts'
import { EngineError } from '../../engine/index.ts'
import type { SecretStore } from '../../engine/ports/secret-store.ts'
import type { HostServices } from '../services.ts'
import { addressesOf, type Registration } from './registration.ts'

export interface AskedPerson extends Registration {
  readonly how: 'window' | 'browser' | 'device-code'
}

/**
 * Signs a person in and keeps the account. What the window offers a person is to back up and restore what is theirs, and
 * to store repositories in their OneDrive: that is what is asked for. Rejects as `holdfast login` does.
 */
export async function signInPerson(
  services: HostServices,
  asked: AskedPerson,
  signal: AbortSignal,
): Promise<PersonAccount> {
  requireAccountName(asked.name)
  // Nobody should sign in first and learn then that it cannot be kept.
  const secrets = await services.secretStore()
  const request = await requestOf(services, asked, secrets)
  const signedIn = await signIn(services, request, asked.how, signal)
  signal.throwIfAborted()
  await savePerson(secrets, signedIn)
  return signedIn.account
}

/** Throws UsageError. */
export function requireAccountName(name: string): void {
  if (isAccountName(name)) return
  throw new UsageError(
    `"${name}" cannot be the name of an account: take up to 64 letters, digits and . _ - @, with a letter or digit first.`,
  )
}

async function requestOf(
  { environment }: HostServices,
  { name, clientId, tenantId: tenant, cloud }: AskedPerson,
  secrets: SecretStore,
): Promise<SignInRequest> {
  const before = await findAccount(secrets, name)
  if (before?.kind === 'application') throw new EngineError('auth.account-taken', { context: { account: name } })
  const tenantId = tenant.trim() === '' ? 'common' : tenant.trim().toLowerCase()
  const { types } = readPurpose(new OptionValues(new Map()), 'person')
  const purpose = { types, destinations: ['onedrive-destination'], restore: true }
  return {
    ...{ name, clientId: clientId.trim(), tenantId },
    ...addressesOf(cloud, environment),
    scopes: personScopes(purpose, tenantId === 'consumers'),
    ...(before === undefined ? {} : { username: before.username }),
    ...(before?.pendingClaims === undefined ? {} : { claims: before.pendingClaims }),
  }
}

async function signIn(
  services: HostServices,
  request: SignInRequest,
  how: AskedPerson['how'],
  signal: AbortSignal,
): Promise<SignedInPerson> {
  // Loads MSAL, which takes its time.
  const { signInWithDeviceCode, signInWithWindow } = await import('../../auth/sign-in-person.ts')
  const parts: SignInParts = { clock: services.clock, signal }
  if (how === 'device-code') {
    try {
      return await signInWithDeviceCode(request, {
        ...parts,
        show: ({ userCode: code, verificationUri: url }) => services.emit('deviceCode', { code, url }),
      })
    } finally {
      services.emit('deviceCode', null)
    }
  }
  const window = how === 'window' ? services.signInWindow : await browserWindow()
  return await signInWithWindow(request, { ...parts, window })
}

async function browserWindow(): Promise<SignInWindow> {
  const { createBrowserWindow } = await import('../../auth/browser-window.ts')
  const { openBrowser } = await import('../../auth/open-browser.ts')
  return createBrowserWindow({ openBrowser, show: () => undefined })
}
