import { hash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { createSealer, sealingKey, type SealingKey } from '../crypto/seal.ts'
import { EngineError, isEngineError } from '../model/errors.ts'
import { hexId, type HexId } from '../model/ids.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { systemUser } from '../system-user.ts'
import { hasConfig } from './config.ts'
import { goTime } from './rfc3339.ts'
import { calibrate, derive, isBearable, type ScryptCost } from './scrypt-calibration.ts'
import { damagedFile, listIds, parseJson } from './unpacked-file.ts'

/** A key file: the repository's key, sealed under a passphrase. */
export interface StoredKey {
  readonly id: HexId
  readonly created: string
  readonly username: string
  readonly hostname: string
}

/** The repository's key, and the key file that gave it. */
export interface OpenedKey extends SealingKey {
  readonly id: HexId
}

export interface AddKeyOptions {
  /** Default: calibrated on this machine, about half a second. */
  readonly cost?: ScryptCost
  readonly username?: string
  readonly hostname?: string
  /** Milliseconds since 1970; default: the machine's time. */
  readonly now?: number
  readonly signal?: AbortSignal
}

/** Not more key files are tried than restic does: each costs half a second. */
const MAX_TRIED = 20
const KDF = 'scrypt'
const SALT_SIZE = 64
const USER_KEY_SIZE = 64

interface KeyFile extends StoredKey {
  readonly cost: ScryptCost
  readonly salt: Buffer
  readonly data: Buffer
  /** False if the bytes are not those that the name stands for. */
  readonly intact: boolean
}

/**
 * Finds the key file that the passphrase opens. The one whose id begins with `hint` is tried first, damaged ones last.
 * Rejects with
 * - repository.not-found if there is neither key nor config;
 * - repository.key-damaged if the passphrase opens none and a key file is damaged, or none is left;
 * - repository.wrong-passphrase.
 */
export async function openKey(
  store: DestinationStore,
  passphrase: string,
  signal?: AbortSignal,
  hint?: string,
): Promise<OpenedKey> {
  const { files, damage, count } = await loadKeys(store, signal, hint)
  if (count === 0 && !(await hasConfig(store, signal))) throw new EngineError('repository.not-found')
  if (count === 0) throw new EngineError('repository.key-damaged', { context: { reason: 'no key file' } })
  let firstDamage = damage
  for (const file of files) {
    if (signal?.aborted === true) throw new EngineError('cancelled', { cause: signal.reason })
    const opened = await openFile(file, passphrase)
    if (opened !== undefined) return opened
    if (!file.intact) firstDamage ??= damagedFile(`keys/${file.id}`, 'hash')
  }
  throw firstDamage ?? new EngineError('repository.wrong-passphrase', { context: { tried: files.length, keys: count } })
}

/** Stores a further key file that opens the repository's key with that passphrase, and gives its id. */
export async function addKey(
  store: DestinationStore,
  key: SealingKey,
  passphrase: string,
  options: AddKeyOptions = {},
): Promise<HexId> {
  const { N, r, p } = options.cost ?? (await calibrate())
  const salt = randomBytes(SALT_SIZE)
  const userKey = splitKey(await derive(passphrase, salt, USER_KEY_SIZE, { N, r, p }))
  const text = JSON.stringify({
    created: goTime(new Date(options.now ?? Date.now()).toISOString()),
    username: options.username ?? systemUser().username,
    hostname: options.hostname ?? hostname(),
    kdf: KDF,
    N,
    r,
    p,
    salt: salt.toString('base64'),
    data: Buffer.from(createSealer(userKey).seal(Buffer.from(keyText(key)))).toString('base64'),
  })
  const bytes = Buffer.from(text)
  const id = hexId(hash('sha256', bytes, 'buffer'))
  await store.put(`keys/${id}`, [bytes], options.signal)
  return id
}

export interface RemoveKeyOptions {
  /** The key file that opened the repository may go, too. */
  readonly evenInUse?: boolean
  readonly signal?: AbortSignal
}

/**
 * Removes a key file: its passphrase no longer opens the repository. Rejects with `usage` (context: reason) if it is
 * `current` and that was not asked for, if no other readable one would be left, or if there is no such file.
 */
export async function removeKey(
  store: DestinationStore,
  id: HexId,
  current: HexId | undefined,
  { evenInUse = false, signal }: RemoveKeyOptions = {},
): Promise<void> {
  if (id === current && !evenInUse) throw refused('key in use')
  const { keys, damaged } = await listKeys(store, signal)
  if (!damaged.includes(id) && !keys.some((key) => key.id === id)) throw refused('no such key')
  if (!keys.some((key) => key.id !== id)) throw refused('last key')
  await store.remove(`keys/${id}`, signal)
}

/** The key file whose id begins so. Rejects with `usage` (context: reason) if there is none, or more than one. */
export async function resolveKey(store: DestinationStore, prefix: string, signal?: AbortSignal): Promise<HexId> {
  const start = prefix.toLowerCase()
  const [id, another] = (await listIds(store, 'keys', signal)).filter((candidate) => candidate.startsWith(start))
  if (id === undefined || start === '') throw refused('no such key')
  if (another !== undefined) throw refused('several keys')
  return id
}

/**
 * Replaces the key file that the passphrase opens by one for another passphrase; gives the new file's id. The new one is
 * stored and opened before the old one goes: at any moment one of the two passphrases opens the repository, in between
 * both. Rejects like `openKey`.
 */
export async function changePassphrase(
  store: DestinationStore,
  { from, to }: { readonly from: string; readonly to: string },
  options: AddKeyOptions = {},
): Promise<HexId> {
  const { signal } = options
  const { id: old, ...key } = await openKey(store, from, signal)
  const id = await addKey(store, key, to, options)
  const opened = await openKey(store, to, signal, id)
  if (opened.id !== id || keyText(opened) !== keyText(key))
    throw new EngineError('repository.self-check-failed', { context: { part: 'key' } })
  await removeKey(store, old, undefined, signal === undefined ? {} : { signal })
  return id
}

function refused(reason: string): EngineError {
  return new EngineError('usage', { context: { reason } })
}

/** All readable key files; `damaged` are the ids of the others. */
export async function listKeys(
  store: DestinationStore,
  signal?: AbortSignal,
): Promise<{ readonly keys: readonly StoredKey[]; readonly damaged: readonly HexId[] }> {
  const keys: StoredKey[] = []
  const damaged: HexId[] = []
  for (const id of await listIds(store, 'keys', signal)) {
    const file = await loadKey(store, id, signal)
    if (file === undefined) continue
    if (isEngineError(file) || !file.intact) damaged.push(id)
    else keys.push({ id, created: file.created, username: file.username, hostname: file.hostname })
  }
  return { keys, damaged }
}

interface LoadedKeys {
  /** In the order in which they are to be tried. */
  readonly files: readonly KeyFile[]
  readonly damage: EngineError | undefined
  /** Of all key files. */
  readonly count: number
}

async function loadKeys(store: DestinationStore, signal?: AbortSignal, hint?: string): Promise<LoadedKeys> {
  const ids = await listIds(store, 'keys', signal)
  const hinted = (id: HexId): boolean => hint !== undefined && hint !== '' && id.startsWith(hint)
  const ordered = [...ids.filter(hinted), ...ids.filter((id) => !hinted(id))].slice(0, MAX_TRIED)
  const files: KeyFile[] = []
  let damage: EngineError | undefined
  for (const id of ordered) {
    const file = await loadKey(store, id, signal)
    if (isEngineError(file)) damage ??= file
    else if (file !== undefined) files.push(file)
  }
  const intactFirst = [...files.filter(({ intact }) => intact), ...files.filter(({ intact }) => !intact)]
  return { files: intactFirst, damage, count: ids.length }
}

/** The key file, or its damage; undefined if it was removed meanwhile. */
async function loadKey(
  store: DestinationStore,
  id: HexId,
  signal?: AbortSignal,
): Promise<KeyFile | EngineError | undefined> {
  try {
    const bytes = await store.get(`keys/${id}`, undefined, signal)
    return { ...parseKey(id, bytes), intact: hash('sha256', bytes) === id }
  } catch (error) {
    if (isEngineError(error, 'store.not-found')) return undefined
    if (isEngineError(error, 'repository.key-damaged')) return error
    throw error
  }
}

function parseKey(id: HexId, bytes: Uint8Array): Omit<KeyFile, 'intact'> {
  const name = `keys/${id}`
  const fields = parseJson(name, bytes) as Readonly<Record<string, unknown>>
  const { N, r, p } = fields
  if (fields.kdf !== KDF) throw damagedFile(name, 'key derivation')
  if (typeof N !== 'number' || typeof r !== 'number' || typeof p !== 'number' || !isBearable({ N, r, p }))
    throw damagedFile(name, 'cost')
  return {
    id,
    created: text(fields.created),
    username: text(fields.username),
    hostname: text(fields.hostname),
    cost: { N, r, p },
    salt: Buffer.from(text(fields.salt), 'base64'),
    data: Buffer.from(text(fields.data), 'base64'),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The repository's key, or undefined if the passphrase is not this file's. */
async function openFile(file: KeyFile, passphrase: string): Promise<OpenedKey | undefined> {
  const userKey = splitKey(await derive(passphrase, file.salt, USER_KEY_SIZE, file.cost))
  const plain = createSealer(userKey).open(file.data)
  if (plain === undefined) return undefined
  const name = `keys/${file.id}`
  const { mac, encrypt } = parseJson(name, plain) as Readonly<Record<string, unknown>>
  if (typeof mac !== 'object' || mac === null) throw damagedFile(name, 'content')
  const { k, r } = mac as Readonly<Record<string, unknown>>
  const [encryptBytes, kBytes, rBytes] = [encrypt, k, r].map((part) => Buffer.from(text(part), 'base64'))
  if (encryptBytes === undefined || kBytes === undefined || rBytes === undefined) throw damagedFile(name, 'content')
  return { ...sealingKey(encryptBytes, kBytes, rBytes), id: file.id }
}

/** https://restic.readthedocs.io/en/stable/100_references.html#keys-encryption-and-mac */
function splitKey(bytes: Buffer): SealingKey {
  return sealingKey(bytes.subarray(0, 32), bytes.subarray(32, 48), bytes.subarray(48, 64))
}

function keyText({ encrypt, macK, macR }: SealingKey): string {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  return JSON.stringify({ mac: { k: base64(macK), r: base64(macR) }, encrypt: base64(encrypt) })
}
