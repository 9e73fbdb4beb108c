/** What launch.ts tells the app's process, in its environment. */
export interface StartOptions {
  /** The folder of the app's own data. */
  readonly profile: string
  /** The main process' file. */
  readonly main: string
  /** The system prefers dark. */
  readonly dark: boolean
  readonly locale: string
}

export const startVariable = 'ELECTRON_STAND_IN'
