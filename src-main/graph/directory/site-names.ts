import { safeName } from '../../../src-shared/model/safe-name.ts'
import { SITE_TYPE_FOLDERS } from '../../engine/model/root-path.ts'
import { shortId } from '../../engine/model/short-id.ts'

/** Bytes of UTF-8 of a part of a site's address in a snapshot. */
const partBytes = 200

/** What `siteFolder` puts behind a part that is called like a data type's folder. */
const marked = / ~[a-z2-7]{10}$/

/** Where a site is: its host, and the parts of the path below it as people write them. */
export interface SiteAddress {
  readonly host: string
  readonly path: readonly string[]
}

/** The address in a `webUrl`, or in what a person gives for it: with or without "https://". Undefined if it is none. */
export function siteAddress(text: string): SiteAddress | undefined {
  const plain = text.trim().replace(/^https?:\/\//i, '')
  const [host = '', ...path] = plain.replace(/[?#].*$/, '').split('/')
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(host)) return undefined
  const names = path.filter((name) => name !== '').map(decoded)
  return names.some((name) => name === '.' || name === '..') ? undefined : { host: host.toLowerCase(), path: names }
}

/** A snapshot's folder for the site, below "sites/": host and path, each part safe and none like a data type's folder. */
export function siteFolder({ host, path }: SiteAddress, id: string): string {
  const parts = path.map((part) => {
    const safe = safeName(part, partBytes)
    return SITE_TYPE_FOLDERS.has(safe.toLowerCase()) ? `${safe} ~${shortId(id)}` : safe
  })
  return [safeName(host, partBytes), ...parts].join('/')
}

/** Graph's path of the site at an address; takes names of snapshots too. */
export function addressPath({ host, path }: SiteAddress): string {
  const parts = path.map((part) => encodeURIComponent(part.replace(marked, '')))
  return parts.length === 0 ? `/sites/${host}` : `/sites/${host}:/${parts.join('/')}`
}

/** OneDrive has a host of its own. */
export function isPersonalHost(host: string): boolean {
  return host.split('.', 1)[0]?.endsWith('-my') === true
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}
