import { findAccount, savePerson } from '../auth/accounts.ts'
import type { DeviceCode, SignedInPerson, SignInParts, SignInRequest } from '../auth/sign-in-person.ts'
import { EngineError } from '../engine/model/errors.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { clouds, type Cloud } from '../graph/client/clouds.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import { openSecretStore, readAccountName } from './parts/account-option.ts'
import { withService } from './parts/error-place.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { loginApplication, type LoginPlace } from './parts/login-application.ts'
import { personScopes, readPurpose } from './parts/login-scopes.ts'
import type { Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'

/** Signs a person or an application in, and keeps the account in the keychain. */
export async function login(session: Session): Promise<ExitCode> {
  const { values } = session
  checkOptions(session)
  const place = readPlace(session)
  // Nobody should sign in first and learn then that it cannot be kept.
  const secrets = await openSecretStore(session)
  try {
    if (values.flag('app-only') === true) await loginApplication(session, place, secrets)
    else await loginPerson(session, place, secrets)
  } catch (error) {
    throw withService(error, place.graphBaseUrl, place.loginBaseUrl)
  }
  return exitCodes.done
}

function checkOptions({ values }: Session): void {
  const appOnly = values.flag('app-only') === true
  const creates = values.flag('create-certificate') === true
  if (creates && !appOnly) throw new UsageError('--create-certificate goes with --app-only.')
  if (appOnly && values.flag('device-code') === true)
    throw new UsageError('--device-code is for people, --app-only for applications: give one of them.')
  if (values.has('certificate-file') && !creates)
    throw new UsageError('--certificate-file goes with --create-certificate.')
}

function readPlace(session: Session): LoginPlace {
  const { values } = session
  const clientId = values.text('office365-client-id')
  if (clientId === undefined || clientId === '')
    throw new UsageError('The application is missing: give --office365-client-id.')
  const named: ReadonlyMap<string, Cloud> = new Map(Object.entries(clouds))
  const cloud = named.get(values.text('office365-cloud') ?? 'global') ?? clouds.global
  return {
    name: readAccountName(session),
    clientId,
    graphBaseUrl: values.text('office365-graph-base-url') ?? cloud.graphBaseUrl,
    loginBaseUrl: values.text('office365-login-base-url') ?? cloud.loginBaseUrl,
  }
}

async function loginPerson(session: Session, place: LoginPlace, secrets: SecretStore): Promise<void> {
  const { values, output } = session
  const tenantId = (values.text('office365-tenant-id') ?? 'common').toLowerCase()
  const before = await findAccount(secrets, place.name)
  if (before?.kind === 'application') throw new EngineError('auth.account-taken', { context: { account: place.name } })
  const request: SignInRequest = {
    ...place,
    tenantId,
    scopes: personScopes(readPurpose(values, 'person'), tenantId === 'consumers'),
    ...(before === undefined ? {} : { username: before.username }),
    ...(before?.pendingClaims === undefined ? {} : { claims: before.pendingClaims }),
  }
  const signedIn = await signIn(session, request)
  await savePerson(secrets, signedIn)
  const { name, username, scopes, homeTenantId } = signedIn.account
  output.line(`Signed in as ${username}; the account is called "${name}".`)
  output.object({ message_type: 'account', account: name, kind: 'person', username, tenant: homeTenantId, scopes })
}

async function signIn(session: Session, request: SignInRequest): Promise<SignedInPerson> {
  const { values, signal } = session
  // Loads MSAL, which takes its time.
  const { signInWithDeviceCode, signInWithWindow } = await import('../auth/sign-in-person.ts')
  const parts: SignInParts = { clock: systemClock, signal }
  if (values.flag('device-code') === true)
    return await signInWithDeviceCode(request, { ...parts, show: (code) => showCode(session, code) })
  const { createBrowserWindow } = await import('../auth/browser-window.ts')
  const { openBrowser } = await import('../auth/open-browser.ts')
  const window = createBrowserWindow({ openBrowser, show: (page) => showPage(session, page) })
  return await signInWithWindow(request, { ...parts, window })
}

function showCode({ output }: Session, { userCode, verificationUri, expiresInMs }: DeviceCode): void {
  output.line(`Open ${verificationUri} in a browser, on any machine, and type the code ${userCode}.`)
  const more = { verification_uri: verificationUri, user_code: userCode, expires_in: Math.round(expiresInMs / 1000) }
  output.object({ message_type: 'sign_in', ...more })
}

function showPage({ output }: Session, page: string): void {
  output.line(`Sign in in the browser that opens now. If none does, open this address on this machine:\n${page}`)
  output.object({ message_type: 'sign_in', url: page })
}
