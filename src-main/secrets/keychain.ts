import { randomBytes } from 'node:crypto'
import type { AsyncEntry, Credential } from 'keytar'
import { EngineError } from '../engine/model/errors.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { checkedName } from './secret-name.ts'

export interface KeychainOptions {
  /** What the entries are listed under in the keychain. Default: "Holdfast". */
  readonly service?: string
  /** UTF-16 code units in one entry; longer values are kept in several. */
  readonly partLength?: number
}

/** What of the keychain's package is used. */
interface Keyring {
  readonly AsyncEntry: typeof AsyncEntry
  findCredentialsAsync(service: string): Promise<Credential[]>
}

/** A value in one piece, or where its pieces are. */
type Head = { readonly whole: string } | { readonly generation: string; readonly parts: number }

/** Windows keeps 2,560 bytes in an entry, as UTF-16: CRED_MAX_CREDENTIAL_BLOB_SIZE in wincred.h. */
const defaultPartLength = process.platform === 'win32' ? 1200 : 32_768
/** On Linux the package would otherwise fall back in silence to the kernel's keyring, which forgets at the next start. */
const pinned = { linux: { store: 'secret-service' } } as const
/** Somebody else may replace a long value while it is read. */
const readAttempts = 5

/**
 * The keychain of the operating system: Keychain on macOS, Credential Manager on Windows, Secret Service
 * (gnome-keyring, KWallet) on Linux. Rejects with `secrets.no-keychain` where there is none.
 */
export async function openKeychain(options: KeychainOptions = {}): Promise<SecretStore> {
  const keyring = await loadKeyring()
  const service = options.service ?? 'Holdfast'
  // Asking for something tells whether there is a keychain at all.
  await ask(() => new keyring.AsyncEntry(service, 'probe', pinned).getPassword())
  return new Keychain(keyring, service, options.partLength ?? defaultPartLength)
}

/** Its native part may be missing for a platform. */
async function loadKeyring(): Promise<Keyring> {
  try {
    return (await import('keytar')).default
  } catch (error) {
    throw new EngineError('secrets.no-keychain', { context: { reason: 'not-supported' }, cause: error })
  }
}

class Keychain implements SecretStore {
  readonly #keyring: Keyring
  readonly #service: string
  readonly #partLength: number

  constructor(keyring: Keyring, service: string, partLength: number) {
    this.#keyring = keyring
    this.#service = service
    this.#partLength = partLength
  }

  async get(name: string): Promise<string | undefined> {
    checkedName(name)
    for (let attempt = 1; ; attempt++) {
      const head = await this.#head(name)
      if (head === undefined) return undefined
      if ('whole' in head) return head.whole
      const value = await this.#joined(name, head.generation, head.parts)
      if (value !== undefined) return value
      if (attempt >= readAttempts) throw new EngineError('secrets.failed', { context: { reason: 'parts-missing' } })
    }
  }

  async set(name: string, value: string): Promise<void> {
    checkedName(name)
    const before = await this.#head(name)
    // The parts first, under names of their own: until the head names them, the old value stands.
    await this.#write(name, value.length < this.#partLength ? `=${value}` : await this.#writeParts(name, value))
    await this.#removeParts(name, before)
  }

  async delete(name: string): Promise<boolean> {
    checkedName(name)
    const before = await this.#head(name)
    const deleted = await this.#remove(name)
    await this.#removeParts(name, before)
    // Two who replaced it at the same time may have left parts that nobody knows of.
    for (const account of await this.#accounts(`${name}#`)) await this.#remove(account)
    return deleted
  }

  async list(prefix: string): Promise<readonly string[]> {
    return (await this.#accounts(prefix)).filter((name) => !name.includes('#')).sort()
  }

  async #accounts(prefix: string): Promise<readonly string[]> {
    const credentials = await ask(() => this.#keyring.findCredentialsAsync(this.#service))
    return credentials.map(({ account }) => account).filter((account) => account.startsWith(prefix))
  }

  async #head(name: string): Promise<Head | undefined> {
    const text = await this.#read(name)
    if (text === undefined) return undefined
    if (text.startsWith('=')) return { whole: text.slice(1) }
    const [, generation = '', parts = ''] = /^#(\w+):(\d+)$/.exec(text) ?? []
    if (generation === '') throw new EngineError('secrets.failed', { context: { reason: 'not-ours' } })
    return { generation, parts: Number(parts) }
  }

  async #joined(name: string, generation: string, parts: number): Promise<string | undefined> {
    let value = ''
    for (let part = 0; part < parts; part++) {
      const text = await this.#read(partName(name, generation, part))
      if (text === undefined) return undefined
      value += text
    }
    return value
  }

  async #writeParts(name: string, value: string): Promise<string> {
    const generation = randomBytes(8).toString('hex')
    const pieces = split(value, this.#partLength)
    for (const [part, piece] of pieces.entries()) await this.#write(partName(name, generation, part), piece)
    return `#${generation}:${String(pieces.length)}`
  }

  async #removeParts(name: string, head: Head | undefined): Promise<void> {
    if (head === undefined || 'whole' in head) return
    for (let part = 0; part < head.parts; part++) await this.#remove(partName(name, head.generation, part))
  }

  async #read(account: string): Promise<string | undefined> {
    return (await ask(() => this.#entry(account).getPassword())) ?? undefined
  }

  async #write(account: string, text: string): Promise<void> {
    await ask(() => this.#entry(account).setPassword(text))
  }

  async #remove(account: string): Promise<boolean> {
    return await ask(() => this.#entry(account).deletePassword())
  }

  #entry(account: string): AsyncEntry {
    return new this.#keyring.AsyncEntry(this.#service, account, pinned)
  }
}

function partName(name: string, generation: string, part: number): string {
  return `${name}#${generation}.${String(part)}`
}

/** Pieces of at most `length` code units that do not cut a character in two. */
function split(value: string, length: number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < value.length;) {
    const isCut = /[\ud800-\udbff]$/.test(value.slice(at, at + length)) && at + length < value.length
    const end = at + length - (isCut ? 1 : 0)
    pieces.push(value.slice(at, end))
    at = end
  }
  return pieces
}

/** The package has messages only, in English, that quote no secret. */
async function ask<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    throw keychainError(error)
  }
}

const isMissing = /dbus|zbus|ServiceUnknown|NameHasNoOwner|No default store|not supported|NoStorageAccess.*connect/i
const isLocked = /locked|denied|dismissed|cancel|not allowed|authoriz|NoStorageAccess/i

function keychainError(error: unknown): EngineError {
  const message = error instanceof Error ? error.message : ''
  // A Secret Service without a keyring to put things into.
  if (/no result found/i.test(message))
    return new EngineError('secrets.no-keychain', { context: { reason: 'not-set-up' }, cause: error })
  if (isLocked.test(message)) return new EngineError('secrets.keychain-locked', { cause: error })
  if (isMissing.test(message)) return new EngineError('secrets.no-keychain', { cause: error })
  return new EngineError('secrets.failed', { context: { reason: 'keychain' }, cause: error })
}
