import { randomBytes } from 'node:crypto'
import type { Sealer } from '../crypto/seal.ts'
import { EngineError, isEngineError } from '../model/errors.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { formatPolynomial, isIrreducible, parsePolynomial, randomPolynomial } from './polynomial.ts'
import { damagedFile, loadUnpacked } from './unpacked-file.ts'

/** https://restic.readthedocs.io/en/stable/100_references.html#repository-format */
export interface RepositoryConfig {
  readonly version: 2
  /** 64 hex digits; names the repository for ever. */
  readonly id: string
  /** Hex, without 0x. */
  readonly chunkerPolynomial: string
}

const NAME = 'config'
const VERSION = 2

/** A config for a new repository. */
export function newConfig(): RepositoryConfig {
  return {
    version: VERSION,
    id: randomBytes(32).toString('hex'),
    chunkerPolynomial: formatPolynomial(randomPolynomial()),
  }
}

/** Whether the store holds a repository. */
export async function hasConfig(store: DestinationStore, signal?: AbortSignal): Promise<boolean> {
  try {
    await store.size(NAME, signal)
    return true
  } catch (error) {
    if (isEngineError(error, 'store.not-found')) return false
    throw error
  }
}

/** Writes the config, which makes the store a repository. Rejects with repository.exists if it is one already. */
export async function saveConfig(
  store: DestinationStore,
  sealer: Sealer,
  config: RepositoryConfig,
  signal?: AbortSignal,
): Promise<void> {
  if (await hasConfig(store, signal)) throw new EngineError('repository.exists')
  await replaceConfig(store, sealer, config, signal)
}

/** Writes the config in the place of whatever is there. */
export async function replaceConfig(
  store: DestinationStore,
  sealer: Sealer,
  config: RepositoryConfig,
  signal?: AbortSignal,
): Promise<void> {
  const { version, id, chunkerPolynomial } = config
  const json = JSON.stringify({ version, id, chunker_polynomial: chunkerPolynomial })
  await store.put(NAME, [sealer.seal(Buffer.from(json))], signal)
}

/**
 * Reads the config. Rejects with repository.not-found, repository.config-damaged, or repository.version (context:
 * version) if the repository is of a version that is not read here.
 */
export async function loadConfig(
  store: DestinationStore,
  sealer: Sealer,
  signal?: AbortSignal,
): Promise<RepositoryConfig> {
  const value = await loadOrNotFound(store, sealer, signal)
  const { version, id, chunker_polynomial: polynomial } = value as Readonly<Record<string, unknown>>
  if (typeof version !== 'number') throw damagedFile(NAME, 'version')
  if (version !== VERSION) throw new EngineError('repository.version', { context: { version } })
  if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) throw damagedFile(NAME, 'id')
  const parsed = typeof polynomial === 'string' ? parsePolynomial(polynomial) : undefined
  if (parsed === undefined || !isIrreducible(parsed)) throw damagedFile(NAME, 'polynomial')
  return { version, id, chunkerPolynomial: formatPolynomial(parsed) }
}

async function loadOrNotFound(store: DestinationStore, sealer: Sealer, signal?: AbortSignal): Promise<unknown> {
  try {
    return await loadUnpacked(store, sealer, NAME, signal)
  } catch (error) {
    if (isEngineError(error, 'store.not-found')) throw new EngineError('repository.not-found', { cause: error })
    throw error
  }
}
