/** Gives access tokens for Microsoft Graph. */
export interface TokenSource {
  /**
   * A token that is valid for some minutes more. `refresh` asks for a new one even if the cached one looks valid:
   * Graph refused it. `claims` carries what a claims challenge asked for.
   * Rejects with an EngineError `auth.*`.
   */
  token(options?: {
    readonly refresh?: boolean
    readonly claims?: string
    readonly signal?: AbortSignal
  }): Promise<string>
}
