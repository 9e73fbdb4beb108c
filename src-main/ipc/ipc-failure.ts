import type { IpcError } from '../../src-shared/ipc/errors.ts'

/** A call that was refused, or failed in the engine host, on its way to an envelope. */
export class IpcFailure extends Error {
  readonly error: IpcError

  constructor(error: IpcError) {
    super(error.code)
    this.name = 'IpcFailure'
    this.error = error
  }
}

export function refused(): IpcFailure {
  return new IpcFailure({ code: 'ipc.refused', params: {}, retry: 'never' })
}
