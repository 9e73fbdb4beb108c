import { openVault } from '../../../src-main/secrets/vault.ts'
import { vaultPassphrase, type Desktop } from './desktop.ts'

/** Tokens of all accounts that are kept on this machine. */
export async function keptTokens(desktop: Desktop): Promise<readonly string[]> {
  const vault = openVault({ path: desktop.path('vault'), passphrase: () => Promise.resolve(vaultPassphrase) })
  const caches = await Promise.all((await vault.list('tokens/')).map((name) => vault.get(name)))
  return caches.flatMap((cache) => tokensIn(cache ?? '{}'))
}

/** The tokens in MSAL's cache. */
function tokensIn(cache: string): readonly string[] {
  const sections = JSON.parse(cache) as Record<string, Record<string, { readonly secret?: string }>>
  return Object.values(sections).flatMap((section) => Object.values(section).flatMap(({ secret }) => secret ?? []))
}
