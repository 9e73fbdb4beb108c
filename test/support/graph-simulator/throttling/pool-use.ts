import type { RouteCall } from '../routes/context.ts'
import type { PoolKind } from '../services/service.ts'

/** What a request is counted with. */
export interface PoolUse {
  readonly kind: PoolKind
  readonly name: string
  /** Requests per second that Teams allows of this one's kind; meaningless for other pools. */
  readonly teamsPerSecond: number
}

export interface PoolRequest {
  readonly kind: PoolKind
  readonly clientId: string
  /** GUID of the user or group that the path names, or '' */
  readonly user: string
  readonly method: string
  /** Of the route. */
  readonly template: string
  /** Whether OneNote counts each user for himself. */
  readonly onenotePerUser: boolean
}

/** Exchange counts each mailbox for itself, the others the whole tenant (the simulator has one), Teams by operation. */
export function poolUse({ kind, clientId, user, method, template, onenotePerUser }: PoolRequest): PoolUse {
  if (kind === 'mailbox') return { kind, name: `${clientId}:${user}`, teamsPerSecond: 0 }
  if (kind === 'teams') {
    const [operation, teamsPerSecond] = teamsOperation(method, template)
    return { kind, name: `${clientId}:teams:${operation}`, teamsPerSecond }
  }
  const name = kind === 'onenote' && onenotePerUser ? `${clientId}:onenote:${user}` : `${clientId}:${kind}`
  return { kind, name, teamsPerSecond: 0 }
}

/** Source: https://learn.microsoft.com/graph/throttling-limits#microsoft-teams-service-limits (per app and tenant) */
function teamsOperation(method: string, template: string): readonly [string, number] {
  const reads = method === 'GET'
  if (/getAll(Retained)?Messages/i.test(template)) return ['all messages', 200]
  if (/\/messages\b/.test(template)) {
    if (reads) return ['messages', 20]
    return template.includes('channels/') ? ['channel messages sent', 50] : ['chat messages sent', 20]
  }
  if (/\/(tabs|installedApps)\b/.test(template)) {
    if (reads) return ['apps read', 30]
    return method === 'DELETE' ? ['apps removed', 15] : ['apps changed', 30]
  }
  if (reads && /\/(members|channels)$/.test(template)) return ['members', 60]
  return reads ? ['other reads', 30] : ['other', 30]
}

/**
 * Resource units of a request about users and groups.
 * Source: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 */
export const directoryCost =
  (base: number) =>
  ({ query }: RouteCall): number => {
    const top = Number(query.get('$top') ?? '100')
    const cost =
      base -
      (query.get('$select') === undefined ? 0 : 1) +
      (query.get('$expand') === undefined ? 0 : 1) -
      (top < 20 ? 1 : 0)
    return Math.max(1, cost)
  }
