import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { Address, RouteCall, RouteParameters } from '../../routes/context.ts'
import { siteDirectory } from '../sites/state.ts'
import type { StoredSite } from '../sites/stored.ts'
import { listDirectory } from './state.ts'
import type { ListDirectory } from './state.ts'
import type { StoredItem, StoredList } from './stored.ts'

/**
 * SharePoint's own endpoint, which alone has the files of list items. `/sharepoint/<host>/<path of the site>/_api/web/...`
 * stands for `https://<host>/<path of the site>/_api/web/...`, so that one server can be all hosts.
 * Source: https://learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-lists-and-list-items-with-rest
 */
export function sharePointAddress(path: string): Address | undefined {
  const [, host, web = '', rest = ''] = /^\/?sharepoint\/([^/]+)\/(.*?)\/?_api\/web\/(.*)$/i.exec(path) ?? []
  if (host === undefined) return undefined
  const plain = decoded(rest)
  const parameters: Record<string, string> = { host: host.toLowerCase(), web: decoded(web) }
  if (/^ensureuser$/i.test(plain)) return { template: 'sharepoint/ensureuser', parameters }
  const [, list, listItem, tail] =
    /^lists\(guid'([0-9a-f-]+)'\)\/items\((\d+)\)\/AttachmentFiles(.*)$/i.exec(plain) ?? []
  if (list === undefined || listItem === undefined || tail === undefined) return undefined
  const named = { ...parameters, list, listItem }
  if (tail === '' || tail === '/') return { template: 'sharepoint/AttachmentFiles', parameters: named }
  const [, value] = /^(?:\('|\/getByFileName\(')((?:[^']|'')*)'\)\/\$value$/i.exec(tail) ?? []
  if (value !== undefined)
    return { template: 'sharepoint/AttachmentFiles/$value', parameters: { ...named, file: unquoted(value) } }
  const [, added] = /^\/add\(FileName='((?:[^']|'')*)'\)$/i.exec(tail) ?? []
  return added === undefined
    ? undefined
    : { template: 'sharepoint/AttachmentFiles/add', parameters: { ...named, file: unquoted(added) } }
}

const unquoted = (text: string): string => text.replaceAll("''", "'")

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}

/** Whom a token for this address has to be for. */
export function sharePointAudience({ host = '' }: RouteParameters): string {
  return `https://${host}`
}

interface Found {
  readonly lists: ListDirectory
  readonly site: StoredSite
}

interface FoundItem extends Found {
  readonly list: StoredList
  readonly item: StoredItem
}

/** SharePoint has a form of its own for errors. */
function failure(status: number, code: string, message: string): Reply {
  const error = { code, message: { lang: 'en-US', value: message } }
  return jsonReply(status, { 'odata.error': error }, { 'Content-Type': 'application/json;odata=nometadata' })
}

const missing = (): Reply =>
  failure(
    404,
    '-2130575338, System.ArgumentException',
    'Item does not exist. It may have been deleted by another user.',
  )

/** Whoever does not ask for JSON gets XML. */
function answer(call: RouteCall, json: object): Reply {
  if (/application\/json/i.test(call.request.headers.accept ?? ''))
    return jsonReply(200, json, { 'Content-Type': 'application/json;odata=nometadata;charset=utf-8' })
  const bytes = Buffer.from('<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"/>')
  return { status: 200, headers: { 'Content-Type': 'application/atom+xml;type=feed;charset=utf-8' }, bytes }
}

function found(call: RouteCall): Found | undefined {
  const { host = '', web = '' } = call.parameters
  const site = siteDirectory(call.context.tenant).byPath(host, web)
  return site === undefined ? undefined : { lists: listDirectory(call.context.tenant), site }
}

function foundItem(call: RouteCall): FoundItem | undefined {
  const place = found(call)
  const list = place?.lists.of(place.site).get((call.parameters.list ?? '').toLowerCase())
  const item = list?.item(Number(call.parameters.listItem))
  return place === undefined || list === undefined || item === undefined ? undefined : { ...place, list, item }
}

function withItem(call: RouteCall, run: (found: FoundItem) => Reply): Reply {
  const place = foundItem(call)
  return place === undefined ? missing() : run(place)
}

export function listAttachments(call: RouteCall): Reply {
  return withItem(call, ({ list, item, site }) => {
    const folder = `/${site.path}/Lists/${list.name}/Attachments/${String(item.number)}`
    const value = [...item.attachments.keys()].map((name) => ({
      FileName: name,
      FileNameAsPath: { DecodedUrl: name },
      ServerRelativePath: { DecodedUrl: `${folder}/${name}` },
      ServerRelativeUrl: `${folder}/${name}`,
    }))
    return answer(call, { value })
  })
}

export function readAttachment(call: RouteCall): Reply {
  return withItem(call, ({ item }) => {
    const bytes = item.attachments.get(call.parameters.file ?? '')
    if (bytes === undefined) return missing()
    return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, bytes }
  })
}

/** Names that SharePoint does not take for files. */
const forbidden = /["*:<>?/\\|]/

export function addAttachment(call: RouteCall): Reply {
  return withItem(call, ({ lists, list, item }) => {
    const { file = '' } = call.parameters
    if (file === '' || forbidden.test(file))
      return failure(400, '-2130575245, SPException', 'The file name is not valid.')
    if ([...item.attachments.keys()].some((name) => name.toLowerCase() === file.toLowerCase()))
      return failure(400, '-2130575257, SPException', 'The specified name is already in use.')
    lists.putAttachment(list, item, file, Buffer.from(call.request.body))
    return answer(call, { FileName: file })
  })
}

/** Gives a person a number in the User Information List. Nobody is told, and no access is given. */
export function ensureUser(call: RouteCall): Reply {
  const place = found(call)
  if (place === undefined) return emptyReply(404)
  const body = JSON.parse(call.request.body.toString('utf8')) as { readonly logonName?: unknown }
  const number = typeof body.logonName === 'string' ? place.lists.people(place.site).ensure(body.logonName) : undefined
  if (number === undefined) return failure(404, '-2146232832, SPException', 'The specified user could not be found.')
  return answer(call, { Id: number, LoginName: body.logonName })
}
