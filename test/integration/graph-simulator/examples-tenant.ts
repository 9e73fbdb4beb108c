import type { GraphSimulator } from '../../support/graph-simulator/index.ts'
import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import { calendarState } from '../../support/graph-simulator/services/calendar/state.ts'
import { tenantNotes } from '../../support/graph-simulator/services/onenote/state.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import type { DocumentedExample } from '../../support/graph-simulator-contract/contract-data.ts'
import type { Seeds } from '../../support/graph-simulator-contract/replay/addresses.ts'
import type { Substitutes } from '../../support/graph-simulator-contract/replay/documented.ts'
import { isJsonObject, type JsonObject } from '../../support/graph-simulator-contract/replay/json.ts'
import type { Send } from '../../support/graph-simulator-contract/replay/replay.ts'
import { fillEverything, owner, people, source } from '../everything/scenario.ts'
import { signIn } from './client.ts'

/** A tenant in which one user has something of everything that the documented examples are about. */
export async function startExampleTenant(): Promise<GraphSimulator> {
  const users = people.map((name) => ({ userPrincipalName: `${name}@${source}`, displayName: name }))
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  tenantNotes(simulator.tenant).appOnly = 'allow'
  // The documents speak of people.
  simulator.tenant.service(calendarState).caller = 'person'
  fillEverything(simulator.tenant)
  return simulator
}

/** Sends requests as they are, without following where they lead. */
export async function sender(simulator: GraphSimulator): Promise<Send> {
  const authorization = `Bearer ${await signIn(simulator)}`
  return async ({ method, path, headers, body }) => {
    const url = path.startsWith('http') ? path : `${simulator.graphBaseUrl}/v1.0${path}`
    const response = await fetch(url, {
      method,
      headers: { ...headers, authorization },
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined
    return { status: response.status, json: isJsonObject(json) ? json : undefined }
  }
}

/** Where in that tenant there is something for the parameters of documented paths. */
export async function seedsOf(simulator: GraphSimulator, send: Send): Promise<Seeds> {
  const planner = simulator.tenant.service(plannerState)
  const me = simulator.tenant.findUser(owner)?.id ?? ''
  const { json } = await send({ method: 'GET', path: `/users/${me}/drive`, headers: {}, body: undefined })
  const drive = typeof json?.id === 'string' ? json.id : ''
  const ids: Readonly<Record<string, (operation: string) => readonly string[] | undefined>> = {
    'user-id': () => [me],
    'group-id': () => [...planner.groups],
    'drive-id': () => [drive],
    'plannerPlan-id': () => planner.plans.map(({ id }) => id),
    'plannerBucket-id': () => planner.buckets.map(({ id }) => id),
    // A deleted plan's tasks stay in their assignees' lists, but lead nowhere.
    'plannerTask-id': () => planner.tasks.filter(({ plan }) => planner.plans.includes(plan)).map(({ id }) => id),
    'item-path': (operation) => [pathFor(operation)],
    'driveItem-id': (operation) => (operation.includes('/special/') ? ['documents'] : undefined),
  }
  return {
    ids: (name, operation) => ids[name]?.(operation),
    collection: (name, operation) => {
      if (name === 'chat-id') return `/users/${me}/chats`
      if (name !== 'driveItem-id') return undefined
      return operation.includes('permissions') ? `/drives/${drive}/root:/Shared:/children` : itemsFor(drive, operation)
    },
    accepts,
  }
}

function pathFor(operation: string): string {
  if (operation.endsWith('/children')) return 'Documents'
  if (operation.endsWith('createUploadSession')) return 'largefile.dat'
  return operation.startsWith('PUT') ? 'FileB.txt' : 'Documents/plain.txt'
}

function itemsFor(drive: string, operation: string): string {
  const inFolder = /\/children$|:\/\{item-path\}/.test(operation)
  return `/drives/${drive}/root${inFolder ? '' : ':/Documents:'}/children`
}

/** Whether the operation can be carried out on that one. */
function accepts(name: string, operation: string, entry: JsonObject, example: DocumentedExample): boolean {
  const changes = !operation.startsWith('GET')
  switch (name) {
    case 'driveItem-id':
      if (operation.includes('/versions')) return entry.name === 'plain.txt'
      return /\/children$|:\/\{item-path\}/.test(operation) ? entry.folder !== undefined : entry.file !== undefined
    case 'driveItemVersion-id':
      return !/\/(content|restoreVersion)$/.test(operation) || entry.id !== '3.0'
    case 'permission-id':
      return !changes || (entry.inheritedFrom === undefined && entry.link === undefined && !isOwner(entry))
    case 'event-id':
      return !operation.includes('/instances') || entry.type === 'seriesMaster'
    case 'attachment-id':
      return isLikeDocumented(entry, example)
    case 'mailFolder-id':
      return !changes || !/mailFolders\/\{mailFolder-id\}(\/move)?$/.test(operation) || entry.displayName === 'CON'
    case 'todoTaskList-id':
      return !changes || !operation.endsWith('{todoTaskList-id}') || entry.wellknownListName === 'none'
    case 'calendarPermission-id':
      return !changes || entry.isRemovable === true
    default:
      return true
  }
}

/** Of the type that the example shows; files where it shows none. */
function isLikeDocumented(entry: JsonObject, { responseBody }: DocumentedExample): boolean {
  const type = isJsonObject(responseBody) ? responseBody['@odata.type'] : undefined
  return entry['@odata.type'] === (typeof type === 'string' ? type : '#microsoft.graph.fileAttachment')
}

function isOwner({ roles }: JsonObject): boolean {
  return Array.isArray(roles) && roles.includes('owner')
}

export function substitutesOf(simulator: GraphSimulator): Substitutes {
  const planner = simulator.tenant.service(plannerState)
  const [plan] = planner.plans
  const id = (name: string): string => simulator.tenant.findUser(`${name}@${source}`)?.id ?? ''
  return {
    user: id('ada'),
    values: {
      owner: () => [...planner.groups].at(-1),
      containerId: () => [...planner.groups].at(-1),
      planId: () => plan?.id,
      bucketId: () => (plan === undefined ? undefined : planner.bucketsOf(plan)[0]?.id),
      '@odata.id': () => `${simulator.graphBaseUrl}/v1.0/users/${id('boss')}`,
      'members@odata.bind': () => [`${simulator.graphBaseUrl}/v1.0/users/${id('ada')}`],
      'owners@odata.bind': () => [`${simulator.graphBaseUrl}/v1.0/users/${id('boss')}`],
      expirationDateTime: () => '2095-01-01T00:00:00Z',
    },
  }
}
