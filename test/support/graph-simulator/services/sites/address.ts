import type { Address } from '../../routes/context.ts'

/**
 * Sites by their path: `sites/{host}:/{path}`, with a further address behind another colon, and
 * `sites/{id}/getByPath(path='...')`. Both read as `sites/{site}`, where the parameter is `{host or id}:/{path}`.
 * Source: https://learn.microsoft.com/graph/api/site-getbypath
 */
export function siteAddress(path: string): Address | undefined {
  const plain = path.replace(/^\/+|\/+$/g, '')
  const byColon = /^sites\/([^/:]+):\/([^:]*?)(?::(?:\/(.*))?)?$/i.exec(plain)
  const byFunction =
    /^sites\/([^/]+)\/(?:microsoft\.graph\.)?getByPath\(path=(?:'|%27)(.*?)(?:'|%27)\)(?:\/(.*))?$/i.exec(plain)
  const [, site, below, rest = ''] = byColon ?? byFunction ?? []
  if (site === undefined || below === undefined) return undefined
  const word = words.get(rest.toLowerCase())
  if (word === undefined) return undefined
  const address = decoded(`${site}:/${below.replace(/^\/+/, '')}`)
  if (address === undefined) return undefined
  return { template: `sites/{site}${word === '' ? '' : `/${word}`}`, parameters: { site: address } }
}

/** What may stand behind a site by its path. */
const words: ReadonlyMap<string, string> = new Map(
  ['', 'columns', 'contentTypes', 'drive', 'drives', 'items', 'lists', 'sites'].map((word) => [
    word.toLowerCase(),
    word,
  ]),
)

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
