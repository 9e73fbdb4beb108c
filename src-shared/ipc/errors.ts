import type { ErrorCode } from '../model/error-codes.ts'

/** Codes that only the window knows, beside those of the engine. */
export type IpcErrorCode = ErrorCode | 'ipc.refused' | 'ipc.malformed' | 'engine.stopped'

/** An error as it travels: the sentence is looked up where it is shown. No secret, no content among the params. */
export interface IpcError {
  readonly code: IpcErrorCode
  readonly params: Readonly<Record<string, string | number | boolean>>
  readonly retry: 'never' | 'later' | 'reauth'
}

/** What every call of the window is answered with. */
export type Envelope<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: IpcError }
