import { GraphError } from '../../http/errors.ts'

/** Errors of drives. Source of the codes: https://learn.microsoft.com/graph/errors */

export const itemNotFound = (): GraphError => new GraphError(404, 'itemNotFound', 'The resource could not be found.')

export const invalidRequest = (message: string, innerCode?: string): GraphError =>
  new GraphError(400, 'invalidRequest', message, innerCode === undefined ? {} : { innerCode })

export const nameAlreadyExists = (): GraphError =>
  new GraphError(409, 'nameAlreadyExists', 'The specified item name already exists.')

export const accessDenied = (message = 'Access denied'): GraphError => new GraphError(403, 'accessDenied', message)

export const malwareDetected = (): GraphError =>
  new GraphError(403, 'malwareDetected', 'Malware detected', { headers: { 'X-Virus-Infected': 'EICAR_Test_File' } })

export const quotaLimitReached = (): GraphError =>
  new GraphError(507, 'quotaLimitReached', 'Insufficient Space Available')

export const preconditionFailed = (): GraphError =>
  new GraphError(412, 'resourceModified', "ETag does not match current item's value", {
    innerCode: 'entityTagDoesNotMatch',
  })

export const unauthenticated = (message: string): GraphError => new GraphError(401, 'unauthenticated', message)

export const driveNotFound = (): GraphError =>
  new GraphError(404, 'itemNotFound', 'The specified drive could not be found.')

export const ownerNotFound = (name: string): GraphError =>
  new GraphError(404, 'Request_ResourceNotFound', `Resource '${name}' does not exist.`)

/** How Graph says that a user has no OneDrive; all of them were seen in the wild. */
export type NoDriveAnswer = 'mysite' | 'mysite-url' | 'item' | 'file-not-found'

export function noDrive(answer: NoDriveAnswer): GraphError {
  switch (answer) {
    case 'mysite':
      return new GraphError(404, 'ResourceNotFound', "User's mysite not found.")
    case 'mysite-url':
      return new GraphError(404, 'UnknownError', "Unable to retrieve user's mysite URL.")
    case 'item':
      return new GraphError(404, 'itemNotFound', 'Item not found')
    case 'file-not-found':
      return new GraphError(404, 'UnknownError', '404 FILE NOT FOUND')
  }
}
