import type { RouteCall } from '../../routes/context.ts'
import { jsonObject, isObject, property } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { refuseLocked, siteNotFound } from '../sites/errors.ts'
import { siteDirectory } from '../sites/state.ts'
import { pathNames } from './address.ts'
import { driveNotFound, invalidRequest, itemNotFound, ownerNotFound, preconditionFailed } from './errors.ts'
import { drivesOf } from './state/drives.ts'
import type { TenantDrives } from './state/drives.ts'
import type { ConflictBehavior, Drive, DriveOwner } from './state/drive.ts'
import { cTagOf, eTagOf } from './state/ids.ts'
import type { Identities, StoredItem, Times } from './state/item.ts'

/** A call about a drive that exists. */
export interface DriveCall extends RouteCall {
  readonly drives: TenantDrives
  readonly drive: Drive
}

/** A call about an item that exists. */
export interface ItemCall extends DriveCall {
  readonly item: StoredItem
}

export function withDrive(call: RouteCall): DriveCall {
  const drives = drivesOf(call.context.tenant)
  const drive = driveOf(drives, call)
  refuseLockedSite(call, drive)
  return { ...call, drives, drive }
}

function driveOf(drives: TenantDrives, call: RouteCall): Drive {
  const owner = ownerOf(call)
  const { drive: id, list } = call.parameters
  if (id === undefined) {
    if (owner === undefined) throw driveNotFound()
    return list === undefined ? drives.defaultDrive(owner) : libraryOf(drives, owner, list)
  }
  const drive = drives.findDrive(id)
  if (drive === undefined || (owner !== undefined && !drives.ofOwner(owner).includes(drive))) throw driveNotFound()
  return drive
}

/** A library by the id or the title of the list that it is, too. */
function libraryOf(drives: TenantDrives, owner: DriveOwner, list: string): Drive {
  const found = drives.ofOwner(owner).find(({ listId, name }) => listId === list.toLowerCase() || name === list)
  if (found === undefined) throw driveNotFound()
  return found
}

/** Whoever asks for a library of a locked site gets the site's answer. */
function refuseLockedSite(call: RouteCall, drive: Drive): void {
  const site = drive.site === undefined ? undefined : siteDirectory(call.context.tenant).get(drive.site.id)
  if (site !== undefined) refuseLocked(site, call.request.method)
}

/** The owner that the path names. */
export function ownerOf(call: RouteCall): DriveOwner | undefined {
  const { user, group, site } = call.parameters
  if (group !== undefined) return { kind: 'group', id: group }
  if (site !== undefined) return siteOwner(call, site)
  if (user === undefined) return undefined
  const found = call.context.tenant.findUser(user)
  if (found === undefined) throw ownerNotFound(user)
  return { kind: 'user', id: found.id }
}

/** A site of the directory by any of its addresses; others have the drives that somebody made for their id. */
function siteOwner(call: RouteCall, address: string): DriveOwner {
  const site = siteDirectory(call.context.tenant).find(address)
  if (site !== undefined) refuseLocked(site, call.request.method)
  const owner: DriveOwner = { kind: 'site', id: site?.id ?? address }
  if (site === undefined && drivesOf(call.context.tenant).ofOwner(owner).length === 0) throw siteNotFound()
  return owner
}

export function withItem(call: RouteCall): ItemCall {
  const found = withDrive(call)
  const item = findItem(found)
  if (item === undefined) throw itemNotFound()
  return { ...found, item }
}

/** The item the address names, when it exists. What the path starts from has to. */
export function findItem(call: DriveCall): StoredItem | undefined {
  const { path, child } = call.parameters
  const start = startOf(call)
  const item = path === undefined ? start : call.drive.descend(start, pathNames(path))
  if (child === undefined) return item
  const byId = call.drive.find(child)
  return byId?.parent === item ? byId : item?.child(child)
}

/** What the path starts from: the root, an item by its id, or a special folder. */
function startOf(call: DriveCall): StoredItem {
  const { item, special } = call.parameters
  const found = special === undefined ? call.drive.find(item ?? 'root') : specialOf(call, special.toLowerCase())
  if (found?.removed !== 'no') throw itemNotFound()
  return found
}

/** Special folders come into being when they are first written to. */
function specialOf(call: DriveCall, name: string): StoredItem | undefined {
  const writes = call.request.method === 'PUT' || call.request.method === 'POST'
  return writes ? call.drive.specialFolder(name, writerOf(call)) : call.drive.special.get(name)
}

/** Where something new is to go: an existing folder and a name in it. */
export interface NewPlace {
  readonly parent: StoredItem
  readonly name: string
}

/** Place and name that the path gives. Folders above it have to exist. */
export function newPlace(call: DriveCall): NewPlace | undefined {
  const { path, child } = call.parameters
  const names = [...(path === undefined ? [] : pathNames(path)), ...(child === undefined ? [] : [child])]
  const name = names.pop()
  if (name === undefined) return undefined
  const parent = call.drive.descend(startOf(call), names)
  if (parent?.isContainer !== true) throw itemNotFound()
  return { parent, name }
}

/** Who writes through the API: the application itself. */
export function writerOf(call: RouteCall): Identities {
  return {
    application: { id: call.context.app.clientId, displayName: 'Simulated application' },
    user: { displayName: 'SharePoint App' },
  }
}

export function eTag(drive: Drive, item: StoredItem): string {
  return eTagOf(drive.type, item.guid, item.version)
}

export function cTag(drive: Drive, item: StoredItem): string {
  return cTagOf(drive.type, item.guid, item.contentVersion)
}

/** 412 when If-Match names another state, or If-None-Match this one. eTag and cTag will both do. */
export function checkPreconditions(call: DriveCall, item: StoredItem | undefined): void {
  const match = call.request.headers['if-match']
  const noneMatch = call.request.headers['if-none-match']
  if (match !== undefined && !(item !== undefined && namesState(match, call.drive, item))) throw preconditionFailed()
  if (noneMatch !== undefined && item !== undefined && namesState(noneMatch, call.drive, item))
    throw preconditionFailed()
}

/** Whether a header's list of tags has one of this item's. */
export function namesState(header: string, drive: Drive, item: StoredItem): boolean {
  const text = header.trim()
  const plain = (tag: string): string => tag.replaceAll('"', '')
  const named = text.split(/,(?=\s*(?:W\/)?")/).map((tag) => plain(tag.trim().replace(/^W\//, '')))
  return text === '*' || named.includes(plain(eTag(drive, item))) || named.includes(plain(cTag(drive, item)))
}

const annotation = '@microsoft.graph.conflictBehavior'

export function conflictIn(
  body: JsonObject | undefined,
  call: RouteCall,
  standard: ConflictBehavior,
): ConflictBehavior {
  const value = body?.[annotation] ?? call.query.get(annotation) ?? standard
  const known = (['fail', 'replace', 'rename'] as const).find((one) => one === value)
  if (known === undefined) throw invalidRequest(`${annotation} must be fail, replace or rename.`)
  return known
}

/** Refuses properties that an operation does not know. */
export function refuseOthers(body: JsonObject, known: readonly string[]): void {
  const allowed = new Set(known.map((name) => name.toLowerCase()))
  const other = Object.keys(body).find((name) => !name.startsWith('@') && !allowed.has(name.toLowerCase()))
  if (other !== undefined) throw invalidRequest(`Property ${other} in payload has a value that does not match schema.`)
}

/** The times a body's `fileSystemInfo` gives. */
export function timesIn(body: JsonObject): Partial<Times> {
  const info = property(body, 'fileSystemInfo')
  if (info === undefined || info === null) return {}
  if (!isObject(info)) throw invalidRequest('fileSystemInfo must be an object.')
  refuseOthers(info, ['createdDateTime', 'lastModifiedDateTime', 'lastAccessedDateTime'])
  const createdAt = timeIn(info, 'createdDateTime')
  const modifiedAt = timeIn(info, 'lastModifiedDateTime')
  timeIn(info, 'lastAccessedDateTime')
  return { ...(createdAt === undefined ? {} : { createdAt }), ...(modifiedAt === undefined ? {} : { modifiedAt }) }
}

/** A date and time in UTC, to the second: SharePoint keeps no fractions. */
export function timeIn(body: JsonObject, name: string): number | undefined {
  const value = property(body, name)
  if (value === undefined || value === null) return undefined
  const shaped =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/.test(value)
  const time = shaped ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) throw invalidRequest(`${name} is not a valid date and time.`)
  return Math.floor(time / 1000) * 1000
}

export function textIn(body: JsonObject, name: string): string | undefined {
  const value = property(body, name)
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalidRequest(`${name} must be a string.`)
  return value
}

export function flagIn(body: JsonObject, name: string): boolean | undefined {
  const value = property(body, name)
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw invalidRequest(`${name} must be true or false.`)
  return value
}

/** The request's JSON object; empty when there is no body. */
export function optionalJson(call: RouteCall): JsonObject {
  return call.request.body.length === 0 ? {} : jsonObject(call.request)
}
