import { isEngineError } from '../../engine/model/errors.ts'

/** Graph understood the request and does not take this form of it. */
export function isFormRefused(error: unknown): boolean {
  return isEngineError(error, 'graph.request-refused') && error.context.status === 400
}
