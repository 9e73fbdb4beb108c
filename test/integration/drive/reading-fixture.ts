import { afterEach } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { Clock } from '../../../src-main/engine/ports/clock.ts'
import type { DataTypeReader, Root } from '../../../src-main/engine/ports/data-type.ts'
import { createGraphClient } from '../../../src-main/graph/client/client.ts'
import type { ClientLimitOptions } from '../../../src-main/graph/client/limits.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { driveReader, type DriveReaderOptions } from '../../../src-main/graph/drive/reader.ts'
import { userDrives } from '../../../src-main/graph/drive/user-drives.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { readHeld, type HeldItem, type HeldType } from '../../support/adapter-round.ts'
import { startGraphSimulator, type GraphSimulator, type SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { drivesOf, type TenantDrives } from '../../support/graph-simulator/services/drive/index.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@contoso.example'

export interface DriveWorld {
  readonly simulator: GraphSimulator
  readonly drives: TenantDrives
  readonly client: GraphClient
  readonly reader: DataTypeReader
  readonly root: Root
  /** Lets time pass for the simulator and the reader. */
  pass(milliseconds: number): void
  /** Another reader of the same drive. */
  readerWith(options: Partial<DriveReaderOptions>): DataTypeReader
}

const running: DriveWorld[] = []

/** Done after each test; sooner where a test starts many. */
export async function closeWorlds(): Promise<void> {
  for (const { client, simulator } of running.splice(0)) {
    await client.close()
    await simulator.close()
  }
}

afterEach(closeWorlds)

/** A clock of a world: waits are over at once, and time passes by them or by `pass`. */
function worldClock(): Clock & { pass(milliseconds: number): void } {
  let skipped = 0
  const pass = (milliseconds: number): void => {
    skipped += milliseconds
  }
  return {
    now: () => Date.now() + skipped,
    pass,
    wait: (milliseconds, stop) => {
      stop?.throwIfAborted()
      pass(milliseconds + 1)
      return new Promise((resolve) => setImmediate(resolve))
    },
  }
}

/** A tenant with two users and their drives, and Ada's reader. */
export async function startDriveWorld(
  options: Omit<SimulatorOptions, 'tenant'> = {},
  limits: ClientLimitOptions = {},
): Promise<DriveWorld> {
  const clock = worldClock()
  const users = [ada, grace].map((name) => ({ userPrincipalName: name, displayName: name.split('@')[0] ?? name }))
  const simulator = await startGraphSimulator({ clock, tenant: { kind: 'inline', users }, ...options })
  const client = createGraphClient({
    baseUrl: simulator.graphBaseUrl,
    tokens: { token: () => signIn(simulator) },
    clock,
    random: () => 0.5,
    limits: {
      backoffMs: 100,
      backoffCapMs: 1_000,
      pools: { drive: { concurrency: 8, budgets: [] } },
      ...limits,
    },
  })
  const readerWith = (more: Partial<DriveReaderOptions>): DataTypeReader =>
    driveReader(client, { folder: 'onedrive', drives: userDrives(client), clock, ...more })
  const user = simulator.tenant.users().find((each) => each.userPrincipalName === ada)
  const world: DriveWorld = {
    simulator,
    drives: drivesOf(simulator.tenant),
    client,
    reader: readerWith({}),
    root: { kind: 'user', id: user?.id ?? '', name: ada },
    pass: (milliseconds) => {
      clock.pass(milliseconds)
    },
    readerWith,
  }
  running.push(world)
  return world
}

async function signIn({ loginBaseUrl, tenantId, clientId, clientSecret }: GraphSimulator): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const body = new URLSearchParams({ ...form, scope: 'https://graph.microsoft.com/.default' })
  const answer = await fetch(`${loginBaseUrl}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body })
  const { access_token: token } = (await answer.json()) as Record<string, string>
  return token ?? ''
}

export const signal = new AbortController().signal

export function read(world: DriveWorld, before?: HeldType): Promise<HeldType> {
  return readHeld(world.reader, world.root, before)
}

/** Requests that went out while `act` ran, batches counted as one; those for tokens left out. */
export async function requestsOf<T>(
  { simulator }: DriveWorld,
  act: () => Promise<T>,
): Promise<{ readonly result: T; readonly requests: readonly string[] }> {
  const before = simulator.log.entries().length
  const result = await act()
  const entries = simulator.log.entries().slice(before)
  const requests = entries
    .filter(({ batched, route }) => !batched && route !== '{tenant}/token')
    .map(({ method, route }) => `${method} ${route}`)
  return { result, requests }
}

/** Paths of the files of a drive, as a person would say them. */
export function pathsOf(held: HeldType): readonly string[] {
  return held.items.map((item) => `${folderPath(held, item.container)}/${nameOf(item)}`).sort()
}

export function folderPath(held: HeldType, id: string | undefined): string {
  const folder = held.containers.find((one) => one.id === id)
  if (folder === undefined) return '?'
  return folder.parentId === undefined ? folder.name : `${folderPath(held, folder.parentId)}/${folder.name}`
}

export function nameOf(item: HeldItem): string {
  const name = item.metadata['o365:Name']
  return typeof name === 'string' ? name : ''
}

export function itemNamed(held: HeldType, name: string): HeldItem {
  const item = held.items.find((one) => nameOf(one) === name)
  if (item === undefined) throw new Error(`no item ${name}`)
  return item
}

/**
 * What is held, comparable between runs. Left out, as Graph does not tell of their changes: addresses, which are made of
 * the path and change with folders above; a notebook's size, which changes with what is in it. A cTag and hashes are there
 * or not depending on who asks: a delta may leave them out.
 */
export function comparable(held: HeldType): object {
  return {
    containers: held.containers
      .map(({ id, parentId, name, properties }) => ({ id, parentId, name, properties: lasting(properties) }))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
    items: held.items
      .map((item) => ({ ...item, metadata: lasting(item.metadata), content: textOf(item.content) }))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  }
}

function lasting(metadata: JsonObject): JsonObject {
  const { webUrl: _webUrl, cTag: _cTag, file: _file, ...properties } = propertiesOf(metadata)
  const { size: _size, ...rest } = properties
  return { ...metadata, properties: metadata['o365:Type'] === 'package' ? rest : properties }
}

export function textOf(content: Uint8Array | undefined): string | undefined {
  return content === undefined ? undefined : Buffer.from(content).toString('latin1')
}
