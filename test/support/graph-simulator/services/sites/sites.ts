import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject } from '../../routes/request-json.ts'
import { GraphError } from '../../http/errors.ts'
import { withSite } from './call.ts'
import { invalidRequest } from './errors.ts'
import { listingPage, pageAddress, selecting } from './listing.ts'
import type { Rendered } from './listing.ts'
import { siteDirectory } from './state.ts'
import type { StoredSite } from './stored.ts'

const siteType = 'microsoft.graph.site'
const siteProperties = [
  'createdDateTime',
  'description',
  'displayName',
  'eTag',
  'id',
  'isPersonalSite',
  'lastModifiedDateTime',
  'name',
  'parentReference',
  'root',
  'sharepointIds',
  'siteCollection',
  'webUrl',
]

const largestPage = 1000

/** SharePoint's times have whole seconds. */
export const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

/** A site in full, as a request for it shows it. */
function fullSite(site: StoredSite): Rendered {
  return {
    createdDateTime: iso(site.createdAt),
    description: site.description,
    id: site.id,
    isPersonalSite: site.isPersonal,
    lastModifiedDateTime: iso(site.modifiedAt),
    name: site.name,
    webUrl: site.webUrl,
    displayName: site.displayName,
    ...(site.parent === undefined
      ? { root: {}, siteCollection: collectionOf(site) }
      : { parentReference: { siteId: site.parent.id } }),
  }
}

function collectionOf(site: StoredSite): Rendered {
  const { host, path, archiveStatus } = site
  return {
    hostname: host,
    ...(path === '' ? { root: {}, dataLocationCode: 'NAM' } : {}),
    ...(archiveStatus === undefined ? {} : { archivalDetails: { archiveStatus } }),
  }
}

/** Ids for SharePoint's own interface: only where they are selected. */
function siteIds(site: StoredSite): Rendered {
  const { collectionId: siteId, webUrl: siteUrl, webId } = site
  return { sharepointIds: { siteId, siteUrl, webId } }
}

/** Listings of sites show less: no description, and no times. */
function listedSite(site: StoredSite): Rendered {
  const {
    description: _description,
    createdDateTime: _created,
    lastModifiedDateTime: _modified,
    ...rest
  } = fullSite(site)
  return rest
}

/** GET sites/{site}, sites/{host}:/{path}, groups/{group}/sites/root. Answers for locked sites too, but not to those without access. */
export function getSite(call: RouteCall): Reply {
  const { site } = withSite(call)
  const pick = selecting(call, siteProperties, siteType)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#sites/$entity`,
    ...pick({ ...fullSite(site), ...(call.query.get('$select') === undefined ? {} : siteIds(site)) }),
  })
}

/**
 * GET sites/getAllSites: every site collection of the tenant, personal ones and locked ones included. The documents do not
 * say whether subsites are among them: they are not, unless a test says so. Source: https://learn.microsoft.com/graph/api/site-getallsites
 */
export function getAllSites(call: RouteCall): Reply {
  const directory = siteDirectory(call.context.tenant)
  const all = directory.all().filter(({ parent }) => parent === undefined || directory.listsSubsites)
  const pick = selecting(call, siteProperties, siteType)
  return listingPage(call, all, {
    context: 'sites',
    defaultPage: directory.pageSize,
    largestPage,
    render: (site) => pick({ ...listedSite(site), ...createdOf(site) }),
  })
}

function createdOf(site: StoredSite): Rendered {
  return { createdDateTime: iso(site.createdAt), lastModifiedDateTime: iso(site.modifiedAt) }
}

/** GET sites: with `search`, by words; with the one documented filter, root sites of the hosts; else like getAllSites. */
export function listSites(call: RouteCall): Reply {
  const directory = siteDirectory(call.context.tenant)
  const search = call.query.get('search') ?? call.query.get('$search')
  const filter = call.query.get('$filter')
  if (filter !== undefined && !/^siteCollection\/root ne null$/i.test(filter.trim()))
    throw invalidRequest('Only siteCollection/root can be filtered by.')
  const found = directory
    .all()
    .filter((site) => !site.isPersonal && (filter === undefined || site.path === ''))
    .filter((site) => search === undefined || matches(site, search))
  const pick = selecting(call, siteProperties, siteType)
  const render = search === undefined ? listedSite : fullSite
  return listingPage(call, found, {
    context: 'sites',
    defaultPage: directory.pageSize,
    largestPage,
    render: (site) => pick(render(site)),
  })
}

/** Words of name, address and description; `*` finds everything. */
function matches(site: StoredSite, search: string): boolean {
  const text = `${site.displayName} ${site.name} ${site.description} ${site.webUrl}`.toLowerCase()
  const words = search.replaceAll('"', '').toLowerCase().split(/\s+/)
  return words.every((word) => word === '*' || text.includes(word.replace(/\*$/, '')))
}

/** GET sites/{site}/sites: the subsites right below it. */
export function listSubsites(call: RouteCall): Reply {
  const { site, directory } = withSite(call)
  const pick = selecting(call, siteProperties, siteType)
  return listingPage(call, directory.subsites(site), {
    context: `sites('${encodeURIComponent(site.id)}')/sites`,
    defaultPage: 200,
    largestPage,
    render: (one) => pick(fullSite(one)),
  })
}

/** GET groups/{group}/sites: the group's own site. */
export function listGroupSites(call: RouteCall): Reply {
  const { group = '' } = call.parameters
  const site = siteDirectory(call.context.tenant).ofGroup(group)
  const pick = selecting(call, siteProperties, siteType)
  return listingPage(call, site === undefined ? [] : [site], {
    context: 'sites',
    defaultPage: 200,
    largestPage,
    render: (one) => pick(fullSite(one)),
  })
}

/**
 * GET sites/delta: sites that were made, changed or deleted since. A token of another tenant, or one that a test let die,
 * is gone. Source: https://learn.microsoft.com/graph/api/site-delta
 */
export function sitesDelta(call: RouteCall): Reply {
  const directory = siteDirectory(call.context.tenant)
  const since = sinceOf(call)
  const changed = new Set(directory.log.filter(({ sequence }) => sequence > since).map(({ site }) => site))
  const pick = selecting(call, siteProperties, siteType)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#sites`,
    value: [...changed].map((site) =>
      site.isDeleted ? { id: site.id, '@removed': { reason: 'deleted' } } : pick(listedSite(site)),
    ),
    '@odata.deltaLink': pageAddress(call, '$deltatoken', { since: directory.log.length }),
  })
}

function sinceOf(call: RouteCall): number {
  const token = call.query.get('$deltatoken') ?? call.query.get('token')
  if (token === undefined) return 0
  if (token === 'latest') return siteDirectory(call.context.tenant).log.length
  const value = call.context.seal.open(token)
  if (!isObject(value) || typeof value.since !== 'number')
    throw new GraphError(410, 'resyncRequired', 'Resync required.')
  return value.since
}
