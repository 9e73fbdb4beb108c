import type { RouteCost, Service, ServiceRoute } from '../service.ts'
import { siteAddress } from './address.ts'
import { createPage, deletePage, getPage, getSitePage, listPages, listWebParts } from './pages.ts'
import {
  createPermission,
  deletePermission,
  getPermission,
  listColumns,
  listContentTypes,
  listPermissions,
} from './settings.ts'
import { getAllSites, getSite, listGroupSites, listSites, listSubsites, sitesDelta } from './sites.ts'

export { siteDirectory, SiteDirectory } from './state.ts'
export type { NewPage, StoredPage } from './stored.ts'

type Run = ServiceRoute['run']

/** Resource units. Source: SharePoint's throttling page, quoted in the limits that come with the contract. */
const single = 1
const many = 2
const permissionUnits = 5

const route = (permission: string, cost: RouteCost, run: Run): ServiceRoute => ({
  permission,
  pool: 'drive',
  cost,
  run,
})

const site = 'sites/{site}'
const page = `${site}/pages/{page}`
const permission = `${site}/permissions/{permission}`

/** Sites with their columns, content types, permissions and pages. Lists have a service of their own. */
export const sitesService: Service = {
  collections: {
    sites: 'site',
    groups: 'group',
    pages: 'page',
    columns: 'column',
    contentTypes: 'contentType',
    permissions: 'permission',
  },
  operations: ['getAllSites', 'sitePage', 'graph.sitePage', 'webParts'],
  address: siteAddress,
  permissions: {
    readSites: ['Sites.Read.All', 'Sites.ReadWrite.All'],
    readSiteSchema: ['Sites.Read.All', 'Sites.Manage.All', 'Sites.ReadWrite.All', 'Sites.FullControl.All'],
    trackSites: ['Sites.Read.All', 'Sites.Manage.All', 'Sites.ReadWrite.All', 'Sites.FullControl.All'],
    writeSites: ['Sites.ReadWrite.All'],
    sitePermissions: ['Sites.FullControl.All'],
  },
  granted: ['Sites.ReadWrite.All', 'Sites.FullControl.All'],
  routes: {
    'GET sites': route('readSites', many, listSites),
    'GET sites/getAllSites': route('readSites', many, getAllSites),
    'GET sites/delta': route('trackSites', many, sitesDelta),
    [`GET ${site}`]: route('readSites', single, getSite),
    [`GET ${site}/sites`]: route('readSites', many, listSubsites),
    'GET groups/{group}/sites': route('readSites', many, listGroupSites),
    'GET groups/{group}/sites/{site}': route('readSites', single, getSite),

    [`GET ${site}/columns`]: route('readSiteSchema', many, listColumns),
    [`GET ${site}/contentTypes`]: route('readSiteSchema', many, listContentTypes),
    [`GET ${site}/permissions`]: route('sitePermissions', permissionUnits, listPermissions),
    [`POST ${site}/permissions`]: route('sitePermissions', permissionUnits, createPermission),
    [`GET ${permission}`]: route('sitePermissions', permissionUnits, getPermission),
    [`DELETE ${permission}`]: route('sitePermissions', permissionUnits, deletePermission),

    [`GET ${site}/pages`]: route('readSites', many, listPages),
    [`POST ${site}/pages`]: route('writeSites', many, createPage),
    [`GET ${site}/pages/sitePage`]: route('readSites', many, listPages),
    [`GET ${site}/pages/graph.sitePage`]: route('readSites', many, listPages),
    [`GET ${page}`]: route('readSites', single, getPage),
    [`DELETE ${page}`]: route('writeSites', many, deletePage),
    [`GET ${page}/sitePage`]: route('readSites', single, getSitePage),
    [`GET ${page}/graph.sitePage`]: route('readSites', single, getSitePage),
    [`GET ${page}/sitePage/webParts`]: route('readSites', many, listWebParts),
    [`GET ${page}/graph.sitePage/webParts`]: route('readSites', many, listWebParts),
  },
}
