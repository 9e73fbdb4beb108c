import { GraphError } from '../../http/errors.ts'
import { jsonReply, type Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { withGroup } from '../groups/calls.ts'
import type { Base, Json } from './render.ts'
import {
  tenantNotes,
  type StoredGroup,
  type StoredNotebook,
  type StoredPage,
  type StoredSection,
  type TenantNotes,
  type UserNotes,
} from './state.ts'

/** A call about the notebooks of a user or a group that exists. */
export interface NotesCall extends RouteCall {
  readonly tenantNotes: TenantNotes
  readonly notes: UserNotes
  readonly base: Base
}

/** https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/2939 quotes the answer. */
const notForApps = (): GraphError =>
  new GraphError(
    401,
    '40001',
    'The request does not contain a valid authentication token. Detailed error information: this API will no longer support app-only tokens starting from March 31st 2025.',
  )

export function withNotes(call: RouteCall): NotesCall {
  const { tenant, origin } = call.context
  const { collection, id } = ownerOf(call)
  const all = tenantNotes(tenant)
  // The simulator only knows tokens of applications.
  if (all.appOnly === 'refuse') throw notForApps()
  if (all.withoutDrive.has(id)) {
    throw new GraphError(404, '30108', "The user's personal OneDrive for Business could not be retrieved.")
  }
  const base = { url: `${origin()}/v1.0/${collection}/${id}/onenote`, user: id, collection }
  return { ...call, tenantNotes: all, notes: all.of(id), base }
}

function ownerOf(call: RouteCall): { readonly collection: Base['collection']; readonly id: string } {
  if (call.parameters.group !== undefined) return { collection: 'groups', id: withGroup(call).group.id }
  const name = call.parameters.user ?? ''
  const user = call.context.tenant.findUser(name)
  if (user === undefined) throw new GraphError(404, 'Request_ResourceNotFound', `Resource '${name}' does not exist.`)
  return { collection: 'users', id: user.id }
}

const unknown = (): GraphError => new GraphError(404, '20102', 'The specified resource ID does not exist.')

function found<T>(entity: T | undefined, id: string | undefined): T {
  if (entity !== undefined) return entity
  if (!/^1-[0-9a-f-]{32,}/i.test(id ?? '')) throw new GraphError(400, '20112', 'The request contains an invalid ID.')
  throw unknown()
}

export function notebookOf({ notes, parameters: { notebook } }: NotesCall): StoredNotebook {
  return found(
    notes.notebooks.find(({ id }) => id === notebook),
    notebook,
  )
}

export function groupOf({ notes, parameters: { sectionGroup } }: NotesCall): StoredGroup {
  return found(
    notes.groups().find(({ id }) => id === sectionGroup),
    sectionGroup,
  )
}

export function sectionOf({ notes, parameters: { section } }: NotesCall): StoredSection {
  return found(
    notes.sections().find(({ id }) => id === section),
    section,
  )
}

export function pageOf({ notes, parameters: { page } }: NotesCall): StoredPage {
  return found(notes.pages.get(page ?? ''), page)
}

/** The notebook or section group that a path names above a collection. */
export function parentOf(call: NotesCall): StoredNotebook | StoredGroup {
  return call.parameters.sectionGroup === undefined ? notebookOf(call) : groupOf(call)
}

export function collection(call: NotesCall, kind: string, value: readonly Json[]): Reply {
  const context = `${call.context.origin()}/v1.0/$metadata#${call.base.collection}('${call.base.user}')/onenote/${kind}`
  return jsonReply(200, { '@odata.context': context, value })
}

export function entity(call: NotesCall, kind: string, status: number, value: Json): Reply {
  const context = `${call.context.origin()}/v1.0/$metadata#${call.base.collection}('${call.base.user}')/onenote/${kind}/$entity`
  return jsonReply(status, { '@odata.context': context, ...value })
}
