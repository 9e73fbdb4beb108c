import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAppOnlyTokenSource } from '../../src-main/auth/app-only-token-source.ts'
import { createLocalFolder } from '../../src-main/destinations/local-folder/local-folder.ts'
import type { Catalog } from '../../src-main/engine/catalog/catalog.ts'
import { backUp } from '../../src-main/engine/operations/backup/back-up.ts'
import type { BackupOptions, BackupReport } from '../../src-main/engine/operations/backup/model.ts'
import { catalogFile, openUpdatedCatalog } from '../../src-main/engine/operations/catalog/open-updated.ts'
import type { Clock } from '../../src-main/engine/ports/clock.ts'
import type { ByRootKind, DataTypeReader, ItemDescriber } from '../../src-main/engine/ports/data-type.ts'
import type { DestinationStore } from '../../src-main/engine/ports/destination-store.ts'
import { initRepository } from '../../src-main/engine/repository/init.ts'
import { openRepository, type OpenRepository } from '../../src-main/engine/repository/repository.ts'
import type { ClientLimitOptions } from '../../src-main/graph/client/limits.ts'
import { createGraphClient } from '../../src-main/graph/client/client.ts'
import type { GraphClient } from '../../src-main/graph/client/types.ts'
import { createUserLister } from '../../src-main/graph/directory/users.ts'
import { mailDescriber, mailReader } from '../../src-main/graph/mail/reader.ts'
import { ofEveryKind } from './of-every-kind.ts'
import { systemClock } from './system-clock.ts'

export const PASSPHRASE = 'scene passphrase'
const CHEAP_KEY = { cost: { N: 1024, r: 8, p: 1 } }

/** What a client needs to know of a simulator, in this process or another. */
export interface SimulatorAddress {
  readonly graphBaseUrl: string
  readonly loginBaseUrl: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface SceneClientOptions {
  readonly limits?: ClientLimitOptions
  /** The machine's own, unless waits are to be shorter. */
  readonly clock?: Clock
  /** Told of every request that went out. */
  readonly onRequest?: () => void
}

export async function sceneClient(
  address: SimulatorAddress,
  { limits = {}, clock = systemClock, onRequest = () => undefined }: SceneClientOptions = {},
): Promise<GraphClient> {
  const { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret } = address
  const tokens = await createAppOnlyTokenSource({
    tenantId,
    clientId,
    secret: clientSecret,
    loginBaseUrl,
    graphBaseUrl,
    clock: systemClock,
  })
  return createGraphClient({ baseUrl: graphBaseUrl, tokens, clock, random: Math.random, limits, onRequest })
}

/** What differs from a run over all users' mail. */
export type SceneBackup = Partial<Omit<BackupOptions, 'readers'>> & {
  readonly readers?: ByRootKind<DataTypeReader> | readonly DataTypeReader[]
}

/** A repository and a profile in a folder of their own, and the steps of a run over them. */
export class BackupScene {
  readonly folder: string
  readonly store: DestinationStore
  readonly profile: string
  readonly #describers: ByRootKind<ItemDescriber>

  /**
   * `folder`: one that another scene made; otherwise a new one. `decorate` puts something around the destination.
   * `describers`: of the data types that its catalogs know.
   */
  constructor(
    folder?: string,
    decorate: (store: DestinationStore) => DestinationStore = (store) => store,
    describers: ByRootKind<ItemDescriber> | readonly ItemDescriber[] = [mailDescriber],
  ) {
    this.#describers = ofEveryKind(describers)
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'holdfast-scene-'))
    this.store = decorate(createLocalFolder(join(this.folder, 'repository')))
    this.profile = join(this.folder, 'profile')
  }

  /** Where restic finds the repository. */
  get repository(): string {
    return join(this.folder, 'repository')
  }

  async init(): Promise<void> {
    await initRepository({ store: this.store, passphrase: PASSPHRASE, key: CHEAP_KEY })
  }

  async open(): Promise<OpenRepository> {
    const repository = await openRepository({ store: this.store, passphrase: PASSPHRASE })
    await repository.loadIndex()
    return repository
  }

  /** Opens the catalog in step with the repository; `profile` names another place than the scene's own. */
  catalog(repository: OpenRepository, profile = this.profile): Promise<Catalog> {
    const file = catalogFile(profile, repository.config.id)
    const signal = new AbortController().signal
    return openUpdatedCatalog({ repository, file, describers: this.#describers, signal })
  }

  /** One run as the command line does it: open everything, back all users up, close everything. */
  async backUp(client: GraphClient, options: SceneBackup = {}): Promise<BackupReport> {
    const signal = options.signal ?? new AbortController().signal
    const repository = await this.open()
    const catalog = await this.catalog(repository)
    try {
      const roots =
        options.roots ?? (await Array.fromAsync(createUserLister(client, { tenant: 'contoso' }).roots(signal)))
      const readers = ofEveryKind(options.readers ?? [mailReader(client)])
      const series = { host: 'contoso', paths: ['/users'] }
      const fixed = {
        repository,
        catalog,
        series,
        clock: systemClock,
        program: 'holdfast test',
        signal,
      }
      return await backUp({ ...fixed, ...options, roots, readers })
    } finally {
      catalog.close()
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
