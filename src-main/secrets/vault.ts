import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EngineError, isEngineError } from '../engine/model/errors.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { checkedName } from './secret-name.ts'
import { hasCode, withLock } from './vault-lock.ts'
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
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      return await withLock(path, async () => {
        const vault = await this.#file()
        const key = await this.#keyFor(vault?.scrypt)
        const secrets = vault === undefined ? new Map<string, string>() : unseal(vault, key)
        const changed = apply(secrets)
        if (changed && this.#opener !== undefined)
          await replace(path, `${JSON.stringify(seal(secrets, this.#opener.recipe, key))}\n`)
        return changed
      })
    })
  }

  /** Undefined when there is no file yet. */
  async #file(): Promise<SealedVault | undefined> {
    const text = await this.#onDisk(() => readIfThere(this.#options.path))
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
      const errno = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      throw new EngineError('secrets.vault-file', { context: { errno, place: this.#options.path }, cause: error })
    }
  }
}

function isSame(a: KeyRecipe, b: KeyRecipe): boolean {
  return a.salt === b.salt && a.N === b.N && a.r === b.r && a.p === b.p
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The file has the old content or the new one at any moment, also after a power cut. */
async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    await writeFlushed(draft, text)
    await rename(draft, path)
  } catch (error) {
    // The first error is what matters.
    await unlink(draft).catch(() => undefined)
    throw error
  }
  await flushFolder(dirname(path))
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Windows does so itself, and cannot open folders. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
