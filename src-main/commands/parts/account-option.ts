import { resolve } from 'node:path'
import { isAccountName, type Account } from '../../auth/account.ts'
import type { AppOnlyTokens } from '../../auth/app-only-token-source.ts'
import { readCredential, requireAccount } from '../../auth/accounts.ts'
import type { SecretStore } from '../../engine/ports/secret-store.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import type { Environment } from './option-values.ts'
import { readPassphrase, terminalPrompt, vaultPassphrase } from './passphrase.ts'
import type { Session } from './session.ts'
import { UsageError } from './usage-error.ts'

const OPTION = 'account'
const VAULT = 'vault'
const DEFAULT_NAME = 'default'

/** An account that was signed in before, and its tokens. */
export interface ChosenAccount {
  readonly account: Account
  /** The directory's id (or an application's as it was typed, maybe a domain), lower case. */
  readonly tenantId: string
  readonly graphBaseUrl: string
  readonly loginBaseUrl: string
  readonly tokens: AppOnlyTokens
}

/**
 * Where accounts and their secrets are kept: the keychain, or the file that --vault names. Rejects with
 * `secrets.no-keychain` where there is no keychain; what the file needs is asked for when it is opened.
 */
export async function openSecretStore(session: Session, environment: Environment = process.env): Promise<SecretStore> {
  return await session.connections.secretStore(() => openStore(session, environment))
}

async function openStore(session: Session, environment: Environment): Promise<SecretStore> {
  const { values, output, secrets } = session
  const path = values.text(VAULT)
  if (path === undefined) {
    const { openKeychain } = await import('../../secrets/keychain.ts')
    return await openKeychain()
  }
  const { openVault } = await import('../../secrets/vault.ts')
  const warn = (sentence: string): void => output.warn(sentence)
  return openVault({
    path: resolve(path),
    passphrase: async (purpose) => {
      const passphrase = await readPassphrase(
        { values, environment, warn, ask: terminalPrompt() },
        purpose,
        vaultPassphrase,
      )
      secrets.add(passphrase)
      return passphrase
    },
  })
}

/** The account that --account names; undefined without it. Rejects with `auth.no-account` or `secrets.*`. */
export async function chosenAccount(session: Session): Promise<ChosenAccount | undefined> {
  if (session.values.text(OPTION) === undefined) return undefined
  return await openAccount(session, readAccountName(session), `--${OPTION}`)
}

/** An account by name, for instance the `authid` of a destination; `option` is how it was named. Rejects like chosenAccount. */
export async function openAccount(session: Session, name: string, option: string): Promise<ChosenAccount> {
  requireName(name, option)
  const secrets = await openSecretStore(session)
  const account = await requireAccount(secrets, name)
  await hideCredential(session, account, secrets)
  // Loads MSAL, which takes its time.
  const { createAccountTokens } = await import('../../auth/account-token-source.ts')
  const { graphBaseUrl, loginBaseUrl } = account
  const tenantId = account.kind === 'person' ? account.homeTenantId : account.tenantId
  const tokens = await createAccountTokens({ account, secrets, clock: systemClock })
  return { account, tenantId: tenantId.toLowerCase(), graphBaseUrl, loginBaseUrl, tokens }
}

async function hideCredential(session: Session, account: Account, secrets: SecretStore): Promise<void> {
  if (account.kind !== 'application' || account.credential !== 'secret') return
  const credential = await readCredential(secrets, account.name)
  if ('secret' in credential) session.secrets.add(credential.secret)
}

/** What --account says, or "default". Throws UsageError. */
export function readAccountName({ values }: Pick<Session, 'values'>): string {
  const name = values.text(OPTION) ?? DEFAULT_NAME
  requireName(name, `--${OPTION}`)
  return name
}

function requireName(name: string, option: string): void {
  if (isAccountName(name)) return
  throw new UsageError(
    `${option}: "${name}" cannot be the name of an account: take up to 64 letters, digits and . _ - @, with a letter or digit first.`,
  )
}
