import type { ErrorCode } from '../../src-shared/model/error-codes.ts'
import type { Envelope, IpcError, IpcErrorCode } from '../../src-shared/ipc/errors.ts'
import { UsageError } from '../commands/parts/usage-error.ts'
import { isEngineError } from '../engine/index.ts'
import { hidden } from './hidden-secrets.ts'

type Params = IpcError['params']

/** What went wrong, as the window is told: a code and what fills its sentence. */
export interface Problem {
  readonly code: ErrorCode
  readonly params: Params
}

/** What is longer is no name and no figure. */
const LONGEST = 2000

/** `secrets`: what must not be among the params, whoever put it there. */
export function problemOf(error: unknown, secrets: Iterable<string> = []): Problem {
  if (error instanceof UsageError) return { code: 'usage', params: { sentence: hidden(error.message, secrets) } }
  if (isEngineError(error)) return { code: error.code, params: safeParams(error.context, secrets) }
  return { code: 'internal', params: {} }
}

export function failure(error: unknown, secrets: Iterable<string> = []): Envelope<never> {
  const retry = isEngineError(error) ? error.retry : 'never'
  return { ok: false, error: { ...problemOf(error, secrets), retry } }
}

/** Of something that the host does not do, or not any more. */
export function refusal(code: IpcErrorCode): Envelope<never> {
  return { ok: false, error: { code, params: {}, retry: 'never' } }
}

/** Whatever the type says: what came from elsewhere may be anything. */
function safeParams(context: Readonly<Record<string, unknown>>, secrets: Iterable<string>): Params {
  const known = [...secrets]
  const params: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(context)) {
    if (typeof value === 'string') params[name] = hidden(value.slice(0, LONGEST), known)
    else if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) params[name] = value
  }
  return params
}
