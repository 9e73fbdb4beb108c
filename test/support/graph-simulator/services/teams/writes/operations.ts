import { jsonReply, type Reply } from '../../../http/exchange.ts'
import { guidFrom } from '../../../random.ts'
import type { RouteCall } from '../../../routes/context.ts'
import type { TenantState } from '../../../state/tenant.ts'
import { notFound } from './lookup.ts'

/** Something that Teams does after it has answered. */
interface Operation {
  readonly id: string
  readonly team: string
  readonly type: 'createTeam' | 'createChannel'
  readonly createdAt: number
  /** The channel, or the team itself. */
  readonly resource: string
  /** How often it was asked for. */
  looks: number
}

const make = (): Map<string, Operation> => new Map()

function operationsOf(tenant: TenantState): Map<string, Operation> {
  return tenant.service(make)
}

/** Headers of the 202 that begins it. */
export function addOperation(
  call: RouteCall,
  team: string,
  type: Operation['type'],
  resource: string,
): Readonly<Record<string, string>> {
  const operations = operationsOf(call.context.tenant)
  const id = guidFrom(`operation ${team} ${String(operations.size)}`)
  operations.set(id, { id, team, type, createdAt: call.now, resource, looks: 0 })
  const place = type === 'createTeam' ? `/teams('${team}')` : `/teams('${team}')/channels('${resource}')`
  return { Location: `/teams('${team}')/operations('${id}')`, 'Content-Location': place, 'Content-Length': '0' }
}

/** GET teams/{team}/operations/{operation}: under way when it is first asked for. Source: https://learn.microsoft.com/graph/api/teamsasyncoperation-get */
export function getOperation(call: RouteCall): Reply {
  const operation = operationsOf(call.context.tenant).get(call.parameters.operation ?? '')
  if (operation === undefined || operation.team !== call.parameters.team) throw notFound('The operation')
  operation.looks++
  const { id, type, createdAt, resource, team } = operation
  const place = type === 'createTeam' ? `/teams('${team}')` : `/teams('${team}')/channels('${resource}')`
  return jsonReply(200, {
    id,
    operationType: type,
    createdDateTime: new Date(createdAt).toISOString(),
    status: operation.looks > 1 ? 'succeeded' : 'inProgress',
    lastActionDateTime: new Date(call.now).toISOString(),
    attemptsCount: 1,
    targetResourceId: resource,
    targetResourceLocation: place,
    error: null,
  })
}
