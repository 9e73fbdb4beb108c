/**
 * How a sending failed below HTTP:
 * - `not-sent`: no connection, so Graph knows nothing of the request;
 * - `untrusted`: the server's certificate or TLS is wrong; trying again does not help;
 * - `held-back`: the pool was blocked in the last moment; nothing was sent and nothing is wrong;
 * - `reset`, `stalled`, `truncated`: Graph may have worked on it.
 */
export type WireFaultKind = 'not-sent' | 'untrusted' | 'held-back' | 'reset' | 'stalled' | 'truncated'

export class WireFault extends Error {
  readonly kind: WireFaultKind
  /** The library's or the system's word, for example ECONNRESET. */
  readonly detail: string

  constructor(kind: WireFaultKind, detail: string, cause?: unknown) {
    super(`${kind} (${detail})`, cause === undefined ? undefined : { cause })
    this.name = 'WireFault'
    this.kind = kind
    this.detail = detail
  }
}

const stalledCodes = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS|ERR_SSL|^EPROTO$/

/** Sorts what undici and Node report. `began`: bytes may have gone out; `answered`: the headers had come. */
export function wireFault(error: unknown, began: boolean, answered: boolean): WireFault {
  if (error instanceof WireFault) return error
  const detail = faultCode(error)
  if (untrusted.test(detail)) return new WireFault('untrusted', detail, error)
  if (!began) return new WireFault('not-sent', detail, error)
  if (stalledCodes.has(detail)) return new WireFault('stalled', detail, error)
  return new WireFault(answered ? 'truncated' : 'reset', detail, error)
}

function faultCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
