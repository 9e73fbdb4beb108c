import { SignInDesk } from './auth/desk.ts'
import { registerApp } from './auth/registration.ts'
import type { AppRegistration } from './auth/registration.ts'
import { TokenStore } from './auth/tokens.ts'
import { systemClock } from './clock.ts'
import type { SimulatorClock } from './clock.ts'
import { answerControl, isControlPath } from './control/http-control.ts'
import { FaultPlan } from './faults/plan.ts'
import { startHttpServer } from './http/server.ts'
import type { HttpServer } from './http/server.ts'
import { RequestLog } from './log/request-log.ts'
import type { SimulatorOptions } from './options.ts'
import { answerRequest } from './pipeline.ts'
import type { Pipeline } from './pipeline.ts'
import { guidFrom } from './random.ts'
import type { DeltaOptions, SimulatorContext } from './routes/context.ts'
import { makeTokenSeal } from './routes/token-seal.ts'
import { UploadSessions } from './routes/upload-sessions.ts'
import { plant } from './seeds/seed.ts'
import { services } from './services/index.ts'
import { TenantState } from './state/tenant.ts'
import { ThrottlingPools } from './throttling/pools.ts'

/** A running simulator in this process. */
export interface GraphSimulator {
  /** Base URL of Graph, without the version: `http://127.0.0.1:40123`. */
  readonly graphBaseUrl: string
  /** Base URL of the sign-in service. */
  readonly loginBaseUrl: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly tenant: TenantState
  readonly log: RequestLog
  readonly faults: FaultPlan
  readonly throttling: ThrottlingPools
  readonly tokens: TokenStore
  /** Who signs in how, and what becomes of it. */
  readonly desk: SignInDesk
  /** Errors of the simulator itself; `close` rejects when there were any. */
  readonly errors: readonly unknown[]
  setLatency(milliseconds: number): void
  /** Most requests ever in flight at once for this user's mailbox. */
  maxInFlight(user: string): number
  /** Stops the server, cutting every open connection. */
  close(): Promise<void>
}

export interface ControlAccess {
  /** Requests to the control path must show this key. */
  readonly key: string
  readonly target: (simulator: GraphSimulator) => Readonly<Record<string, object>>
}

const deltaDefaults: Required<DeltaOptions> = {
  defaultPageSize: 10,
  maxPageSize: 1000,
  emptyPageEvery: 13,
  repeatEvery: 11,
}

/** Starts a simulator on a loopback port of this process. */
export async function startGraphSimulator(options: SimulatorOptions, control?: ControlAccess): Promise<GraphSimulator> {
  const clock = options.clock ?? systemClock
  const app = registerApp(
    options.app ?? {},
    services.flatMap(({ granted }) => granted),
  )
  const tenant = new TenantState(clock)
  await plant(tenant, options.tenant)
  const errors: unknown[] = []
  const running: { server?: HttpServer; simulator?: GraphSimulator } = {}
  const latency = { ms: options.latencyMs ?? 0 }
  const pipeline = makePipeline(options, { clock, app, tenant, latency, origin: () => running.server?.origin ?? '' })
  running.server = await startHttpServer({
    port: options.port ?? 0,
    https: options.https,
    compression: options.compression ?? true,
    now: () => clock.now(),
    nextRequestId: requestIds(options.seed ?? 1),
    failed: (error) => errors.push(error),
    bodyLimit,
    answer: (request) =>
      control !== undefined && running.simulator !== undefined && isControlPath(request.path)
        ? answerControl(request, control.key, control.target(running.simulator))
        : answerRequest(pipeline, request),
  })
  running.simulator = handle(pipeline, running.server, errors, latency)
  return running.simulator
}

interface Parts {
  readonly clock: SimulatorClock
  readonly app: AppRegistration
  readonly tenant: TenantState
  readonly latency: { readonly ms: number }
  readonly origin: () => string
}

function makePipeline(options: SimulatorOptions, parts: Parts): Pipeline {
  const { clock, app, tenant, latency, origin } = parts
  const seed = options.seed ?? 1
  const tokens = new TokenStore(app)
  const graceMs = 250 + latency.ms
  const context: SimulatorContext = {
    tenant,
    app,
    clock,
    seed,
    delta: { ...deltaDefaults, ...options.delta },
    seal: makeTokenSeal(seed),
    uploads: new UploadSessions(),
    origin,
  }
  const now = (): number => clock.now()
  return {
    context,
    tokens,
    signInContext: {
      app,
      tokens,
      desk: new SignInDesk((user) => tenant.findUser(user), app.tenantId),
      now,
      get loginOrigin() {
        return origin()
      },
      get graphOrigin() {
        return origin()
      },
    },
    pools: new ThrottlingPools(clock, { graceMs, ...options.throttling }),
    faults: new FaultPlan(seed, now, options.faults ?? []),
    log: new RequestLog(options.log ?? {}),
    observer: options.validate,
    latencyMs: () => latency.ms,
  }
}

/** Control messages may have any length; services say where Graph takes more than usual. */
function bodyLimit(path: string): number | undefined {
  if (isControlPath(path)) return Number.MAX_SAFE_INTEGER
  for (const service of services) {
    const limit = service.bodyLimit?.(path)
    if (limit !== undefined) return limit
  }
  return undefined
}

function requestIds(seed: number): () => string {
  let count = 0
  return () => guidFrom(`request ${String(seed)} ${String(count++)}`)
}

function handle(pipeline: Pipeline, server: HttpServer, errors: unknown[], latency: { ms: number }): GraphSimulator {
  const { app, tenant } = pipeline.context
  return {
    graphBaseUrl: server.origin,
    loginBaseUrl: server.origin,
    tenantId: app.tenantId,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    tenant,
    log: pipeline.log,
    faults: pipeline.faults,
    throttling: pipeline.pools,
    tokens: pipeline.tokens,
    desk: pipeline.signInContext.desk,
    errors,
    setLatency: (milliseconds) => {
      latency.ms = milliseconds
    },
    maxInFlight: (user) => pipeline.pools.maxInFlightOf(`${app.clientId}:${tenant.findUser(user)?.id ?? user}`),
    close: async () => {
      await server.close()
      if (errors.length > 0) throw new AggregateError(errors, 'The simulator itself failed')
    },
  }
}
