import type { SignInDesk } from './desk.ts'
import type { AppRegistration } from './registration.ts'
import type { TokenStore } from './tokens.ts'

/** What the sign-in routes need of the simulator. */
export interface SignInContext {
  readonly app: AppRegistration
  readonly tokens: TokenStore
  readonly desk: SignInDesk
  readonly loginOrigin: string
  readonly graphOrigin: string
  readonly now: () => number
}
