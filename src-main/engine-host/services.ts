import type { SignInWindow } from '../auth/sign-in-window.ts'
import type { Environment } from '../commands/parts/option-values.ts'
import type { HostContext } from './context.ts'
import type { HostState } from './host-state.ts'
import type { Limits } from './host-values.ts'
import type { OperationTable } from './operations/operation-table.ts'

/** What the host's own answers need beside what all answers share. */
export interface HostServices extends HostContext {
  readonly operations: OperationTable
  readonly state: HostState
  readonly environment: Environment
  /** A window of the program for signing in. */
  readonly signInWindow: SignInWindow
  setLimits(limits: Limits): void
  /** Whoever asks Graph from now on signs in anew. */
  accountsChanged(): void
  /** The repository is opened anew the next time, with the passphrase that is kept then. */
  reopenPlace(place: string): void
  /** Ends all operations and closes everything; resolves when that is done. */
  stop(): Promise<void>
}
