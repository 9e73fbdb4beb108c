import type { SimulatorRequest } from '../http/exchange.ts'
import { SignInError } from './sign-in-error.ts'
import type { SignInContext } from './context.ts'
import type { IssuedToken, TokenStore } from './tokens.ts'

/** Scopes of the sign-in itself. */
const ofSignIn = new Set(['openid', 'profile', 'email', 'offline_access'])

/** The permissions of Graph that a scope text asks for. Throws for another resource. */
export function delegatedScopes({ graphOrigin }: Pick<SignInContext, 'graphOrigin'>, scopeText: string): string[] {
  const resources = ['https://graph.microsoft.com', graphOrigin]
  return scopeText
    .split(' ')
    .filter((scope) => scope !== '' && !ofSignIn.has(scope.toLowerCase()))
    .map((scope) => {
      if (!scope.includes('://')) return scope
      const resource = resources.find((known) => scope.toLowerCase().startsWith(`${known}/`))
      if (resource !== undefined) return scope.slice(resource.length + 1)
      const message = `The resource principal named ${scope} was not found in the tenant named Contoso.`
      throw new SignInError(400, 'invalid_resource', 500011, message)
    })
}

/** Permissions of people that say "mine"; with .All they reach what others share. */
const ofOneself =
  /^(User|Files|Notes|Chat|Tasks|People|Presence|ProfilePhoto|MailboxSettings|Mail|Calendars|Contacts)\./

/**
 * The names that routes check: an application's roles as they are; a person's permissions reach the person's own data
 * (there `Files.Read` does what `Files.Read.All` does for an application), and of other users what the directory shows.
 */
export function rolesAt({ roles, person }: IssuedToken, userId: string | undefined): readonly string[] {
  if (person === undefined) return roles
  if (userId === person.id) return roles.flatMap((role) => (ofOneself.test(role) ? [role, `${role}.All`] : [role]))
  if (userId === undefined) return roles
  return roles.filter((role) => /^(User|Directory|Files|Sites)\..*\.All$/.test(role))
}

/** "/me" is the user whose token it is. */
export function withoutMe(tokens: TokenStore, request: SimulatorRequest): SimulatorRequest {
  const [, version, rest = ''] = /^(\/v1\.0)\/me(\/.*)?$/i.exec(request.path) ?? []
  const person = version === undefined ? undefined : tokens.personOf(request.headers.authorization)
  return person === undefined ? request : { ...request, path: `${version ?? ''}/users/${person.id}${rest}` }
}
