import { groupDirectory } from '../groups/state.ts'
import { siteDirectory } from '../sites/state.ts'
import type { DriveCall } from './call.ts'
import { cTag, eTag } from './call.ts'
import type { Drive } from './state/drive.ts'
import type { Identities, Identity, StoredItem } from './state/item.ts'
import { mimeTypeOf } from './state/names.ts'
import { sharedScope } from './state/sharing.ts'
import { downloadAddress } from './download-address.ts'

export type Rendered = Record<string, unknown>

/** Properties of driveItem, without navigation properties. */
export const itemProperties = [
  'audio',
  'bundle',
  'cTag',
  'createdBy',
  'createdDateTime',
  'deleted',
  'description',
  'eTag',
  'file',
  'fileSystemInfo',
  'folder',
  'id',
  'image',
  'lastModifiedBy',
  'lastModifiedDateTime',
  'location',
  'malware',
  'name',
  'package',
  'parentReference',
  'pendingOperations',
  'photo',
  'publication',
  'remoteItem',
  'root',
  'searchResult',
  'shared',
  'sharepointIds',
  'size',
  'specialFolder',
  'video',
  'webDavUrl',
  'webUrl',
] as const

export const downloadUrl = '@microsoft.graph.downloadUrl'

/** In which answer an item is shown. */
export interface View {
  readonly inDelta: boolean
  /** Undefined: everything that Graph shows unasked. */
  readonly selected: ReadonlySet<string> | undefined
}

/** An item as Graph shows it. */
export function renderItem(call: DriveCall, item: StoredItem, view: View): Rendered {
  const { drive } = call
  const all: Rendered = {
    ...(view.inDelta ? { '@odata.type': '#microsoft.graph.driveItem' } : {}),
    ...(wantsDownload(item, view) ? { [downloadUrl]: downloadAddress(call, item) } : {}),
    createdDateTime: iso(item.createdAt),
    ...tags(drive, item, view),
    id: item.id,
    lastModifiedDateTime: iso(item.modifiedAt),
    name: item.name,
    webUrl: webUrl(drive, item),
    size: item.size,
    createdBy: identities(item.createdBy),
    lastModifiedBy: identities(item.modifiedBy),
    parentReference: parentReference(drive, item, view),
    fileSystemInfo: { createdDateTime: iso(item.times.createdAt), lastModifiedDateTime: iso(item.times.modifiedAt) },
    ...(item.description === undefined ? {} : { description: item.description }),
    ...kindFacets(drive, item, view),
    ...sharedFacet(drive, item),
    ...item.facets,
  }
  return pick(all, view.selected)
}

/** A deleted item as delta shows it. Source: the table of omitted properties in driveitem-delta. */
export function renderDeleted(call: DriveCall, item: StoredItem, view: View): Rendered {
  const { drive } = call
  const isPersonal = drive.type === 'personal'
  const all: Rendered = {
    '@odata.type': '#microsoft.graph.driveItem',
    eTag: eTag(drive, item),
    id: item.id,
    ...(isPersonal ? { name: item.name } : { size: 0 }),
    parentReference: parentReference(drive, item, view),
    fileSystemInfo: { createdDateTime: iso(item.times.createdAt), lastModifiedDateTime: iso(item.times.modifiedAt) },
    ...(item.isContainer ? { folder: { childCount: 0 } } : { file: {} }),
    deleted: isPersonal ? {} : { state: 'deleted' },
  }
  return pick(all, view.selected)
}

/** What `$select` leaves; annotations of the type stay. */
function pick(all: Rendered, selected: ReadonlySet<string> | undefined): Rendered {
  if (selected === undefined) return all
  return Object.fromEntries(Object.entries(all).filter(([name]) => selected.has(name) || name === '@odata.type'))
}

function wantsDownload(item: StoredItem, view: View): boolean {
  return item.kind === 'file' && (view.selected === undefined || view.selected.has(downloadUrl))
}

/** Business drives leave cTag out in delta, and never have one for folders. */
function tags(drive: Drive, item: StoredItem, { inDelta }: View): Rendered {
  const isPersonal = drive.type === 'personal'
  const shown = isPersonal || (item.kind === 'file' && (!inDelta || drive.behaviour.deltaWithCTag === true))
  return { eTag: eTag(drive, item), ...(shown ? { cTag: cTag(drive, item) } : {}) }
}

function kindFacets(drive: Drive, item: StoredItem, view: View): Rendered {
  const special = item.specialName === undefined ? {} : { specialFolder: { name: item.specialName } }
  switch (item.kind) {
    case 'folder':
      return { folder: { childCount: item.children.size }, ...(item === drive.root ? { root: {} } : {}), ...special }
    case 'file':
      return { file: fileFacet(drive, item, view) }
    default:
      return special
  }
}

function fileFacet(drive: Drive, item: StoredItem, { inDelta }: View): Rendered {
  const { content } = item
  const mimeType = mimeTypeOf(item.name)
  const { deltaWithoutHashes = 'none' } = drive.behaviour
  const left = inDelta && (deltaWithoutHashes === 'all' || (deltaWithoutHashes === 'some' && item.number % 2 === 0))
  if (content === undefined || content.size === 0 || left) return { mimeType }
  const quickXorHash = content.quickXorHash()
  return { mimeType, hashes: drive.type === 'personal' ? { quickXorHash, sha1Hash: content.sha1() } : { quickXorHash } }
}

function sharedFacet(drive: Drive, item: StoredItem): Rendered {
  const scope = sharedScope(item)
  if (scope === undefined) return {}
  return { shared: drive.type === 'personal' ? { scope, owner: identities(drive.creator) } : { scope } }
}

function parentReference(drive: Drive, item: StoredItem, { inDelta }: View): Rendered {
  const { parent } = item
  const driveId = drive.behaviour.shortDriveId === true ? drive.id.replace(/^0+/, '') : drive.id
  const common = { driveType: drive.type, driveId }
  if (parent === undefined) return common
  const path = parent.path().split('/').map(encodeURIComponent).join('/')
  return {
    ...common,
    id: parent.id,
    name: parent.name,
    ...(inDelta ? {} : { path: `/drives/${drive.id}/root:${path === '' ? '' : `/${path}`}` }),
  }
}

function webUrl(drive: Drive, item: StoredItem): string {
  const path = [drive.webPath, item.path()].filter((part) => part !== '').join('/')
  const host = drive.site?.host ?? 'contoso-my.sharepoint.com'
  return `https://${host}/${path.split('/').map(encodeURIComponent).join('/')}`
}

export function identities(one: Identities): Rendered {
  return Object.fromEntries(Object.entries(one).map(([kind, identity]) => [kind, identityJson(identity as Identity)]))
}

function identityJson({ id, displayName, email, ...more }: Identity): Rendered {
  return { ...(email === undefined ? {} : { email }), ...(id === undefined ? {} : { id }), displayName, ...more }
}

/** SharePoint's times have whole seconds. */
export const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

export function renderDrive(call: DriveCall): Rendered {
  const { drive } = call
  const used = drive.root.size
  const remaining = Math.max(drive.quota - used, 0)
  return {
    createdDateTime: iso(drive.createdAt),
    description: '',
    id: drive.id,
    lastModifiedDateTime: iso(drive.root.modifiedAt),
    name: drive.name,
    webUrl: webUrl(drive, drive.root),
    driveType: drive.type,
    createdBy: identities(drive.creator),
    lastModifiedBy: identities(drive.creator),
    owner: ownerIdentities(call),
    quota: {
      deleted: drive.recycledBytes,
      remaining,
      state: quotaState(remaining, drive.quota),
      total: drive.quota,
      used,
    },
  }
}

/** A group's libraries are the group's, those of other sites nobody's in particular. */
function ownerIdentities({ drive, context }: DriveCall): Rendered {
  if (drive.owner.kind !== 'group') return identities(drive.creator)
  const group = groupDirectory(context.tenant).get(drive.owner.id)
  const { displayName = drive.name, mail = null } = group ?? {}
  return { group: { ...(mail === null ? {} : { email: mail }), id: drive.owner.id, displayName } }
}

/** Only shown when it is selected. https://learn.microsoft.com/graph/api/resources/drive */
export function sharePointIds({ drive, context }: DriveCall): Rendered {
  const site = drive.site === undefined ? undefined : siteDirectory(context.tenant).get(drive.site.id)
  if (site === undefined) return {}
  const { collectionId: siteId, webId, webUrl: siteUrl } = site
  return { sharePointIds: { listId: drive.listId, siteId, siteUrl, tenantId: context.app.tenantId, webId } }
}

function quotaState(remaining: number, total: number): string {
  if (remaining === 0) return 'exceeded'
  if (remaining < total * 0.01) return 'critical'
  return remaining < total * 0.1 ? 'nearing' : 'normal'
}
