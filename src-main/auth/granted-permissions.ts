import { EngineError } from '../engine/model/errors.ts'
import { claimsOf } from './token-claims.ts'

/** What a token allows, by its own words. */
export interface GrantedPermissions {
  /** Whether an application or a person is signed in. */
  readonly kind: 'application' | 'delegated'
  readonly names: ReadonlySet<string>
}

/** Reads the permissions out of an access token: `roles` of an application, `scp` of a person. */
export function grantedPermissions(token: string): GrantedPermissions {
  const claims = claimsOf(token)
  if (claims === undefined) throw new EngineError('auth.failed', { context: { reason: 'token-says-nothing' } })
  const { roles, scp } = claims
  if (typeof scp === 'string' && scp !== '') return { kind: 'delegated', names: new Set(scp.split(' ')) }
  const names = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
  return { kind: 'application', names: new Set(names) }
}
