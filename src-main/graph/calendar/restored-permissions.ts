import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { PersonMap, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { isObject, list, record, text } from '../item/fields.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { mailboxPool } from '../outlook/mailbox.ts'

/**
 * Sets who may see a calendar, as far as that mails nobody: the role of everybody in the organization, and the roles of
 * people who have access already. To give access to somebody new, Graph mails that person an invitation, so those are
 * named instead. https://learn.microsoft.com/graph/api/calendarpermission-update
 */
export async function restorePermissions(
  mailbox: Mailbox,
  calendar: string,
  properties: JsonObject,
  people: PersonMap,
): Promise<readonly RestoreRemark[]> {
  const stored = (list(properties, 'calendarPermissions') ?? []).filter(isObject)
  if (stored.length === 0) return []
  const path = graphPath`/users/${mailbox.user}/calendars/${calendar}/calendarPermissions`
  const remarks: RestoreRemark[] = []
  try {
    const present = await readPermissions(mailbox, path)
    for (const permission of stored) remarks.push(...(await restoreOne(mailbox, path, permission, present, people)))
  } catch (error) {
    if (!isRefused(error)) throw error
    remarks.push({ code: 'permission-refused' })
  }
  return remarks
}

async function readPermissions({ client, user, signal }: Mailbox, path: string): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = []
  for await (const page of client.pages<JsonObject>({ path, pool: mailboxPool(user), signal })) all.push(...page.value)
  return all
}

async function restoreOne(
  mailbox: Mailbox,
  path: string,
  stored: JsonObject,
  present: readonly JsonObject[],
  people: PersonMap,
): Promise<readonly RestoreRemark[]> {
  const address = addressOf(stored)
  const mapped = address === undefined ? undefined : people({ address })?.address.toLowerCase()
  if (address !== undefined && mapped === undefined) return [{ code: 'person-unmapped' }]
  const found = present.find(
    (each) => addressOf(each) === mapped && (mapped !== undefined || isSameOffice(each, stored)),
  )
  if (found === undefined) return address === undefined ? [] : [{ code: 'calendar-sharing-lost' }]
  const role = text(stored, 'role') ?? 'none'
  if (text(found, 'role') === role) return []
  if (list(found, 'allowedRoles')?.includes(role) === false) return [{ code: 'permission-refused' }]
  return await setRole(mailbox, path + graphPath`/${text(found, 'id') ?? ''}`, role)
}

async function setRole(
  { client, user, signal }: Mailbox,
  path: string,
  role: string,
): Promise<readonly RestoreRemark[]> {
  try {
    await client.json<JsonObject>({ method: 'PATCH', path, body: { role }, pool: mailboxPool(user), signal })
    return []
  } catch (error) {
    if (!isRefused(error)) throw error
    return [{ code: 'permission-refused' }]
  }
}

function isRefused(error: unknown): boolean {
  return isEngineError(error, 'graph.request-refused') || isEngineError(error, 'graph.forbidden')
}

function addressOf(permission: JsonObject): string | undefined {
  return text(record(permission, 'emailAddress') ?? {}, 'address')?.toLowerCase()
}

/** Everybody inside the organization, or everybody outside. */
function isSameOffice(one: JsonObject, other: JsonObject): boolean {
  return (one.isInsideOrganization === true) === (other.isInsideOrganization === true)
}
