import type { StoredUser } from '../../../state/user.ts'
import type { Identity } from './item.ts'

/** A user of the tenant as drives name people. */
export function identityOf(user: StoredUser): Identity & { readonly email: string } {
  return { id: user.id, displayName: user.displayName, email: user.mail ?? user.userPrincipalName }
}
