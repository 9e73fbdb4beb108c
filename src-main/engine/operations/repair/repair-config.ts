import { createSealer } from '../../crypto/seal.ts'
import { isEngineError } from '../../model/errors.ts'
import type { DestinationStore } from '../../ports/destination-store.ts'
import { loadConfig, newConfig, replaceConfig, type RepositoryConfig } from '../../repository/config.ts'
import { openKey } from '../../repository/keys.ts'

export interface RepairConfigOptions {
  readonly store: DestinationStore
  readonly passphrase: string
  readonly signal?: AbortSignal
}

/**
 * Writes a new config where it is missing or damaged; gives undefined if it is sound. Nothing that is stored depends on
 * it, but new contents are cut at other places from then on, so that the next backup finds less of them stored already,
 * and the repository has another id: catalogs and restic's cache do not know it again. Rejects like `openKey`, and with
 * repository.version if the config says that another version is needed.
 */
export async function repairConfig(options: RepairConfigOptions): Promise<RepositoryConfig | undefined> {
  const { store, passphrase, signal } = options
  const sealer = createSealer(await openKey(store, passphrase, signal))
  try {
    await loadConfig(store, sealer, signal)
    return undefined
  } catch (error) {
    const isGone = isEngineError(error, 'repository.config-damaged') || isEngineError(error, 'repository.not-found')
    if (!isGone) throw error
  }
  const config = newConfig()
  await replaceConfig(store, sealer, config, signal)
  return config
}
