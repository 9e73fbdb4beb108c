import { EngineError, isEngineError } from '../../engine/model/errors.ts'

/** The same error with the place added, unless it has one. */
export function withPlace(error: unknown, place: string): unknown {
  if (!isEngineError(error) || 'place' in error.context) return error
  return new EngineError(error.code, { retry: error.retry, context: { ...error.context, place }, cause: error })
}

/** The same error with the service added that it is about: where signing in, or Graph, is asked. */
export function withService(error: unknown, graphBaseUrl: string, loginBaseUrl: string): unknown {
  if (!isEngineError(error) || 'service' in error.context) return error
  const isSignIn = error.code.startsWith('auth.')
  if (!isSignIn && !error.code.startsWith('graph.')) return error
  const service = isSignIn ? loginBaseUrl : graphBaseUrl
  return new EngineError(error.code, { retry: error.retry, context: { ...error.context, service }, cause: error })
}
