import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlanDraft } from '../../../src-shared/ipc/index.ts'
import {
  startGraphSimulator,
  type AppOptions,
  type GraphSimulator,
  type InlineUser,
} from '../../support/graph-simulator/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { HostProcess } from './host-process.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@contoso.example'
export const clientSecret = 'Vq8~the-client-secret-of-this-test'
export const passphrase = 'correct horse battery staple'
export const vaultPassphrase = 'the passphrase of this vault'
export const subject = 'Quarterly figures'

const people: readonly (readonly [string, string])[] = [
  [ada, 'Ada Lovelace'],
  [grace, 'Grace Hopper'],
  ['alan@contoso.example', 'Alan "the" Turing'],
]

export const users: readonly InlineUser[] = people.map(([userPrincipalName, displayName]) => ({
  userPrincipalName,
  displayName,
  messages: [1, 2, 3].map((number) => ({
    folder: 'inbox',
    mime: mail(`${subject} ${String(number)}`),
    receivedDateTime: `2024-03-0${String(number)}T08:01:00Z`,
  })),
}))

/** A tenant, a profile and an engine host that is told of both. */
export class HostScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-host-'))
  readonly profile = join(this.folder, 'profile')
  readonly repository = join(this.folder, 'repository')
  simulator: GraphSimulator
  host: HostProcess
  /** Everything that all its hosts said. */
  readonly #before: string[] = []

  private constructor(simulator: GraphSimulator) {
    this.simulator = simulator
    // Set by `open` before anybody sees the scene.
    this.host = undefined as unknown as HostProcess
  }

  static async open(): Promise<HostScene> {
    const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users }, app: { clientSecret } })
    groupDirectory(simulator.tenant).add({ displayName: 'Sales North', mail: 'sales@contoso.example', members: [ada] })
    groupDirectory(simulator.tenant).add({ displayName: 'Sales doors', unified: false })
    siteDirectory(simulator.tenant).add({ path: 'sites/press', displayName: 'Press' })
    const scene = new HostScene(simulator)
    scene.host = await scene.#start()
    return scene
  }

  async restart(end: 'stop' | 'kill' = 'stop'): Promise<void> {
    await this.host[end]()
    this.#before.push(...this.host.said)
    this.host = await this.#start()
  }

  /** The tenant begins anew at the same address, with another secret of the application for instance. */
  async replaceTenant(app: AppOptions): Promise<void> {
    const port = Number(new URL(this.simulator.graphBaseUrl).port)
    await this.simulator.close()
    this.simulator = await startGraphSimulator({ tenant: { kind: 'inline', users }, app, port })
  }

  get said(): readonly string[] {
    return [...this.#before, ...this.host.said]
  }

  async signIn(name = 'work', secret = clientSecret): Promise<void> {
    const { clientId, tenantId } = this.simulator
    const registration = { name, clientId, tenantId, cloud: 'global' } as const
    await this.host.value('accounts.signInApplication', { ...registration, credential: { kind: 'secret', secret } })
  }

  async createRepository(): Promise<void> {
    await this.host.value('destinations.create', { place: this.repository, passphrase })
  }

  /** Mail alone: these tests are about the host, whatever is backed up. */
  draft(more: Partial<PlanDraft> = {}): PlanDraft {
    const none = { hourly: null, daily: null, weekly: null, monthly: null, yearly: null, within: null }
    return {
      id: null,
      name: 'Mail',
      place: this.repository,
      sources: [
        {
          account: 'work',
          kinds: ['user'],
          roots: [{ kind: 'user', name: ada }],
          types: ['mail'],
          include: [],
          exclude: [],
          fileVersions: 0,
        },
      ],
      schedule: { recurrence: { kind: 'hours', hours: 6 }, quiet: null },
      retention: { last: null, ...none },
      prune: null,
      check: null,
      notice: null,
      ...more,
    }
  }

  async savePlan(more: Partial<PlanDraft> = {}): Promise<string> {
    return (await this.host.value('plans.save', this.draft(more))).plan
  }

  async close(): Promise<void> {
    await this.host.stop()
    await this.simulator.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #start(): Promise<HostProcess> {
    const { graphBaseUrl, loginBaseUrl } = this.simulator
    return await HostProcess.start(this.profile, {
      HOLDFAST_VAULT: join(this.folder, 'vault'),
      HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase,
      HOLDFAST_OFFICE365_GRAPH_BASE_URL: graphBaseUrl,
      HOLDFAST_OFFICE365_LOGIN_BASE_URL: loginBaseUrl,
    })
  }
}
