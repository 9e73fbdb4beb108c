export type AnswerHeaders = Readonly<Record<string, string>>

/**
 * Milliseconds that a Retry-After header asks for, or undefined when there is none that can be used. It comes in
 * seconds or as an HTTP date (RFC 9110, 10.2.3). A date is taken relative to the server's own Date header, so that a
 * clock that is wrong on this side does not shorten the wait.
 */
export function retryAfterMs(headers: AnswerHeaders, now: number): number | undefined {
  const text = headers['retry-after']?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return positive(Number(text) * 1000)
  const date = Date.parse(text)
  if (Number.isNaN(date)) return undefined
  const served = Date.parse(headers.date ?? '')
  return positive(date - (Number.isNaN(served) ? now : served))
}

/** A wait of zero says nothing: the caller then backs off as if there had been no header. */
function positive(milliseconds: number): number | undefined {
  return milliseconds > 0 ? Math.ceil(milliseconds) : undefined
}
