/**
 * Keeps secrets where nobody else on the machine can read them: the keychain of the operating system, or a vault file
 * that a passphrase encrypts. Names are paths ("account/work"): letters, digits and `._@/-`. Any text may be a value, of
 * any length. Rejects with an EngineError `secrets.*`.
 */
export interface SecretStore {
  /** Undefined if there is no secret of that name. */
  get(name: string): Promise<string | undefined>
  /** Replaces what was there. Once it has resolved, the new value survives a crash. */
  set(name: string, value: string): Promise<void>
  /** Tells whether there was one. */
  delete(name: string): Promise<boolean>
  /** Names that begin with `prefix`, sorted. */
  list(prefix: string): Promise<readonly string[]>
}
