import { InteractionRequiredAuthError, type AccountInfo, type PublicClientApplication } from '@azure/msal-node'
import type { Dispatcher } from 'undici'
import { EngineError } from '../engine/model/errors.ts'
import type { Clock } from '../engine/ports/clock.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import type { TokenSource } from '../engine/ports/token-source.ts'
import type { Account, ApplicationAccount, PersonAccount } from './account.ts'
import { findAccount, readCredential, saveAccount, tokensKey } from './accounts.ts'
import { createAppOnlyTokens, type AppOnlyTokens } from './app-only-token-source.ts'
import { createCachedTokens, type FreshToken } from './cached-tokens.ts'
import { fullScopes, openNetwork, personApplication } from './sign-in-person.ts'
import { personSignInError } from './sign-in-error.ts'
import { createTokenCache } from './token-cache.ts'

export interface AccountTokenOptions {
  readonly account: Account
  readonly secrets: SecretStore
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of back-offs. Default: Math.random. */
  readonly random?: () => number
  /** Carries the requests instead of connections of its own; the caller closes it. */
  readonly dispatcher?: Dispatcher
}

/**
 * Tokens of an account that was signed in before, for Graph and (applications with a certificate) SharePoint. A person's
 * tokens are renewed without asking; when that does not do any more, `auth.sign-in-again` says why. Rejects with
 * `secrets.*` when what is kept of the account cannot be read.
 *
 * This module loads MSAL: import it when somebody signs in.
 */
export async function createAccountTokens(options: AccountTokenOptions): Promise<AppOnlyTokens> {
  const { account } = options
  if (account.kind === 'application') return await applicationTokens(account, options)
  const acquire = (claims: string | undefined, renewed: boolean): Promise<FreshToken> =>
    renewSilently(account, options, claims, renewed)
  return { graph: createCachedTokens({ clock: options.clock, acquire }), sharePoint: () => undefined }
}

/** The same for Graph alone. */
export async function createAccountTokenSource(options: AccountTokenOptions): Promise<TokenSource> {
  const { graph } = await createAccountTokens(options)
  return graph
}

async function applicationTokens(
  { name, tenantId, clientId, loginBaseUrl, graphBaseUrl }: ApplicationAccount,
  { secrets, clock, random, dispatcher }: AccountTokenOptions,
): Promise<AppOnlyTokens> {
  const credential = await readCredential(secrets, name)
  return await createAppOnlyTokens({
    tenantId,
    clientId,
    loginBaseUrl,
    graphBaseUrl,
    clock,
    ...('secret' in credential ? { secret: credential.secret } : { signing: credential.certificate }),
    ...(random === undefined ? {} : { random }),
    ...(dispatcher === undefined ? {} : { dispatcher }),
  })
}

async function renewSilently(
  account: PersonAccount,
  options: AccountTokenOptions,
  claims: string | undefined,
  renewed: boolean,
): Promise<FreshToken> {
  const network = openNetwork(account, options)
  try {
    const cache = createTokenCache(options.secrets, tokensKey(account.name))
    const application = personApplication(account, network, cache)
    const { accessToken, expiresOn } = await application.acquireTokenSilent({
      account: await cachedPerson(application, account),
      scopes: fullScopes(account.scopes, account.graphBaseUrl),
      forceRefresh: renewed,
      ...(claims === undefined ? {} : { claims }),
    })
    return { token: accessToken, lifetimeMs: (expiresOn?.getTime() ?? 0) - Date.now() }
  } catch (error) {
    if (network.fault !== undefined) throw network.fault
    await rememberClaims(account, options.secrets, error, claims)
    throw personSignInError(error, account.name, network.refusal)
  } finally {
    await network.close()
  }
}

async function cachedPerson(application: PublicClientApplication, account: PersonAccount): Promise<AccountInfo> {
  const people = await application.getTokenCache().getAllAccounts()
  const person = people.find(({ homeAccountId }) => homeAccountId === account.homeAccountId)
  if (person !== undefined) return person
  const context = { reason: 'signed-out', account: account.name }
  throw new EngineError('auth.sign-in-again', { retry: 'reauth', context })
}

/** What only the person can give is asked for at the next sign-in. */
async function rememberClaims(
  account: PersonAccount,
  secrets: SecretStore,
  error: unknown,
  claims: string | undefined,
): Promise<void> {
  if (!(error instanceof InteractionRequiredAuthError)) return
  const pendingClaims = error.claims === '' ? claims : error.claims
  if (pendingClaims === undefined) return
  const current = await findAccount(secrets, account.name)
  if (current?.kind === 'person') await saveAccount(secrets, { ...current, pendingClaims })
}
