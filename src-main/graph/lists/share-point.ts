import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Content } from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { isObject, list, text } from '../item/fields.ts'
import { cost, sitePool } from './site.ts'

/** An item of a list, as SharePoint's own endpoint addresses it. */
export interface SharePointItem {
  /** Address of the site in the browser. */
  readonly webUrl: string
  /** GUID. */
  readonly list: string
  readonly item: string
}

/**
 * What only SharePoint's own endpoint has: the files attached to list items, and numbers for persons whom a site does
 * not know yet. Methods reject as those of the Graph client do; with `auth.failed` if SharePoint does not take the sign-in.
 */
export interface SharePointFiles {
  /** Names of the attached files. */
  list(item: SharePointItem, signal: AbortSignal): Promise<readonly string[]>
  read(item: SharePointItem, name: string, signal: AbortSignal): Promise<Content>
  /** Rejects with graph.request-refused if there is a file of that name. */
  add(item: SharePointItem, name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>
  /**
   * The number of an account in the site's User Information List; it is entered there if need be. Nobody is told of
   * that, and it gives no access. Undefined if SharePoint does not know the account.
   */
  person(webUrl: string, account: string, signal: AbortSignal): Promise<number | undefined>
}

/** SharePoint's endpoint at a host, if the sign-in can have a token for it. */
export type SharePointAccess = (host: string) => SharePointFiles | undefined

/** Contents up to this many bytes are handed over in one piece, and read again if they break. */
const wholeBytes = 8 * 1024 * 1024
const attempts = 3

const json = { accept: 'application/json;odata=nometadata' }

/**
 * SharePoint's endpoint over HTTP. `client`: one whose base URL and tokens are those of the host. `baseUrl`: of the host,
 * e.g. https://contoso.sharepoint.com.
 * https://learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-lists-and-list-items-with-rest
 */
export function sharePointFiles(client: GraphClient, baseUrl: string): SharePointFiles {
  const base = baseUrl.replace(/\/+$/, '')
  const web = (webUrl: string): string => `${base}${new URL(webUrl).pathname.replace(/\/+$/, '')}/_api/web`
  const files = ({ webUrl, list: id, item }: SharePointItem): string =>
    `${web(webUrl)}/lists(guid'${encodeURIComponent(id)}')/items(${encodeURIComponent(item)})/AttachmentFiles`
  return {
    list: async (item, signal) => {
      const request = { path: files(item), headers: json, pool: sitePool, cost: cost.item, signal }
      const answer = await client.json<JsonObject>(request)
      return (list(answer, 'value') ?? []).filter(isObject).flatMap((file) => text(file, 'FileName') ?? [])
    },
    read: (item, name, signal) => readFile(client, `${files(item)}('${quoted(name)}')/$value`, signal),
    add: async (item, name, bytes, signal) => {
      const path = `${files(item)}/add(FileName='${quoted(name)}')`
      await client.bytes({ method: 'POST', path, headers: json, body: bytes, pool: sitePool, cost: cost.write, signal })
    },
    person: (webUrl, account, signal) => ensurePerson(client, `${web(webUrl)}/ensureuser`, account, signal),
  }
}

/** Quotes are doubled inside a literal. */
function quoted(name: string): string {
  return encodeURIComponent(name.replaceAll("'", "''"))
}

async function readFile(client: GraphClient, path: string, signal: AbortSignal): Promise<Content> {
  for (let left = attempts; ; left -= 1) {
    const stream = await client.stream({ path, pool: sitePool, cost: cost.item, signal })
    if ((stream.size ?? Infinity) > wholeBytes) return stream.body
    try {
      return Buffer.concat(await Array.fromAsync(stream.body))
    } catch (error) {
      if (left <= 1 || !isEngineError(error) || error.retry !== 'later') throw error
    }
  }
}

async function ensurePerson(
  client: GraphClient,
  path: string,
  account: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const body = { logonName: account }
  // Asked twice, the second one only finds the first.
  const request = {
    method: 'POST',
    path,
    headers: json,
    body,
    pool: sitePool,
    cost: cost.write,
    signal,
    idempotent: true,
  } as const
  try {
    const { Id: id } = await client.json<JsonObject>(request)
    return typeof id === 'number' ? id : undefined
  } catch (error) {
    if (isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.request-refused')) return undefined
    throw error
  }
}
