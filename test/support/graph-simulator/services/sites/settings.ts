import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject, jsonObject, property } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { withSite } from './call.ts'
import type { SiteCall } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { listingPage, selecting } from './listing.ts'
import type { Rendered } from './listing.ts'
import type { SitePermission } from './stored.ts'

const columnProperties = [
  'boolean',
  'calculated',
  'choice',
  'columnGroup',
  'contentApprovalStatus',
  'currency',
  'dateTime',
  'defaultValue',
  'description',
  'displayName',
  'enforceUniqueValues',
  'geolocation',
  'hidden',
  'hyperlinkOrPicture',
  'id',
  'indexed',
  'isDeletable',
  'isReorderable',
  'isSealed',
  'lookup',
  'name',
  'number',
  'personOrGroup',
  'propagateChanges',
  'readOnly',
  'required',
  'sourceContentType',
  'term',
  'text',
  'thumbnail',
  'type',
  'validation',
]
const contentTypeProperties = [
  'associatedHubsUrls',
  'description',
  'documentSet',
  'documentTemplate',
  'group',
  'hidden',
  'id',
  'inheritedFrom',
  'isBuiltIn',
  'name',
  'order',
  'parentId',
  'propagateChanges',
  'readOnly',
  'sealed',
]
const defaultPage = 200
const largestPage = 5000

/** GET sites/{site}/columns. Source: https://learn.microsoft.com/graph/api/site-list-columns */
export function listColumns(call: RouteCall): Reply {
  const { site } = withSite(call)
  const pick = selecting(call, columnProperties, 'microsoft.graph.columnDefinition')
  return listingPage(call, site.columns, {
    context: `sites('${encodeURIComponent(site.id)}')/columns`,
    defaultPage,
    largestPage,
    render: (column) =>
      pick({
        columnGroup: 'Custom Columns',
        description: '',
        displayName: column.name,
        enforceUniqueValues: false,
        hidden: false,
        indexed: false,
        readOnly: false,
        required: false,
        ...column,
      }),
  })
}

/** GET sites/{site}/contentTypes. Source: https://learn.microsoft.com/graph/api/site-list-contenttypes */
export function listContentTypes(call: RouteCall): Reply {
  const { site } = withSite(call)
  const pick = selecting(call, contentTypeProperties, 'microsoft.graph.contentType')
  return listingPage(call, site.contentTypes, {
    context: `sites('${encodeURIComponent(site.id)}')/contentTypes`,
    defaultPage,
    largestPage,
    render: (type) =>
      pick({
        description: '',
        group: 'Custom Content Types',
        hidden: false,
        isBuiltIn: false,
        parentId: '0x01',
        readOnly: false,
        sealed: false,
        ...type,
      }),
  })
}

/** What applications hold; people's access is not shown. Source: https://learn.microsoft.com/graph/api/site-list-permissions */
export function listPermissions(call: RouteCall): Reply {
  const { site } = withSite(call)
  return listingPage(call, site.permissions, {
    context: `sites('${encodeURIComponent(site.id)}')/permissions`,
    defaultPage,
    largestPage,
    render: renderPermission,
  })
}

/** GET sites/{site}/permissions/{permission}: with its roles, which the listing leaves out. */
export function getPermission(call: RouteCall): Reply {
  const found = withSite(call)
  const permission = permissionOf(found)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#sites('${encodeURIComponent(found.site.id)}')/permissions/$entity`,
    ...renderPermission(permission),
  })
}

function renderPermission(permission: SitePermission): Rendered {
  const identities = [{ application: { ...permission.application } }]
  return {
    id: permission.id,
    roles: permission.roles,
    grantedToIdentities: identities,
    grantedToIdentitiesV2: identities,
  }
}

function permissionOf(call: SiteCall): SitePermission {
  const found = call.site.permissions.find(({ id }) => id === call.parameters.permission)
  if (found === undefined) throw notFound()
  return found
}

const roleNames = ['read', 'write', 'manage', 'owner', 'fullcontrol']

/** POST sites/{site}/permissions: for an application. Source: https://learn.microsoft.com/graph/api/site-post-permissions */
export function createPermission(call: RouteCall): Reply {
  const found = withSite(call)
  const body = jsonObject(call.request)
  const other = Object.keys(body).find(
    (name) => !/^(roles|grantedToIdentities|grantedToIdentitiesV2|grantedTo)$/i.test(name),
  )
  if (other !== undefined) throw invalidRequest(`The property '${other}' is not supported.`)
  const permission = { roles: rolesIn(body), application: applicationIn(body) }
  const id = found.directory.grant(found.site.id, permission)
  return jsonReply(201, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#sites('${encodeURIComponent(found.site.id)}')/permissions/$entity`,
    ...renderPermission({ ...permission, id }),
  })
}

function rolesIn(body: JsonObject): readonly string[] {
  const roles: unknown = property(body, 'roles')
  const known = (role: unknown): role is string => typeof role === 'string' && roleNames.includes(role)
  if (!Array.isArray(roles) || roles.length !== 1 || !roles.every(known))
    throw invalidRequest('roles must name one of read, write, manage, owner, fullcontrol.')
  return roles
}

function applicationIn(body: JsonObject): SitePermission['application'] {
  const identities: unknown = property(body, 'grantedToIdentities') ?? property(body, 'grantedToIdentitiesV2')
  const set: unknown =
    Array.isArray(identities) && identities.length === 1 ? identities[0] : property(body, 'grantedTo')
  const application = isObject(set) ? property(set, 'application') : undefined
  if (!isObject(application) || typeof application.id !== 'string' || typeof application.displayName !== 'string')
    throw invalidRequest('Exactly one application with id and displayName must be named.')
  return { id: application.id, displayName: application.displayName }
}

/** DELETE sites/{site}/permissions/{permission} */
export function deletePermission(call: RouteCall): Reply {
  const found = withSite(call)
  const permission = permissionOf(found)
  found.site.permissions = found.site.permissions.filter((one) => one !== permission)
  return emptyReply(204)
}
