import { rolesAt, withoutMe } from './auth/delegated.ts'
import { answerSignIn, isSignInPath, signInRoute } from './auth/sign-in.ts'
import type { SignInContext } from './auth/context.ts'
import type { TokenStore } from './auth/tokens.ts'
import { answerBatch } from './batch.ts'
import type { FaultPlan } from './faults/plan.ts'
import type { FaultRule } from './faults/rules.ts'
import { accessDenied, errorBody, GraphError } from './http/errors.ts'
import { emptyReply, jsonReply } from './http/exchange.ts'
import type { Answer, Reply, SimulatorRequest, TransportFault } from './http/exchange.ts'
import { unknownRoute } from './log/request-log.ts'
import type { RequestLog } from './log/request-log.ts'
import { tellObservers, type AnswerObserver } from './observer.ts'
import { preferencesOf, QueryOptions } from './odata/query.ts'
import { parseAddress } from './routes/address.ts'
import type { RouteParameters, SimulatorContext } from './routes/context.ts'
import { deadCursor } from './routes/delta-token.ts'
import { withMailbox } from './routes/require-mailbox.ts'
import { permissionRoles, routes } from './routes/table.ts'
import type { Route } from './routes/table.ts'
import { drivesOf } from './services/drive/index.ts'
import { poolUse, type PoolUse } from './throttling/pool-use.ts'
import type { ThrottlingPools } from './throttling/pools.ts'

/** Everything an answer depends on. */
export interface Pipeline {
  readonly context: SimulatorContext
  readonly signInContext: SignInContext
  readonly tokens: TokenStore
  readonly pools: ThrottlingPools
  readonly faults: FaultPlan
  readonly log: RequestLog
  readonly observer: AnswerObserver | undefined
  readonly latencyMs: () => number
}

/** A request with what its path says. */
interface Target {
  readonly request: SimulatorRequest
  readonly name: string
  readonly route: Route | undefined
  readonly parameters: RouteParameters
  /** What it is counted with. */
  readonly pool: PoolUse | undefined
  readonly userId: string | undefined
}

interface Outcome {
  readonly reply: Reply
  readonly transport: TransportFault | undefined
  readonly fault: FaultRule | undefined
}

/** Answers one request: counts it, checks sign-in, limits and faults, runs the route, logs it. */
export async function answerRequest(pipeline: Pipeline, asked: SimulatorRequest): Promise<Answer> {
  const request = withoutMe(pipeline.tokens, asked)
  const target = targetOf(pipeline, request)
  const leave = target.pool === undefined ? undefined : pipeline.pools.enter(target.pool, request.arrivedAt)
  if (leave !== undefined) request.onGone(leave)
  const outcome = await outcomeOf(pipeline, target)
  tell(pipeline, target, outcome)
  await waitOut(pipeline, target)
  return {
    reply: withIds(outcome.reply, request),
    transport: outcome.transport,
    finished: (bytesSent) => {
      leave?.()
      record(pipeline, target, outcome, bytesSent)
    },
  }
}

function tell({ observer }: Pipeline, { request, name, route }: Target, { reply, fault }: Outcome): void {
  if (fault !== undefined || isSignInPath(request.path) || route?.permission === 'none') return
  if (route?.audience !== undefined) return
  const { method, path, queryText, headers, body } = request
  tellObservers(observer, {
    method,
    path,
    queryText,
    requestHeaders: headers,
    requestBody: body,
    route: name,
    answer: reply,
  })
}

/** The latency counts from the arrival, so that the simulator's own work does not come on top. */
async function waitOut(pipeline: Pipeline, target: Target): Promise<void> {
  const latency = pipeline.latencyMs()
  if (latency <= 0 || target.name === '$batch') return
  const { clock } = pipeline.context
  const spent = target.request.batched ? 0 : clock.now() - target.request.arrivedAt
  if (spent < latency) await clock.wait(latency - spent)
}

function targetOf(pipeline: Pipeline, request: SimulatorRequest): Target {
  const name = nameOf(request)
  const address = name === undefined ? graphAddress(request.path) : undefined
  const template = name ?? address?.template ?? unknownRoute
  const parameters = address?.parameters ?? {}
  const route = address === undefined ? undefined : routes.get(`${request.method} ${template}`)
  const user = parameters.user === undefined ? undefined : pipeline.context.tenant.findUser(userName(parameters.user))
  const known = name !== undefined || route !== undefined
  return {
    request,
    name: known ? template : unknownRoute,
    route,
    parameters: parameters.user === undefined ? parameters : { ...parameters, user: userName(parameters.user) },
    pool: poolOf(pipeline, request.method, template, route, user?.id ?? parameters.user ?? parameters.group ?? ''),
    userId: user?.id,
  }
}

function poolOf(
  pipeline: Pipeline,
  method: string,
  template: string,
  route: Route | undefined,
  user: string,
): PoolUse | undefined {
  if (route?.pool === undefined) return undefined
  const { clientId } = pipeline.context.app
  const { onenotePerUser } = pipeline.pools
  return poolUse({ kind: route.pool, clientId, user, method, template, onenotePerUser })
}

/** Upload addresses name the user as `id@tenant`. */
function userName(text: string): string {
  return /^([0-9a-f-]{36})@[0-9a-f-]{36}$/i.exec(text)?.[1] ?? text
}

function nameOf(request: SimulatorRequest): string | undefined {
  if (isSignInPath(request.path)) return signInRoute(request.path)
  return request.method === 'POST' && /^\/v1\.0\/\$batch$/i.test(request.path) ? '$batch' : undefined
}

function graphAddress(path: string): ReturnType<typeof parseAddress> {
  const [, rest] = /^\/(?:v1\.0|_?api\/v2\.0)\/(.*)$/i.exec(path) ?? /^\/(sharepoint\/.*)$/i.exec(path) ?? []
  return rest === undefined ? undefined : parseAddress(rest)
}

/** Runs the request; errors become Graph's error object. */
async function outcomeOf(pipeline: Pipeline, target: Target): Promise<Outcome> {
  const held: { fault?: FaultRule } = {}
  try {
    return await run(pipeline, target, held)
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return { reply: errorReply(pipeline, target.request, error), transport: undefined, fault: held.fault }
  }
}

async function run(pipeline: Pipeline, target: Target, held: { fault?: FaultRule }): Promise<Outcome> {
  const { request, name } = target
  const fault = nextFault(pipeline, target)
  if (fault !== undefined) held.fault = fault
  if (fault?.kind === 'expire-tokens') pipeline.tokens.expireAll()
  const roles = authorize(pipeline, target)
  checkLimits(pipeline, target)
  if (fault !== undefined) await strike(pipeline, target, fault)
  const instead = fault === undefined ? undefined : replacedReply(fault)
  if (instead !== undefined) return { ...instead, fault }
  const reply =
    name === '$batch'
      ? await answerBatch(request, (member) => answerRequest(pipeline, member))
      : await routeReply(pipeline, target, roles)
  if (fault?.kind === 'done-but-failed') throw failure(fault.status ?? 500)
  return { reply, transport: fault === undefined ? undefined : transportOf(fault), fault }
}

function checkLimits(pipeline: Pipeline, target: Target): void {
  const { request, route, pool } = target
  if (route === undefined || pool === undefined) return
  const { cost } = route
  pipeline.pools.check(pool, {
    units: () => (typeof cost === 'number' ? cost : cost(callOf(pipeline, target))),
    bytes: uploadSize(request),
    writes: request.method !== 'GET',
  })
}

function nextFault(pipeline: Pipeline, target: Target): FaultRule | undefined {
  const { request, name, parameters } = target
  if (name === '$batch' || name === unknownRoute) return undefined
  const { method, path, queryText } = request
  const signIn = isSignInPath(path)
  return pipeline.faults.next({
    method,
    path,
    queryText,
    route: name,
    message: parameters.message ?? parameters.item,
    signIn,
  })
}

/** Checks the token; gives its roles. Sign-in itself and pre-authenticated addresses need none. */
function authorize(pipeline: Pipeline, target: Target): readonly string[] | undefined {
  const { request, route, name, parameters } = target
  if (isSignInPath(request.path) || route?.permission === 'none') return undefined
  const origin = pipeline.signInContext.loginOrigin
  const audience = route?.audience?.(parameters)
  const token = pipeline.tokens.check(request.headers.authorization, pipeline.context.clock.now(), origin, audience)
  const roles = rolesAt(token, target.userId ?? parameters.user ?? ownerOfDrive(pipeline, parameters.drive))
  if (route !== undefined && name !== '$batch') requireRole(roles, route.permission)
  return roles
}

/** Somebody's own drive is theirs by its id, too. */
function ownerOfDrive({ context }: Pipeline, drive: string | undefined): string | undefined {
  const owner = drive === undefined ? undefined : drivesOf(context.tenant).findDrive(drive)?.owner
  return owner?.kind === 'user' ? owner.id : undefined
}

function requireRole(roles: readonly string[], permission: string): void {
  if (permission === 'none' || permissionRoles[permission]?.some((role) => roles.includes(role)) === true) return
  if (permission !== 'readUsers') throw accessDenied()
  throw new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
}

function uploadSize(request: SimulatorRequest): number {
  return request.body.length + request.overflow
}

/** Requests that nobody counts can be throttled by a fault all the same. */
const noPool: PoolUse = { kind: 'directory', name: 'uncounted', teamsPerSecond: 0 }

/** Faults that change something before the route would run, or refuse the request with an error of their own. */
async function strike(pipeline: Pipeline, target: Target, fault: FaultRule): Promise<void> {
  switch (fault.kind) {
    case 'status':
      throw failure(fault.status ?? 503, fault)
    case 'unavailable':
      throw failure(503, fault)
    case 'corrupt':
      throw corrupted(fault)
    case 'throttle':
      throw pipeline.pools.close(target.pool ?? noPool, {
        seconds: fault.retryAfterSeconds ?? 1,
        status: fault.status === 503 ? 503 : 429,
        form: fault.retryAfterForm,
      })
    case 'break-cursor':
      breakCursor(pipeline, target, fault)
      return
    case 'reset-after':
      await routeReply(pipeline, target, undefined)
      return
    default:
      return
  }
}

function corrupted(fault: FaultRule): GraphError {
  const code = fault.code ?? 'ErrorCorruptData'
  const message = code === 'ErrorCannotOpenFileAttachment' ? 'Cannot open file attachment.' : 'Data is corrupt.'
  return new GraphError(fault.status ?? 500, code, message)
}

function breakCursor(pipeline: Pipeline, target: Target, fault: FaultRule): void {
  const call = callOf(pipeline, target)
  if (target.route?.deadCursor !== undefined) {
    const dead = target.route.deadCursor(call, fault.code ?? fault.cursorError)
    if (dead !== undefined) throw dead
    return
  }
  const error = fault.cursorError ?? 'SyncStateNotFound'
  const { user, folder } = target.parameters
  if (call.query.get('$deltatoken') === undefined && call.query.get('$skiptoken') === undefined) return
  if (user !== undefined && folder !== undefined) pipeline.context.tenant.breakCursors(user, folder, error)
  throw deadCursor(withMailbox(call), error)
}

const statusCodes: Readonly<Record<number, readonly [string, string]>> = {
  500: ['InternalServerError', 'An internal server error occurred. The operation failed.'],
  502: ['BadGateway', 'The gateway received an invalid answer.'],
  503: ['ServiceUnavailable', 'The service is temporarily unavailable.'],
  504: ['GatewayTimeout', 'The service did not answer in time.'],
  509: ['BandwidthLimitExceeded', 'The bandwidth limit has been exceeded.'],
}

function failure(status: number, fault?: FaultRule): GraphError {
  const [code, message] = statusCodes[status] ?? ['UnknownError', 'The request failed.']
  const headers = fault?.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(fault.retryAfterSeconds) }
  return new GraphError(status, fault?.code ?? code, message, { headers })
}

/** Faults that leave the route out and answer in its place. */
function replacedReply(fault: FaultRule): Omit<Outcome, 'fault'> | undefined {
  switch (fault.kind) {
    case 'reset':
    case 'reset-after':
      return { reply: emptyReply(500), transport: { kind: 'reset' } }
    case 'stall':
      return { reply: emptyReply(500), transport: { kind: 'stall' } }
    case 'empty-not-found':
      return { reply: emptyReply(404), transport: undefined }
    default:
      return undefined
  }
}

function transportOf(fault: FaultRule): TransportFault | undefined {
  switch (fault.kind) {
    case 'reset-in-body':
    case 'truncate':
    case 'stall-in-body':
      return { kind: fault.kind }
    case 'slow':
      return { kind: 'slow', bytesPerSecond: fault.bytesPerSecond ?? 1024 }
    default:
      return undefined
  }
}

async function routeReply(pipeline: Pipeline, target: Target, roles: readonly string[] | undefined): Promise<Reply> {
  const { request, route } = target
  if (isSignInPath(request.path)) return answerSignIn(pipeline.signInContext, request)
  if (route === undefined) throw noRoute(request.path)
  const call = callOf(pipeline, target)
  if (roles !== undefined) refuseBodies(roles, target)
  const reply = await route.run(call)
  const [unused] = call.query.unused()
  if (unused === undefined) return reply
  // Better refused and recorded than passed over in silence: the client would rely on it.
  pipeline.log.unknown.push({ method: request.method, path: `${request.path}?${request.queryText}` })
  throw new GraphError(400, 'ErrorInvalidUrlQuery', `The query option '${unused}' is not supported here.`)
}

/** Mail.ReadBasic.All shows messages without their bodies and attachments. */
function refuseBodies(roles: readonly string[], target: Target): void {
  if (target.route?.permission !== 'readMailBasic' || target.parameters.message === undefined) return
  if (permissionRoles.readMail?.some((role) => roles.includes(role)) === true) return
  if (/[?&$]select=[^&]*body|expand=/i.test(target.request.queryText)) throw accessDenied()
}

function callOf(pipeline: Pipeline, target: Target): Parameters<Route['run']>[0] {
  const { request, parameters } = target
  return {
    context: pipeline.context,
    request,
    query: new QueryOptions(request.queryText),
    preferences: preferencesOf(request),
    parameters,
    now: pipeline.context.clock.now(),
  }
}

function noRoute(path: string): GraphError {
  if (/^\/v1\.0\/me(\/|$)/i.test(path)) {
    return new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.')
  }
  const segment = path.split('/').filter((part) => part !== '')[1] ?? path
  return new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`)
}

function errorReply(pipeline: Pipeline, request: SimulatorRequest, error: GraphError): Reply {
  const clientRequestId = request.headers['client-request-id'] ?? request.requestId
  const body = errorBody(error, pipeline.context.clock.now(), request.requestId, clientRequestId)
  return jsonReply(error.status, body, { 'Content-Type': 'application/json', ...error.headers })
}

function withIds(reply: Reply, request: SimulatorRequest): Reply {
  const clientRequestId = request.headers['client-request-id'] ?? request.requestId
  return {
    ...reply,
    headers: {
      'Cache-Control': 'private',
      'request-id': request.requestId,
      'client-request-id': clientRequestId,
      ...reply.headers,
    },
  }
}

function record(pipeline: Pipeline, target: Target, outcome: Outcome, bytesSent: number): void {
  const { request, name, route, userId } = target
  const { transport, reply, fault } = outcome
  const answered = transport?.kind !== 'reset' && transport?.kind !== 'stall'
  pipeline.log.add({
    method: request.method,
    path: request.queryText === '' ? request.path : `${request.path}?${request.queryText}`,
    route: name,
    status: answered ? reply.status : 0,
    at: request.arrivedAt,
    durationMs: pipeline.context.clock.now() - request.arrivedAt,
    user: userId,
    bytesIn: uploadSize(request),
    bytesOut: bytesSent,
    authorized: request.headers.authorization !== undefined,
    prefer: request.headers.prefer,
    userAgent: request.headers['user-agent'],
    content: route?.content ?? false,
    batched: request.batched,
    fault: fault?.kind,
  })
}
