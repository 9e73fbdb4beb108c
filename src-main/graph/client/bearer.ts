import type { TokenSource } from '../../engine/ports/token-source.ts'

/** The token that requests carry. */
export interface Bearer {
  token(signal?: AbortSignal): Promise<string>
  /**
   * Graph refused `used`. Asks for another one, unless somebody else has done so meanwhile. `claims` is what Graph
   * wants the new one to carry. Tells whether a new one was asked for.
   */
  refused(used: string, claims: string | undefined, signal?: AbortSignal): Promise<boolean>
}

export function createBearer(tokens: TokenSource): Bearer {
  return {
    token: (signal) => tokens.token(withSignal(signal)),
    async refused(used, claims, signal) {
      const current = await tokens.token(withSignal(signal))
      if (current !== used) return false
      await tokens.token({ refresh: true, ...(claims === undefined ? {} : { claims }), ...withSignal(signal) })
      return true
    },
  }
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}
