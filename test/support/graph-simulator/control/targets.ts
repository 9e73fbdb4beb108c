import { drivesOf } from '../services/drive/index.ts'
import type { GraphSimulator } from '../simulator.ts'
import { dumpServed } from './dump.ts'
import type { DumpedMessage } from './dump.ts'

/** What the control channel reaches beyond the tenant, log, faults, throttling and tokens. */
export interface SimulatorControls {
  setLatency(milliseconds: number): void
  maxInFlight(user: string): number
  dumpServed(folder: string, names?: Readonly<Record<string, string>>): Promise<DumpedMessage[]>
  /** Bytes of memory the simulator's process uses. */
  memory(): number
  /** Errors of the simulator itself, as text. */
  errors(): string[]
}

export function controlTargets(simulator: GraphSimulator): Readonly<Record<string, object>> {
  const { tenant, log, faults, throttling, tokens, desk } = simulator
  const controls: SimulatorControls = {
    setLatency: (milliseconds) => {
      simulator.setLatency(milliseconds)
    },
    maxInFlight: (user) => simulator.maxInFlight(user),
    dumpServed: (folder, names) => dumpServed(tenant, folder, names),
    memory: () => process.memoryUsage().rss,
    errors: () =>
      simulator.errors.map((error) => (error instanceof Error ? (error.stack ?? error.message) : String(error))),
  }
  return { tenant, log, faults, throttling, tokens, desk, controls, drives: drivesOf(tenant) }
}
