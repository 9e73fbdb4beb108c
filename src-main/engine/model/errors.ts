import type { ErrorCode } from '../../../src-shared/model/error-codes.ts'

export type { ErrorCode }

/** Whether trying again can help: never, later (a passing fault), or after the user has signed in again. */
export type Retry = 'never' | 'later' | 'reauth'

/** Safe to log and to show: no passphrase, token, subject or address belongs in it. */
export type ErrorContext = Readonly<Record<string, string | number | boolean>>

export interface EngineErrorOptions {
  readonly retry?: Retry
  readonly context?: ErrorContext
  readonly cause?: unknown
}

/** The only error that crosses a port. Adapters classify what they meet into one of the codes. */
export class EngineError extends Error {
  readonly code: ErrorCode
  readonly retry: Retry
  readonly context: ErrorContext

  constructor(code: ErrorCode, options: EngineErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'EngineError'
    this.code = code
    this.retry = options.retry ?? 'never'
    this.context = options.context ?? {}
  }
}

export function isEngineError(value: unknown, code?: ErrorCode): value is EngineError {
  return value instanceof EngineError && (code === undefined || value.code === code)
}
