import { EngineError } from '../engine/model/errors.ts'

/** What a token allows, by its own words. */
export interface GrantedPermissions {
  /** Whether an application or a person is signed in. */
  readonly kind: 'application' | 'delegated'
  readonly names: ReadonlySet<string>
}

/**
 * Reads the permissions out of an access token: `roles` of an application, `scp` of a person. The token is not verified
 * here: it is ours, and Graph has the last word. https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function grantedPermissions(token: string): GrantedPermissions {
  const { roles, scp } = claimsOf(token)
  if (typeof scp === 'string' && scp !== '') return { kind: 'delegated', names: new Set(scp.split(' ')) }
  const names = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
  return { kind: 'application', names: new Set(names) }
}

/** Tokens of personal accounts are opaque, and say nothing. */
function claimsOf(token: string): { readonly roles?: unknown; readonly scp?: unknown } {
  const payload = token.split('.')[1]
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
    if (typeof claims === 'object' && claims !== null) return claims
  } catch {
    // Told below: the text must not be quoted.
  }
  throw new EngineError('auth.failed', { context: { reason: 'token-says-nothing' } })
}
