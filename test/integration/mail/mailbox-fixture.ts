import { buffer } from 'node:stream/consumers'
import { afterEach } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { Clock } from '../../../src-main/engine/ports/clock.ts'
import type { ChangeStart, Container, ContainerListing, Root } from '../../../src-main/engine/ports/data-type.ts'
import type { Change, DataTypeReader } from '../../../src-main/engine/ports/data-type.ts'
import { createGraphClient } from '../../../src-main/graph/client/client.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import type { GraphSimulator, InlineUser, SimulatorOptions } from '../../support/graph-simulator/index.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@contoso.example'

export interface World {
  readonly simulator: GraphSimulator
  readonly client: GraphClient
  root(user: string): Root
}

const running: World[] = []

afterEach(async () => {
  for (const world of running.splice(0)) {
    await world.client.close()
    await world.simulator.close()
  }
})

/** Time jumps to the end of every wait: back-offs are not what these tests are about. */
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

/** A tenant on a simulator of its own, and a client of it. */
export async function startWorld(
  users: readonly Omit<InlineUser, 'displayName'>[],
  options: Omit<SimulatorOptions, 'tenant'> = {},
): Promise<World> {
  const people = users.map((user) => ({ displayName: user.userPrincipalName, ...user }))
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: people }, ...options })
  return worldOf(simulator)
}

/** A client of a simulator that runs already. Both are closed after the test. */
export function worldOf(simulator: GraphSimulator): World {
  const client = createGraphClient({
    baseUrl: simulator.graphBaseUrl,
    tokens: { token: () => signIn(simulator) },
    clock: impatientClock(),
    random: () => 0.5,
    limits: { backoffMs: 100, backoffCapMs: 1_000 },
  })
  const world: World = {
    simulator,
    client,
    root: (name) => {
      const user = simulator.tenant.users().find((each) => each.userPrincipalName === name)
      if (user === undefined) throw new Error(`no user ${name}`)
      return { kind: 'user', id: user.id, name }
    },
  }
  running.push(world)
  return world
}

async function signIn({ loginBaseUrl, tenantId, clientId, clientSecret }: GraphSimulator): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const body = new URLSearchParams({ ...form, scope: 'https://graph.microsoft.com/.default' })
  const answer = await fetch(`${loginBaseUrl}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return token
}

export const signal = new AbortController().signal

export function mail(subject: string, more: { readonly id?: string; readonly body?: string } = {}): string {
  const id = more.id ?? `<${subject.replaceAll(/\W/g, '')}@contoso.example>`
  return [
    'From: Ada <ada@contoso.example>',
    'To: Grace <grace@contoso.example>',
    `Subject: ${subject}`,
    'Date: Tue, 5 Mar 2024 08:00:59 +0000',
    `Message-ID: ${id}`,
    'X-Mailer: Test 1.0',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    more.body ?? `Text of ${subject}`,
    '',
  ].join('\r\n')
}

export async function listContainers(
  reader: DataTypeReader,
  root: Root,
  last?: ContainerListing,
): Promise<ContainerListing> {
  return await reader.containers(root, last, signal)
}

export function containerNamed(listing: ContainerListing, name: string): Container {
  const container = listing.containers.find((each) => each.name === name)
  if (container === undefined) throw new Error(`no container ${name}`)
  return container
}

export interface Changes {
  readonly changes: readonly Change[]
  readonly pages: number
  readonly cursor: string | undefined
}

export async function readChanges(
  reader: DataTypeReader,
  root: Root,
  container: Container,
  start: ChangeStart = {},
): Promise<Changes> {
  const changes: Change[] = []
  let pages = 0
  let cursor: string | undefined
  for await (const page of reader.changes(root, container, start, signal)) {
    pages += 1
    changes.push(...page.changes)
    cursor = page.cursor
  }
  return { changes, pages, cursor }
}

/** HTTP requests about the user's mailbox: a batch is one. */
export function httpRequests({ simulator }: World): number {
  return simulator.log.count({ batched: false }) - simulator.log.count({ route: '{tenant}/token' })
}

/** A message's MIME, whole. */
export async function readContent(
  reader: DataTypeReader,
  root: Root,
  container: Container,
  { id, properties }: { readonly id: string; readonly properties: JsonObject },
): Promise<Uint8Array> {
  const { content } = await reader.body(root, container, { id, properties, previous: undefined }, signal)
  if (content === undefined || content === 'unchanged') throw new Error('no content')
  return content instanceof Uint8Array ? content : await buffer(content)
}
