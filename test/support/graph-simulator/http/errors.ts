/** An answer other than success, in the shape Graph gives it. Thrown by routes, rendered by the pipeline. */
export class GraphError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  readonly innerCode: string | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly headers?: Readonly<Record<string, string>>; readonly innerCode?: string } = {},
  ) {
    super(message)
    this.name = 'GraphError'
    this.status = status
    this.code = code
    this.headers = more.headers ?? {}
    this.innerCode = more.innerCode
  }
}

export const itemNotFound = (): GraphError =>
  new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')

export const idMalformed = (): GraphError => new GraphError(400, 'ErrorInvalidIdMalformed', 'Id is malformed.')

export const wrongMailbox = (user: string): GraphError =>
  new GraphError(404, 'ErrorInvalidMailboxItemId', `Item Id doesn't belong to the current mailbox '${user}'.`)

export const badRequest = (message: string, code = 'BadRequest'): GraphError => new GraphError(400, code, message)

export const unknownProperty = (name: string, type: string): GraphError =>
  new GraphError(400, 'RequestBroker--ParseUri', `Could not find a property named '${name}' on type '${type}'.`)

export const accessDenied = (): GraphError =>
  new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')

export const requestTooLarge = (): GraphError =>
  new GraphError(413, 'RequestEntityTooLarge', 'The request is larger than the service accepts (4 MB).')

/** Graph's error object. Source: https://learn.microsoft.com/graph/errors */
export interface ErrorBody {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly innerError: Readonly<Record<string, string>>
  }
}

export function errorBody(error: GraphError, now: number, requestId: string, clientRequestId: string): ErrorBody {
  const innerError = {
    ...(error.innerCode === undefined ? {} : { code: error.innerCode }),
    date: new Date(now).toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': clientRequestId,
  }
  return { error: { code: error.code, message: error.message, innerError } }
}
