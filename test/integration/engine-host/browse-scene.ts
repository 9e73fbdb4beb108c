import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { methods, type HostMethod, type ParamsOf, type ValueOf } from '../../../src-shared/ipc/contract.ts'
import type { ItemRow, TreeRow } from '../../../src-shared/ipc/contract/browse.ts'
import { topics } from '../../../src-shared/ipc/contract/topics.ts'
import { internalMethods } from '../../../src-shared/ipc/contract/internal.ts'
import { saveApplication } from '../../../src-main/auth/accounts.ts'
import { browseHandlers } from '../../../src-main/engine-host/browse/handlers.ts'
import type { Handler } from '../../../src-main/engine-host/context.ts'
import { createServices } from '../../../src-main/engine-host/host-services.ts'
import type { EventOf } from '../../../src-shared/ipc/contract.ts'
import type { FromHost } from '../../../src-main/engine-host/wire.ts'
import { passphraseName } from '../../../src-main/engine-host/passphrases.ts'
import { restoreHandlers } from '../../../src-main/engine-host/restore/handlers.ts'
import { gather, Server } from '../../../src-main/engine-host/serve.ts'
import type { HostServices } from '../../../src-main/engine-host/services.ts'
import { PASSPHRASE, type BackupScene, type SimulatorAddress } from '../../support/backup-scene.ts'

export const ACCOUNT = 'Work'

type InternalName = keyof typeof internalMethods
type OperationResult = EventOf<'operationEnded'>

/** The answers of the host over a repository, asked as main asks: by the contract. */
export class BrowsedHost {
  readonly place: string
  readonly folder: string
  readonly services: HostServices
  readonly #handlers: ReadonlyMap<string, Handler<unknown, unknown>>
  readonly #ended = new Map<string, (result: OperationResult) => void>()
  readonly #results = new Map<string, OperationResult>()

  private constructor(scene: BackupScene) {
    this.place = scene.repository
    this.folder = mkdtempSync(join(tmpdir(), 'holdfast-host-'))
    const port = { postMessage: (message: FromHost) => this.#hear(message), on: () => undefined }
    const server = new Server({ port, log: () => undefined })
    this.services = createServices({
      profile: scene.profile,
      environment: { HOLDFAST_VAULT: join(this.folder, 'vault'), HOLDFAST_VAULT_PASSPHRASE: 'of the vault' },
      server,
      afterOperation: () => Promise.resolve(),
    })
    this.#handlers = gather(browseHandlers(this.services), restoreHandlers(this.services))
  }

  static async open(scene: BackupScene, address: SimulatorAddress): Promise<BrowsedHost> {
    const host = new BrowsedHost(scene)
    const secrets = await host.services.secretStore()
    await secrets.set(passphraseName(host.place), PASSPHRASE)
    const { clientId, clientSecret, tenantId, loginBaseUrl, graphBaseUrl } = address
    const account = { name: ACCOUNT, kind: 'application', credential: 'secret' } as const
    await saveApplication(
      secrets,
      { ...account, tenantId, clientId, loginBaseUrl, graphBaseUrl },
      { secret: clientSecret },
    )
    return host
  }

  /** Both what is asked and what is answered are checked by the contract. */
  async ask<M extends HostMethod>(method: M, params: ParamsOf<M>, signal?: AbortSignal): Promise<ValueOf<M>> {
    const { params: asked, value } = methods[method]
    return value.parse(await this.#call(method, asked.parse(params), signal)) as ValueOf<M>
  }

  async askInternally(method: InternalName, params: unknown): Promise<unknown> {
    const { params: asked, value } = internalMethods[method]
    return value.parse(await this.#call(method, asked.parse(params)))
  }

  /** What became of an operation, when it has ended. */
  ended(operation: string): Promise<OperationResult> {
    const known = this.#results.get(operation)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve) => this.#ended.set(operation, resolve))
  }

  async close(): Promise<void> {
    await this.services.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #hear(message: FromHost): void {
    if (message.kind !== 'event' || message.topic !== 'operationEnded') return
    const result = topics.operationEnded.parse(message.value)
    this.#results.set(result.id, result)
    this.#ended.get(result.id)?.(result)
  }

  async #call(method: string, params: unknown, signal = new AbortController().signal): Promise<unknown> {
    const handler = this.#handlers.get(method)
    if (handler === undefined) throw new Error(`nobody answers ${method}`)
    return await handler(params, { signal })
  }
}

/** A folder of the tree with the items directly in it. */
export interface InContainer {
  readonly folder: TreeRow
  readonly items: readonly ItemRow[]
}

/** All pages of the folders in a folder. */
export async function foldersIn(
  host: BrowsedHost,
  snapshot: string,
  path: string,
  query = '',
): Promise<readonly TreeRow[]> {
  const rows: TreeRow[] = []
  let cursor: string | null = null
  do {
    const page: ValueOf<'browse.folders'> = await host.ask('browse.folders', {
      ...{ place: host.place, snapshot, path, query, cursor },
    })
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor !== null)
  return rows
}

/** Everything below a folder, found as a person finds it: folder by folder. */
export async function allItems(host: BrowsedHost, snapshot: string, path = ''): Promise<readonly InContainer[]> {
  const found: InContainer[] = []
  for (const folder of await foldersIn(host, snapshot, path)) {
    const { rows, count } = await host.ask('browse.items', {
      ...{ place: host.place, snapshot, path: folder.path, offset: 0, limit: 500, order: 'newest' },
    })
    if (rows.length !== count || (folder.level === 'container' && folder.items !== count))
      throw new Error(`${folder.path} has ${rows.length} items, not ${count}`)
    const below = await allItems(host, snapshot, folder.path)
    if (folder.hasChildren !== below.length > 0) throw new Error(`${folder.path} does not know what is in it`)
    found.push({ folder, items: rows }, ...below)
  }
  return found
}
