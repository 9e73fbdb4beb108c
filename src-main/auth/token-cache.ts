import type { ICachePlugin, ISerializableTokenCache } from '@azure/msal-node'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { unreadable } from './account.ts'

/**
 * Keeps MSAL's token cache of one account in the SecretStore. Two processes may renew at the same time: whoever writes
 * last wins, and both refresh tokens go on being good (Microsoft does not revoke the one that was used).
 * https://learn.microsoft.com/entra/identity-platform/refresh-tokens
 */
export function createTokenCache(secrets: SecretStore, key: string): ICachePlugin {
  return {
    async beforeCacheAccess({ tokenCache }) {
      const text = await secrets.get(key)
      if (text !== undefined) readInto(tokenCache, text)
    },
    async afterCacheAccess({ cacheHasChanged, tokenCache }) {
      if (cacheHasChanged) await secrets.set(key, tokenCache.serialize())
    },
  }
}

function readInto(cache: Pick<ISerializableTokenCache, 'deserialize'>, text: string): void {
  try {
    cache.deserialize(text)
  } catch {
    // What is there must not be quoted.
    throw unreadable()
  }
}
