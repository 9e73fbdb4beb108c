import { GraphError } from '../../http/errors.ts'
import type { StoredSite } from './stored.ts'

/** Errors of sites. Source of the codes: https://learn.microsoft.com/graph/errors */

export const siteNotFound = (): GraphError => new GraphError(404, 'itemNotFound', 'Requested site could not be found')

export const notFound = (): GraphError => new GraphError(404, 'itemNotFound', 'The specified item was not found.')

export const invalidRequest = (message: string): GraphError => new GraphError(400, 'invalidRequest', message)

export const nameAlreadyExists = (message = 'Name already exists'): GraphError =>
  new GraphError(409, 'nameAlreadyExists', message)

/** What a locked, archived or read-only site answers; the first two were seen in the wild. */
export function refuseLocked(site: StoredSite, method: string): void {
  switch (site.effectiveLock) {
    case 'locked':
      throw new GraphError(
        423,
        'notAllowed',
        'Access to this site has been blocked. Please contact the administrator to resolve this problem.',
      )
    case 'denied':
      throw new GraphError(403, 'accessDenied', 'Access denied')
    case undefined:
      return
    case 'read-only':
      if (method !== 'GET') throw new GraphError(403, 'notAllowed', 'Additions to this Web site have been blocked.')
  }
}
