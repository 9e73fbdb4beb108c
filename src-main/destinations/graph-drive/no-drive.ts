import { EngineError, type ErrorContext } from '../../engine/model/errors.ts'

/** The place cannot be found: `reason` says what is missing, or what differs. */
export function noDrive(reason: string, context: ErrorContext, cause?: unknown): EngineError {
  return new EngineError('store.no-drive', { context: { ...context, reason }, cause })
}
