import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { catalogFile } from '../../../src-main/engine/operations/catalog/open-updated.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { BackupScene, sceneClient } from '../../support/backup-scene.ts'
import { catalogRows } from '../../support/catalog-rows.ts'
import { startGraphSimulator, type GraphSimulator, type SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { servedState, storedState } from '../../support/mail-state.ts'

/** A tenant, a client of it and a place to back it up to. */
export class IncrementalWorld {
  readonly simulator: GraphSimulator
  readonly scene: BackupScene
  readonly #client: GraphClient

  static async start(options: SimulatorOptions): Promise<IncrementalWorld> {
    const simulator = await startGraphSimulator(options)
    const client = await sceneClient(simulator, { clock: impatientClock(20) })
    const scene = new BackupScene()
    await scene.init()
    return new IncrementalWorld(simulator, client, scene)
  }

  constructor(simulator: GraphSimulator, client: GraphClient, scene: BackupScene) {
    this.simulator = simulator
    this.#client = client
    this.scene = scene
  }

  /** One run; afterwards the snapshot is all that is served, and the catalog what the repository alone would give. */
  async run(): Promise<BackupReport> {
    this.simulator.log.clear()
    const report = await this.scene.backUp(this.#client)
    expect(report.unread).toEqual([])
    expect(report.notRefreshed).toEqual([])
    await this.expectAllStored(report)
    await this.expectCatalogAsRebuilt()
    return report
  }

  async expectAllStored(report: BackupReport): Promise<void> {
    const repository = await this.scene.open()
    expect(await storedState(repository, report.tree)).toEqual(await servedState(this.simulator))
  }

  async expectCatalogAsRebuilt(): Promise<void> {
    const repository = await this.scene.open()
    const profile = join(this.scene.folder, 'rebuilt')
    const catalog = await this.scene.catalog(repository, profile)
    catalog.close()
    const { id } = repository.config
    expect(catalogRows(catalogFile(this.scene.profile, id))).toEqual(catalogRows(catalogFile(profile, id)))
    rmSync(profile, { recursive: true })
  }

  loseCatalog(): void {
    rmSync(this.scene.profile, { recursive: true })
  }

  /** Another userPrincipalName for the same account and mailbox. */
  renameUser(user: string, userPrincipalName: string): void {
    const { tenant } = this.simulator
    const before = tenant.findUser(user)
    if (before === undefined) throw new Error(`no user ${user}`)
    tenant.removeUser(user)
    tenant.addUser({ userPrincipalName, id: before.id, mailbox: false })
    const after = tenant.findUser(userPrincipalName)
    if (after !== undefined) after.mailbox = before.mailbox
  }

  contentReads(): number {
    return this.simulator.log.count({ content: true })
  }

  async close(): Promise<void> {
    await this.#client.close()
    await this.simulator.close()
    this.scene.remove()
  }
}
