import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { isObject, list, record } from '../item/fields.ts'
import { distinct, missingOf, planPermissions } from './restore-permission-plan.ts'
import type { PermissionPlan, WantedGrant, WantedLink } from './restore-permission-plan.ts'
import type { Session } from './restore-session.ts'
import { cost, drivePool, itemPath } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'

/** An item of the target, and the permissions that it had. */
export interface PermissionsOf {
  /** Graph id. */
  readonly id: string
  readonly permissions: readonly JsonObject[]
  /** It was just created: nobody can have shared it yet. */
  readonly isNew: boolean
}

export interface PermissionOutcome {
  /** Something was added. */
  readonly changed: boolean
  readonly remarks: readonly RestoreRemark[]
}

/**
 * Gives an item the permissions that it had, as far as they were asked for and are not there yet. Links come first: the
 * first one ends the inheritance of what lies above, which grants then stand beside (gotcha 37). Nobody is told: no
 * invitation, no message.
 */
export async function restorePermissions(
  target: TargetDrive,
  session: Session,
  { id, permissions, isNew }: PermissionsOf,
): Promise<PermissionOutcome> {
  const { options, owners } = session
  const plan = planPermissions(permissions, { options, owners: [...owners], now: target.clock.now() })
  if (plan.links.length + plan.grants.length === 0) return { changed: false, remarks: plan.remarks }
  const missing = isNew ? plan : missingOf(plan, await listPermissions(target, id))
  const remarks: RestoreRemark[] = [...plan.remarks]
  for (const link of missing.links) remarks.push(...(await refusalOf(() => createLink(target, id, link))))
  for (const grants of alike(missing)) remarks.push(...(await inviteAll(target, id, grants)))
  return { changed: missing.links.length + missing.grants.length > 0, remarks: distinct(remarks) }
}

async function listPermissions({ client, drive, signal }: TargetDrive, id: string): Promise<readonly JsonObject[]> {
  const path = `${itemPath(drive, id)}/permissions`
  const found: JsonObject[] = []
  for await (const page of client.pages<JsonObject>({ path, pool: drivePool, cost: cost.permissions, signal })) {
    found.push(...page.value)
  }
  return found
}

/** https://learn.microsoft.com/graph/api/driveitem-createlink */
async function createLink({ client, drive, signal }: TargetDrive, id: string, link: WantedLink): Promise<undefined> {
  const { type, scope, expires, people } = link
  await client.json<JsonObject>({
    method: 'POST',
    path: `${itemPath(drive, id)}/createLink`,
    body: {
      type,
      scope,
      ...(expires === undefined ? {} : { expirationDateTime: expires }),
      ...(people.length === 0 ? {} : { recipients: people.map(recipient), sendNotification: false }),
      retainInheritedPermissions: true,
    },
    pool: drivePool,
    cost: cost.permissions,
    signal,
    // Asked for again, Graph gives the link that is there.
    idempotent: true,
  })
}

/** Grants that one request can give: of the same role and end. */
function alike({ grants }: PermissionPlan): readonly (readonly WantedGrant[])[] {
  const groups = new Map<string, WantedGrant[]>()
  for (const grant of grants) {
    const key = `${grant.role} ${grant.expires ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [grant])
    else group.push(grant)
  }
  return [...groups.values()]
}

/** Together, or one by one if Graph refuses one of them. */
async function inviteAll(
  target: TargetDrive,
  id: string,
  grants: readonly WantedGrant[],
): Promise<readonly RestoreRemark[]> {
  const remarks = await refusalOf(() => invite(target, id, grants))
  if (remarks.length === 0 || grants.length === 1) return remarks
  const each: RestoreRemark[] = []
  for (const grant of grants) each.push(...(await refusalOf(() => invite(target, id, [grant]))))
  return each
}

/** https://learn.microsoft.com/graph/api/driveitem-invite */
async function invite(
  { client, drive, signal }: TargetDrive,
  id: string,
  grants: readonly WantedGrant[],
): Promise<RestoreRemark | undefined> {
  const [first] = grants
  const answer = await client.json<JsonObject | undefined>({
    method: 'POST',
    path: `${itemPath(drive, id)}/invite`,
    body: {
      recipients: grants.map(({ person }) => recipient(person)),
      roles: [first?.role ?? 'read'],
      requireSignIn: true,
      sendInvitation: false,
      retainInheritedPermissions: true,
      ...(first?.expires === undefined ? {} : { expirationDateTime: first.expires }),
    },
    pool: drivePool,
    cost: cost.permissions,
    signal,
    // Whoever has access already gets no second one, and no mail is sent either time.
    idempotent: true,
  })
  const results = (list(answer ?? {}, 'value') ?? []).filter(isObject)
  return results.some((result) => record(result, 'error') !== undefined) ? { code: 'permission-refused' } : undefined
}

function recipient(person: string): JsonObject {
  return { objectId: person }
}

/** A permission that Graph does not take back leaves the others alone. */
async function refusalOf(work: () => Promise<RestoreRemark | undefined>): Promise<readonly RestoreRemark[]> {
  try {
    const remark = await work()
    return remark === undefined ? [] : [remark]
  } catch (error) {
    const isRefusal = isEngineError(error, 'graph.request-refused') || isEngineError(error, 'graph.forbidden')
    if (!isRefusal) throw error
    const code = error.context.graphCode
    return [{ code: 'permission-refused', ...(typeof code === 'string' ? { detail: code } : {}) }]
  }
}
