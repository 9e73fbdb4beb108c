import type { Account } from '../../auth/account.ts'
import type { AppOnlyTokens } from '../../auth/app-only-token-source.ts'
import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { SignedIn } from '../../graph/calendar/calendar-owner.ts'
import { createGraphClient } from '../../graph/client/client.ts'
import { clouds, type Cloud } from '../../graph/client/clouds.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import { openAccount } from './account-option.ts'
import type { Session } from './session.ts'
import type { ApplicationOptions, CertificateOptions, SourceOptions } from './source-options.ts'
import { programVersion } from './version.ts'

/** Somebody who can ask Graph. Nothing is sent before something is asked. */
export interface SignIn {
  readonly as: SignedIn
  /** Undefined for an application that the options name. */
  readonly account: Account | undefined
  /** The directory, lower case: an application's as it was typed, by id or by domain. */
  readonly tenantId: string
  readonly graphBaseUrl: string
  readonly loginBaseUrl: string
  readonly tokens: AppOnlyTokens
  /** Shared by all of the call that sign in alike; the session closes it. */
  readonly client: GraphClient
}

/** What the makers of clients need, beside who asks. */
export function clientParts(): { clock: typeof systemClock; random: () => number; userAgent: string } {
  return { clock: systemClock, random: Math.random, userAgent: `ISV|Holdfast|Holdfast/${programVersion()}` }
}

/**
 * Gets ready to sign in as the options say. Rejects with UsageError, `usage` (base URLs), `auth.certificate-*` (context:
 * certificate), `auth.no-account`, or `secrets.*`.
 */
export async function signIn(session: Session, source: SourceOptions): Promise<SignIn> {
  if ('account' in source) return await signInAccount(session, source.account, '--account')
  if ('secret' in source.credential) session.secrets.add(source.credential.secret)
  const { tenantId, clientId, scope = '' } = source
  const { graphBaseUrl, loginBaseUrl } = { ...cloudOf(source), ...source }
  const tokens = await openTokens(source, graphBaseUrl, loginBaseUrl)
  const client = sharedClient(session, graphBaseUrl, tokens, ['app', tenantId, clientId, scope])
  return { as: 'app', account: undefined, tenantId, graphBaseUrl, loginBaseUrl, tokens, client }
}

/** The same with an account of this machine. `option` is how it was named. */
export async function signInAccount(session: Session, name: string, option: string): Promise<SignIn> {
  const { account, tenantId, graphBaseUrl, loginBaseUrl, tokens } = await openAccount(session, name, option)
  const isPerson = account.kind === 'person'
  const who = isPerson
    ? ['person', account.homeAccountId, account.tenantId, account.clientId]
    : ['app', tenantId, account.clientId, '']
  const client = sharedClient(session, graphBaseUrl, tokens, who)
  return { as: isPerson ? 'person' : 'app', account, tenantId, graphBaseUrl, loginBaseUrl, tokens, client }
}

/** Graph counts requests by application and tenant: whoever is the same to it shares the limits. */
function sharedClient(
  { connections }: Session,
  graphBaseUrl: string,
  { graph }: AppOnlyTokens,
  who: readonly string[],
): GraphClient {
  const key = JSON.stringify([graphBaseUrl.replace(/\/+$/, ''), ...who])
  return connections.client(key, () => createGraphClient({ ...clientParts(), baseUrl: graphBaseUrl, tokens: graph }))
}

function cloudOf({ cloud }: Pick<ApplicationOptions, 'cloud'>): Cloud {
  return new Map<string, Cloud>(Object.entries(clouds)).get(cloud) ?? clouds.global
}

async function openTokens(
  source: ApplicationOptions,
  graphBaseUrl: string,
  loginBaseUrl: string,
): Promise<AppOnlyTokens> {
  const { tenantId, clientId, credential, scope } = source
  // Loads MSAL, which takes its time.
  const { createAppOnlyTokens } = await import('../../auth/app-only-token-source.ts')
  try {
    return await createAppOnlyTokens({
      tenantId,
      clientId,
      graphBaseUrl,
      loginBaseUrl,
      clock: systemClock,
      ...credential,
      ...(scope === undefined ? {} : { scope }),
    })
  } catch (error) {
    throw 'certificate' in credential ? withCertificate(error, credential.certificate) : error
  }
}

function withCertificate(error: unknown, { path }: CertificateOptions): unknown {
  if (!isEngineError(error)) return error
  return new EngineError(error.code, { context: { ...error.context, certificate: path }, cause: error })
}
