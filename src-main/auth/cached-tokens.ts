import { EngineError, isEngineError } from '../engine/model/errors.ts'
import type { Clock } from '../engine/ports/clock.ts'
import type { TokenSource } from '../engine/ports/token-source.ts'

export interface FreshToken {
  readonly token: string
  readonly lifetimeMs: number
}

export interface CachedTokensOptions {
  readonly clock: Clock
  /**
   * Rejects with an EngineError `auth.*`. `renewed`: a token that was kept from another run will not do, because the
   * last one from here was refused or ends soon.
   */
  readonly acquire: (claims: string | undefined, renewed: boolean) => Promise<FreshToken>
}

interface Cached {
  readonly token: string
  readonly expiresAt: number
  renewAt: number
}

const renewAheadMs = 5 * 60_000
/** A token that is about to expire is better than none when the sign-in service is away for a moment. */
const retryRenewalMs = 30_000

/** Keeps one token, renews it before it expires, and lets those who ask at the same time share one request. */
export function createCachedTokens({ clock, acquire }: CachedTokensOptions): TokenSource {
  let cached: Cached | undefined
  const underWay = new Map<string, Promise<string>>()

  const renew = async (claims: string | undefined, refresh: boolean): Promise<string> => {
    const { token, lifetimeMs } = await acquire(claims, refresh || cached !== undefined)
    const now = clock.now()
    const aheadMs = Math.min(renewAheadMs, lifetimeMs / 2)
    cached = { token, expiresAt: now + lifetimeMs, renewAt: now + lifetimeMs - aheadMs }
    return token
  }

  const share = (claims: string | undefined, refresh = false): Promise<string> => {
    const key = claims ?? ''
    const running = underWay.get(key)
    if (running !== undefined) return running
    const started = renew(claims, refresh).finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }

  const stillGood = async (current: Cached): Promise<string> => {
    try {
      return await share(undefined)
    } catch (error) {
      if (!isEngineError(error, 'auth.unreachable')) throw error
      current.renewAt = clock.now() + retryRenewalMs
      if (current.renewAt >= current.expiresAt) throw error
      return current.token
    }
  }

  return {
    async token({ refresh = false, claims, signal } = {}) {
      if (signal?.aborted === true) throw cancelled(signal)
      const now = clock.now()
      if (refresh || claims !== undefined || cached === undefined || now >= cached.expiresAt) {
        return await abortable(share(claims, refresh), signal)
      }
      return now < cached.renewAt ? cached.token : await abortable(stillGood(cached), signal)
    },
  }
}

/** The request goes on for the others who wait for it. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => {
    aborted.reject(cancelled(signal))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function cancelled(signal: AbortSignal): EngineError {
  return new EngineError('cancelled', { cause: signal.reason })
}
