import type { AppOptions } from './auth/registration.ts'
import type { SimulatorClock } from './clock.ts'
import type { FaultRule } from './faults/rules.ts'
import type { LogOptions } from './log/request-log.ts'
import type { AnswerObserver } from './observer.ts'
import type { DeltaOptions } from './routes/context.ts'
import type { SeedData, TenantSeed } from './seeds/seed.ts'
import type { ThrottlingOptions } from './throttling/pools.ts'

/** Options that are plain data, for a simulator in this process or in another. */
export interface SimulatorSettings {
  /** Waits so long before every answer (members of a $batch each for themselves). */
  readonly latencyMs?: number
  readonly throttling?: ThrottlingOptions
  readonly faults?: readonly FaultRule[]
  /** Decides everything that is left to chance. */
  readonly seed?: number
  /** 0 or absent: any free port. */
  readonly port?: number
  /** Key and certificate in PEM form; the simulator then speaks https. */
  readonly https?: { readonly key: string; readonly cert: string }
  readonly app?: AppOptions
  readonly delta?: DeltaOptions
  readonly log?: LogOptions
  /** gzip for JSON answers when the client accepts it, as Graph does; on unless false. */
  readonly compression?: boolean
}

export interface SimulatorOptions extends SimulatorSettings {
  readonly tenant: TenantSeed
  readonly clock?: SimulatorClock
  /** Told of every request and its answer, to compare them with something. An error it throws is one of the simulator. */
  readonly validate?: AnswerObserver
}

/** What a simulator in another process is started with. */
export interface SpawnOptions extends SimulatorSettings {
  readonly tenant: SeedData | readonly SeedData[]
}
