import type { IpcMainInvokeEvent } from 'electron'
import {
  methods,
  type MethodName,
  type ParamsOf,
  type ShellMethod,
  type ValueOf,
} from '../../src-shared/ipc/contract.ts'
import type { Envelope, IpcError, IpcErrorCode } from '../../src-shared/ipc/errors.ts'
import { isEngineError } from '../engine/model/errors.ts'
import { IpcFailure } from './ipc-failure.ts'
import { isPlainValue } from './plain-value.ts'

/** What the shell answers itself. */
export type ShellHandlers = {
  readonly [Name in ShellMethod]: (params: ParamsOf<Name>) => ValueOf<Name> | Promise<ValueOf<Name>>
}

export interface InvokeParts {
  readonly shell: ShellHandlers
  /** Asks the engine host. Never rejects. */
  readonly host: (method: string, params: unknown) => Promise<Envelope<unknown>>
  /** Whether a message comes from the program's own page. */
  readonly isOwn: (event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>) => boolean
  /** Told of every answer, e.g. to note the files that it names. */
  readonly onValue: (method: MethodName, value: unknown) => void
  /** A code, a method's name: no content. */
  readonly log: (sentence: string) => void
}

const MOST_CHARACTERS = 4_000_000
const MOST_OF_PREVIEW = 21_000_000

/** Answers the page's calls. It never throws: whatever comes in, an envelope goes out, and no more than the contract says. */
export function createInvokeHandler(
  parts: InvokeParts,
): (event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>, message: unknown) => Promise<Envelope<unknown>> {
  return async (event, message) => {
    if (!parts.isOwn(event)) return failure('ipc.refused')
    const call = readCall(message)
    if (call === undefined) {
      parts.log(`a call that nobody understands${nameIn(message)}`)
      return failure('ipc.malformed')
    }
    try {
      return checkedAnswer(parts, call.method, await answer(parts, call))
    } catch (error) {
      return { ok: false, error: errorOf(parts, call.method, error) }
    }
  }
}

interface Call {
  readonly method: MethodName
  readonly params: unknown
}

function readCall(message: unknown): Call | undefined {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined
  const { method, params } = message as { readonly method?: unknown; readonly params?: unknown }
  if (typeof method !== 'string' || !isMethod(method)) return undefined
  const most = method === 'preview.frame' ? MOST_OF_PREVIEW : MOST_CHARACTERS
  if (!isPlainValue(params, most)) return undefined
  const read = methods[method].params.safeParse(params)
  return read.success ? { method, params: read.data } : undefined
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(methods, name)
}

/** For the log: the method's name if it is one, never what came with it. */
function nameIn(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('method' in message)) return ''
  const { method } = message
  return typeof method === 'string' && isMethod(method) ? ` (${method})` : ''
}

async function answer({ shell, host }: InvokeParts, { method, params }: Call): Promise<Envelope<unknown>> {
  if (methods[method].by === 'host') return await host(method, params)
  const handler = shell[method as ShellMethod] as (params: unknown) => unknown
  return { ok: true, value: await handler(params) }
}

function checkedAnswer(parts: InvokeParts, method: MethodName, envelope: Envelope<unknown>): Envelope<unknown> {
  if (!envelope.ok) return envelope
  const read = methods[method].value.safeParse(envelope.value)
  if (!read.success) {
    const places = read.error.issues.slice(0, 3).map(({ path, code }) => `${path.map(String).join('.')}: ${code}`)
    parts.log(`the answer to ${method} is not what the contract says (${places.join(', ')})`)
    return failure('internal')
  }
  parts.onValue(method, read.data)
  return { ok: true, value: read.data }
}

function errorOf(parts: InvokeParts, method: MethodName, error: unknown): IpcError {
  if (error instanceof IpcFailure) return error.error
  if (isEngineError(error)) return { code: error.code, params: error.context, retry: error.retry }
  parts.log(`${method} failed: ${error instanceof Error ? error.name : 'unknown'}`)
  return { code: 'internal', params: {}, retry: 'never' }
}

function failure(code: IpcErrorCode): Envelope<never> {
  return { ok: false, error: { code, params: {}, retry: 'never' } }
}
