import { createGraphDrive } from '../../../src-main/destinations/graph-drive/graph-drive.ts'
import type { GraphDrive, GraphDriveOptions } from '../../../src-main/destinations/graph-drive/graph-drive.ts'
import type { DrivePlace } from '../../../src-main/destinations/graph-drive/place.ts'
import type { Clock } from '../../../src-main/engine/ports/clock.ts'
import { createGraphClient, type GraphClientOptions } from '../../../src-main/graph/client/client.ts'
import type { ClientLimitOptions } from '../../../src-main/graph/client/limits.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import type { Subject } from '../../support/destination-conformance.ts'
import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import type { GraphSimulator, SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { drivesOf, type TenantDrives } from '../../support/graph-simulator/services/drive/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/index.ts'

export const ada = 'ada@contoso.example'
/** A folder whose name needs care in every address. */
export const oddFolder = ["Back#ups 100% + more & 'quoted'", 'Überblick 😀'] as const
export const MiB = 1024 * 1024

/** Waits are over at once; in between time goes on as it does. */
function impatientClock(): Clock {
  let skipped = 0
  return {
    now: () => Date.now() + skipped,
    wait: (milliseconds, stop) => {
      stop?.throwIfAborted()
      skipped += milliseconds + 1
      return new Promise((resolve) => setImmediate(resolve))
    },
  }
}

/** A tenant with a user, a group and a site that has a second library. */
export interface DriveScene {
  readonly simulator: GraphSimulator
  readonly drives: TenantDrives
  readonly client: GraphClient
  readonly clock: Clock
  /** Ids of the drives. */
  readonly ids: { readonly user: string; readonly group: string; readonly library: string }
  readonly group: { readonly id: string; readonly mail: string }
  store(place: DrivePlace, more?: Partial<GraphDriveOptions>): GraphDrive
  /** Another client of the same simulator, closed with the scene. */
  anotherClient(more?: ClientOptions): GraphClient
  close(): Promise<void>
}

export interface ClientOptions {
  readonly baseUrl?: string
  readonly clock?: Clock
  readonly limits?: ClientLimitOptions
  readonly token?: () => string
  readonly onRequest?: GraphClientOptions['onRequest']
}

/** The pace that Graph allows would take hours. */
const unlimited = { concurrency: 8, budgets: [] }

function furnish({ tenant }: GraphSimulator) {
  const drives = drivesOf(tenant)
  const group = groupDirectory(tenant).add({ displayName: 'Backups', mail: 'backups+1@contoso.example' })
  const sites = siteDirectory(tenant)
  sites.add({ path: 'sites/backups', displayName: 'Backups', group: group.id })
  const site = sites.add({ path: 'sites/it', displayName: 'IT' })
  return { drives, group, library: sites.addLibrary(site.id, 'Safe & sound #1') }
}

export async function startScene(options: Omit<SimulatorOptions, 'tenant'> = {}): Promise<DriveScene> {
  // One time for both: what the client waits for is over at the server too.
  const clock = impatientClock()
  const simulator = await startGraphSimulator({
    clock,
    tenant: { kind: 'inline', users: [{ userPrincipalName: ada, displayName: 'Ada' }] },
    ...options,
  })
  const { drives, group, library } = furnish(simulator)
  const clients: GraphClient[] = []
  const anotherClient = (more: ClientOptions = {}): GraphClient => {
    const {
      limits = {},
      token = () => simulator.tokens.issue(clock.now(), simulator.loginBaseUrl),
      baseUrl = simulator.graphBaseUrl,
    } = more
    const client = createGraphClient({
      baseUrl,
      tokens: { token: () => Promise.resolve(token()) },
      clock: more.clock ?? clock,
      random: () => 0.5,
      limits: { pools: { drive: unlimited, content: unlimited }, ...limits },
      ...(more.onRequest === undefined ? {} : { onRequest: more.onRequest }),
    })
    clients.push(client)
    return client
  }
  const client = anotherClient()
  return {
    simulator,
    drives,
    client,
    clock,
    ids: {
      user: drives.driveIds(ada)[0] ?? '',
      group: drives.ofOwner({ kind: 'group', id: group.id })[0]?.id ?? '',
      library,
    },
    group: { id: group.id, mail: group.mail ?? '' },
    store: (place, more = {}) => createGraphDrive({ client, clock, place, ...more }),
    anotherClient,
    close: async () => {
      for (const one of clients) await one.close()
      await simulator.close()
    },
  }
}

/** A token of Ada herself. */
export function adasToken({ simulator, clock }: DriveScene): string {
  const user = simulator.tenant.findUser(ada)
  const person = {
    id: user?.id ?? '',
    username: ada,
    displayName: 'Ada',
    tenantId: simulator.tenantId,
    isPersonal: false,
  }
  const scopes = ['Files.ReadWrite']
  return simulator.tokens.issueForPerson(clock.now(), simulator.loginBaseUrl, person, scopes, false)
}

/** One of the three places of a scene. */
export const places = {
  onedrive: ({ ids }) => ({ kind: 'onedrive', driveId: ids.user, folder: oddFolder }),
  group: ({ group }) => ({ kind: 'group', groupId: group.id, groupEmail: group.mail, folder: oddFolder }),
  sharepoint: () => ({
    kind: 'sharepoint',
    host: 'contoso.sharepoint.com',
    path: ['sites', 'it', 'Safe & sound #1', ...oddFolder],
  }),
} satisfies Record<string, (scene: DriveScene) => DrivePlace>

/** A subject of the conformance suite. */
export async function subjectAt(
  place: (scene: DriveScene) => DrivePlace,
  { seed = 1, prepare = () => undefined }: { seed?: number; prepare?: (scene: DriveScene) => void } = {},
): Promise<Subject> {
  const scene = await startScene({ seed })
  const where = place(scene)
  prepare(scene)
  return {
    store: scene.store(where),
    reopen: () => scene.store(where),
    dispose: () => scene.close(),
  }
}
