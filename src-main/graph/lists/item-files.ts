import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemBody, ListedItem, Part } from '../../engine/ports/data-type.ts'
import { list, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { partNames } from '../item/names.ts'
import { filesName } from './list-item.ts'
import { withNotice } from './notices.ts'
import type { SharePointAccess, SharePointFiles } from './share-point.ts'
import { webUrlOf } from './site.ts'
import type { Site } from './site.ts'

/** The files attached to a stored item, with the names of the parts that hold them. */
export function namedFiles(properties: JsonObject): readonly { readonly file: string; readonly part: string }[] {
  const files = (list(properties, filesName) ?? []).filter((name) => typeof name === 'string')
  const parts = partNames(files)
  return files.map((file, index) => ({ file, part: parts[index] ?? '' }))
}

/**
 * The files attached to an item. Without a token for SharePoint's host they stay as they were stored before, if they
 * were and the item is the same; otherwise the item says that they are missing, and everything else of it is stored.
 */
export async function fileBody(
  site: Site,
  access: SharePointAccess | undefined,
  listId: string,
  { properties, previous }: ListedItem,
): Promise<ItemBody> {
  const webUrl = await webUrlOf(site)
  const endpoint = endpointOf(access, webUrl)
  const place = { webUrl, list: listId, item: text(properties, 'id') ?? '' }
  const files = endpoint === undefined ? undefined : await listFiles(endpoint, place, site.signal)
  if (endpoint === undefined || files === undefined) return withoutFiles(properties, previous)
  const stored = { ...properties, [filesName]: files }
  const parts = namedFiles(stored).map(({ file, part }): Part => ({
    name: part,
    open: (signal) => endpoint.read(place, file, signal),
  }))
  return { properties: stored, parts }
}

/** SharePoint's own endpoint at the site's host, if there is a token for it. */
export function endpointOf(access: SharePointAccess | undefined, webUrl: string): SharePointFiles | undefined {
  if (access === undefined || !URL.canParse(webUrl)) return undefined
  return access(new URL(webUrl).host)
}

/** Undefined if SharePoint does not take this sign-in. */
async function listFiles(
  endpoint: SharePointFiles,
  place: Parameters<SharePointFiles['list']>[0],
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  try {
    return await endpoint.list(place, signal)
  } catch (error) {
    if (isRefusedSignIn(error)) return undefined
    throw error
  }
}

/** SharePoint takes no application without a certificate, or without permissions of its own. */
export function isRefusedSignIn(error: unknown): boolean {
  return (
    isEngineError(error, 'auth.failed') ||
    isEngineError(error, 'auth.consent-missing') ||
    isEngineError(error, 'graph.forbidden')
  )
}

function withoutFiles(properties: JsonObject, previous: JsonObject | undefined): ItemBody {
  const before = propertiesOf(previous ?? {})
  const files = list(before, filesName)
  if (files === undefined || before.eTag !== properties.eTag)
    return { properties: withNotice(properties, 'attachments-need-sharepoint') }
  const stored = { ...properties, [filesName]: files }
  const parts = namedFiles(stored).map(({ part }): Part => ({ name: part, unchanged: true, open: neverOpened }))
  return { properties: stored, parts }
}

function neverOpened(): Promise<never> {
  return Promise.reject(new Error('what is unchanged is not read'))
}
