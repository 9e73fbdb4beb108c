import { afterEach } from 'vitest'
import type { Root } from '../../src-main/engine/ports/data-type.ts'
import type { GraphClient } from '../../src-main/graph/client/types.ts'
import { sceneClient } from './backup-scene.ts'
import { startGraphSimulator } from './graph-simulator/index.ts'
import type { GraphSimulator, InlineUser, SimulatorOptions } from './graph-simulator/index.ts'
import { impatientClock } from './impatient-clock.ts'

/** A tenant on a simulator of its own, and a client of it. */
export interface TenantWorld {
  readonly simulator: GraphSimulator
  readonly client: GraphClient
  root(user: string): Root
  /** HTTP requests since the log was cleared; a batch is one. */
  requests(): number
}

const running: TenantWorld[] = []

afterEach(async () => {
  for (const world of running.splice(0)) {
    await world.client.close()
    await world.simulator.close()
  }
})

/** Both are closed after the test. Back-offs pass a thousand times as fast. */
export async function tenantWorld(
  users: readonly string[],
  options: Omit<SimulatorOptions, 'tenant'> = {},
): Promise<TenantWorld> {
  const people: InlineUser[] = users.map((user) => ({ userPrincipalName: user, displayName: user }))
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: people }, ...options })
  const client = await sceneClient(simulator, { clock: impatientClock(1000) })
  const world: TenantWorld = {
    simulator,
    client,
    root: (name) => {
      const user = simulator.tenant.users().find((each) => each.userPrincipalName === name)
      if (user === undefined) throw new Error(`no user ${name}`)
      return { kind: 'user', id: user.id, name }
    },
    requests: () => simulator.log.count({ batched: false }) - simulator.log.count({ route: '{tenant}/token' }),
  }
  running.push(world)
  return world
}
