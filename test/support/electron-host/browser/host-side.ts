import type { Browser } from 'playwright-core'
import type { Link } from '../link/link.ts'
import type { AppMethods, HostMethods } from '../link/messages.ts'
import type { Unbroken } from './unbroken.ts'

/** What everything on the browser's side shares. */
export interface HostSide {
  readonly app: Link<HostMethods, AppMethods>
  readonly browser: Browser
  /** For preloads: `process.versions`. */
  readonly versions: Readonly<Record<string, string>>
  readonly unbroken: Unbroken
}
