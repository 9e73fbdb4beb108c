import { dirname } from 'node:path'
import { EngineError, isEngineError } from '../engine/model/errors.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { errnoOf, makeFolder, readText, writeWhole } from '../settings/private-file.ts'
import { checkedName } from './secret-name.ts'
import { withLock } from './vault-lock.ts'
import { deriveKey, newRecipe, parseVault, seal, unseal, type KeyRecipe, type SealedVault } from './vault-seal.ts'

export interface VaultOptions {
  readonly path: string
  /** Asked for once, when the first secret is read or written. `new`: there is no such file yet. */
  readonly passphrase: (purpose: 'open' | 'new') => Promise<string>
}

/** What opens the file, once it is known. */
interface Opener {
  readonly recipe: KeyRecipe
  readonly key: Buffer
}

/**
 * Secrets in one file, encrypted with a passphrase (scrypt, AES-256-GCM), for machines without a keychain. Several
 * processes may use it: each reads the file anew, and changes it under a lock. Rejects with `secrets.vault-passphrase`,
 * `secrets.vault-damaged`, `secrets.vault-busy`, or `secrets.vault-file` (context errno).
 */
export function openVault(options: VaultOptions): SecretStore {
  return new Vault(options)
}

class Vault implements SecretStore {
  readonly #options: VaultOptions
  #passphrase: Promise<string> | undefined
  #opener: Opener | undefined

  constructor(options: VaultOptions) {
    this.#options = options
  }

  async get(name: string): Promise<string | undefined> {
    checkedName(name)
    return (await this.#read()).get(name)
  }

  async list(prefix: string): Promise<readonly string[]> {
    return [...(await this.#read()).keys()].filter((name) => name.startsWith(prefix)).sort()
  }

  async set(name: string, value: string): Promise<void> {
    checkedName(name)
    await this.#change((secrets) => {
      secrets.set(name, value)
      return true
    })
  }

  async delete(name: string): Promise<boolean> {
    checkedName(name)
    return await this.#change((secrets) => secrets.delete(name))
  }

  async #read(): Promise<Map<string, string>> {
    const vault = await this.#file()
    return vault === undefined ? new Map() : unseal(vault, await this.#keyFor(vault.scrypt))
  }

  /** `apply` tells whether it changed anything. */
  async #change(apply: (secrets: Map<string, string>) => boolean): Promise<boolean> {
    const { path } = this.#options
    // People take their time to type: that comes before the lock.
    const before = await this.#file()
    await this.#keyFor(before?.scrypt)
    return await this.#onDisk(async () => {
      await makeFolder(dirname(path))
      return await withLock(path, async () => {
        const vault = await this.#file()
        const key = await this.#keyFor(vault?.scrypt)
        const secrets = vault === undefined ? new Map<string, string>() : unseal(vault, key)
        const changed = apply(secrets)
        if (changed && this.#opener !== undefined)
          await writeWhole(path, `${JSON.stringify(seal(secrets, this.#opener.recipe, key))}\n`)
        return changed
      })
    })
  }

  /** Undefined when there is no file yet. */
  async #file(): Promise<SealedVault | undefined> {
    const text = await this.#onDisk(() => readText(this.#options.path))
    return text === undefined ? undefined : parseVault(text)
  }

  /** Undefined stands for a new file. The slow part is done once for a file. */
  async #keyFor(recipe: KeyRecipe | undefined): Promise<Buffer> {
    const opener = this.#opener
    if (opener !== undefined && (recipe === undefined || isSame(opener.recipe, recipe))) return opener.key
    this.#passphrase ??= this.#options.passphrase(recipe === undefined ? 'new' : 'open')
    const used = recipe ?? newRecipe()
    const key = await deriveKey(await this.#passphrase, used)
    this.#opener = { recipe: used, key }
    return key
  }

  async #onDisk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isEngineError(error)) throw error
      const errno = errnoOf(error) ?? 'unknown'
      throw new EngineError('secrets.vault-file', { context: { errno, place: this.#options.path }, cause: error })
    }
  }
}

function isSame(a: KeyRecipe, b: KeyRecipe): boolean {
  return a.salt === b.salt && a.N === b.N && a.r === b.r && a.p === b.p
}
