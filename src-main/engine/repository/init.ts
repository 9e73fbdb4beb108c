import { createSealer, randomSealingKey } from '../crypto/seal.ts'
import { EngineError } from '../model/errors.ts'
import { hasConfig, newConfig, saveConfig } from './config.ts'
import { addKey, type AddKeyOptions } from './keys.ts'
import { OpenRepository, type OpenOptions } from './repository.ts'

export interface InitOptions extends OpenOptions {
  readonly key?: AddKeyOptions
}

/**
 * Makes a new repository. Rejects with repository.exists if there is one. The config comes last: a place without it
 * is no repository, so an interrupted init can be repeated.
 */
export async function initRepository({
  store,
  passphrase,
  key: keyOptions,
  signal,
}: InitOptions): Promise<OpenRepository> {
  if (await hasConfig(store, signal)) throw new EngineError('repository.exists', { context: { place: store.location } })
  await store.prepare(signal)
  const key = randomSealingKey()
  const config = newConfig()
  await addKey(store, key, passphrase, keyOptions)
  await saveConfig(store, createSealer(key), config, signal)
  return new OpenRepository(store, key, config)
}
