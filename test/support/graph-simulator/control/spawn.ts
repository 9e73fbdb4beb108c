import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Agent, fetch } from 'undici'
import type { SignInDesk } from '../auth/desk.ts'
import type { TokenStore } from '../auth/tokens.ts'
import type { FaultPlan } from '../faults/plan.ts'
import type { RequestLog } from '../log/request-log.ts'
import type { SpawnOptions } from '../options.ts'
import type { TenantDrives } from '../services/drive/index.ts'
import type { TenantState } from '../state/tenant.ts'
import type { ThrottlingPools } from '../throttling/pools.ts'
import type { SimulatorControls } from './targets.ts'
import { fromWire, toWire } from './wire.ts'

/** The same object in another process: methods are asynchronous, properties are read by a call. */
export type Remote<T> = {
  readonly [Name in keyof T]: T[Name] extends (...given: infer Given) => infer Value
    ? (...given: Given) => Promise<Awaited<Value>>
    : () => Promise<T[Name]>
}

/** Members that only make sense in the simulator's own process. */
type LocalOnly = 'eachMessage' | 'findUser' | 'allUsers' | 'mailbox' | 'folderOf'

type LocalToDrives = 'drive' | 'item' | 'findDrive' | 'defaultDrive' | 'ofOwner' | 'findUser' | 'uploads' | 'principals'

/** A simulator that runs in a process of its own. */
export interface SpawnedSimulator {
  readonly graphBaseUrl: string
  readonly loginBaseUrl: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly tenant: Remote<Omit<TenantState, LocalOnly>>
  readonly log: Remote<Omit<RequestLog, 'add'>>
  readonly faults: Remote<Omit<FaultPlan, 'next'>>
  readonly throttling: Remote<
    Pick<ThrottlingPools, 'earlyRequests' | 'throttled' | 'maxInFlight' | 'configure' | 'clear'>
  >
  readonly tokens: Remote<Pick<TokenStore, 'expireAll' | 'setRoles' | 'setLifetime' | 'issuedCount'>>
  readonly desk: Remote<
    Pick<
      SignInDesk,
      | 'password'
      | 'secondProof'
      | 'makePersonal'
      | 'disable'
      | 'requireSecondFactor'
      | 'revokeConsent'
      | 'endSessions'
      | 'expireSessions'
      | 'consentedScopes'
    >
  >
  readonly controls: Remote<SimulatorControls>
  readonly drives: Remote<Omit<TenantDrives, LocalToDrives>>
  /** Ends the process; rejects when the simulator itself had failed. */
  close(): Promise<void>
}

interface Hello {
  readonly graphBaseUrl: string
  readonly loginBaseUrl: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly controlUrl: string
  readonly controlKey: string
}

/** Starts a simulator in a child process and waits until it listens. */
export async function spawnGraphSimulator(options: SpawnOptions): Promise<SpawnedSimulator> {
  const script = fileURLToPath(new URL('../serve.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.write(`${toWire(options)}\n`)
  const hello = await readHello(child)
  // Control answers of big mailboxes take their time; the certificate of an https simulator is made up.
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false }, headersTimeout: 0, bodyTimeout: 0 })
  const { controlUrl, controlKey, ...addresses } = hello
  const remote = (object: string): unknown => remoteObject(object, controlUrl, controlKey, dispatcher)
  const parts = { tenant: remote('tenant'), log: remote('log'), faults: remote('faults'), tokens: remote('tokens') }
  const controls = remote('controls') as Remote<SimulatorControls>
  return {
    ...addresses,
    ...parts,
    throttling: remote('throttling'),
    drives: remote('drives'),
    desk: remote('desk'),
    controls,
    close: () => closeChild(child, controls, dispatcher),
  } as SpawnedSimulator
}

async function readHello(child: ChildProcess): Promise<Hello> {
  const { stdout } = child
  if (stdout === null) throw new Error('The simulator has no standard output')
  const ended = once(child, 'exit').then(([code]): never => {
    throw new Error(`The simulator ended with ${String(code)} before it listened`)
  })
  const lines = createInterface(stdout)
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  ended.catch(() => undefined)
  lines.close()
  return JSON.parse(line) as Hello
}

function remoteObject(object: string, url: string, key: string, dispatcher: Agent): unknown {
  return new Proxy(
    {},
    {
      get: (_target, member) => {
        // An awaited object is asked for `then`; a remote one must not answer.
        if (typeof member !== 'string' || member === 'then') return undefined
        return (...given: readonly unknown[]) => callRemote({ object, member, arguments: given }, url, key, dispatcher)
      },
    },
  )
}

async function callRemote(message: object, url: string, key: string, dispatcher: Agent): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-control-key': key },
    body: toWire(message),
    dispatcher,
  })
  const answer = fromWire(await response.text()) as { readonly value?: unknown; readonly error?: string }
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer.value
}

async function closeChild(child: ChildProcess, controls: Remote<SimulatorControls>, dispatcher: Agent): Promise<void> {
  const errors = await controls.errors()
  await dispatcher.destroy()
  const ended = once(child, 'exit')
  child.stdin?.end()
  await ended
  if (errors.length > 0) throw new Error(`The simulator itself failed: ${errors.join('\n')}`)
}
