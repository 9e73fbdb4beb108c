import { isEngineError, type EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer } from '../client/types.ts'
import { isObject, list, text } from '../item/fields.ts'
import { has } from './drive-item.ts'
import type { DriveAccess } from './drive-requests.ts'
import { withNotice } from './notices.ts'
import { cost, drivePool } from './target-requests.ts'

/** Our own annotation: why the permissions could not be read for now. Not stored. */
export const permissionFaultName = '@holdfast.permissionFault'

/** Whether somebody else may see it: only then there are permissions worth asking for (gotcha 37). */
export function isShared(item: JsonObject): boolean {
  return has(item, 'shared')
}

/**
 * The items, the shared ones with their `permissions` as Graph gives them (inherited ones carry `inheritedFrom`).
 * What Graph denies for good is noted in the item; what may pass is left to be tried again, as an annotation.
 * https://learn.microsoft.com/graph/api/driveitem-list-permissions
 */
export async function withPermissions(
  access: DriveAccess,
  items: readonly JsonObject[],
): Promise<readonly JsonObject[]> {
  const shared = items.filter(isShared)
  if (shared.length === 0) return items
  const members = shared.map((item) => ({
    path: graphPath`/drives/${access.drive}/items/${text(item, 'id') ?? ''}/permissions`,
    cost: cost.permissions,
  }))
  const answers = await access.client.batch(members, { pool: drivePool, signal: access.signal })
  const completed = new Map<JsonObject, JsonObject>()
  for (const [index, item] of shared.entries()) completed.set(item, await completedItem(access, item, answers[index]))
  return items.map((item) => completed.get(item) ?? item)
}

async function completedItem(
  access: DriveAccess,
  item: JsonObject,
  answer: BatchAnswer | undefined,
): Promise<JsonObject> {
  try {
    return { ...item, permissions: await permissionsOf(access, answer) }
  } catch (error) {
    if (!isEngineError(error) || endsListing(error)) throw error
    if (error.retry === 'never') return withNotice(item, 'permissions-unread')
    return { ...item, [permissionFaultName]: error.code }
  }
}

async function permissionsOf(access: DriveAccess, answer: BatchAnswer | undefined): Promise<JsonObject[]> {
  if (answer === undefined) return []
  if (!answer.ok) throw answer.error
  const body = isObject(answer.body) ? answer.body : {}
  const permissions = (list(body, 'value') ?? []).filter(isObject)
  const link = text(body, '@odata.nextLink')
  if (link === undefined) return permissions
  const { client, signal } = access
  for await (const page of client.pages<JsonObject>({ path: link, pool: drivePool, cost: cost.permissions, signal })) {
    permissions.push(...page.value)
  }
  return permissions
}

/** It is about more than one item or library. */
export function endsListing({ code }: EngineError): boolean {
  return code === 'cancelled' || code === 'internal' || code === 'graph.unreachable' || code.startsWith('auth.')
}
