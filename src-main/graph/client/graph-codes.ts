import type { JsonObject } from '../../engine/model/json.ts'

/** What an answer with an error says. `codes` from the outermost to the most detailed; no numbers, but OneNote's of five digits. */
export interface GraphFault {
  readonly codes: readonly string[]
  /** Graph's own sentence: for recognising things only, since it may name people. Never shown or logged. */
  readonly message: string
  readonly requestId?: string
}

/** Lower case. https://learn.microsoft.com/graph/delta-query-overview, gotchas 5. */
const cursorLost = new Set([
  'syncstatenotfound',
  'syncstateinvalid',
  'errorsyncstatenotfound',
  'errorinvalidsyncstatedata',
  'resyncrequired',
  'resyncchangesapplydifferences',
  'resyncchangesuploaddifferences',
  'resyncapplydifferences',
  'resyncuploaddifferences',
])

const noMailbox = new Set([
  'mailboxnotenabledforrestapi',
  'mailboxnotsupportedforrestapi',
  'errornonexistentmailbox',
  'errormailboxnotenabled',
  'errormissingemailaddress',
])

/** On reading: Exchange has the item, but cannot give it. */
const itemUnreadable = new Set([
  'errorcorruptdata',
  'errorcannotopenfileattachment',
  'errorinvalidrecipients',
  'errorcontentconversionfailed',
  'errormimecontentconversionfailed',
  'errorpropertyvalidationfailure',
  'errormessagesizeexceeded',
])

/** With 423 or 403: a site that an administrator locked, or that was archived. */
const locked = new Set(['notallowed'])

/** Passing, whatever the status says. */
const transient = new Set([
  'errorserverbusy',
  'errorinternalservertransienterror',
  'errormailboxstoreunavailable',
  'errormailboxmoveinprogress',
  'errortimeoutexpired',
  'errortoomanyobjectsopened',
  'errorconnectionfailed',
  'errorbatchprocessingstopped',
  'directory_concurrencyviolation',
])

const concurrency = /mailboxconcurrency|concurrency limit/i

export const isCursorLost = (fault: GraphFault): boolean => has(fault, cursorLost)
export const isNoMailbox = (fault: GraphFault): boolean => has(fault, noMailbox)
export const isItemUnreadable = (fault: GraphFault): boolean => has(fault, itemUnreadable)
export const isLocked = (fault: GraphFault): boolean => has(fault, locked)
export const isTransient = (fault: GraphFault): boolean => has(fault, transient)
/** Too many at once, as opposed to too many in a while. Only the message tells the two apart. */
export const isConcurrency = (fault: GraphFault): boolean =>
  concurrency.test(fault.message) || fault.codes.some((code) => concurrency.test(code))

function has(fault: GraphFault, codes: ReadonlySet<string>): boolean {
  return fault.codes.some((code) => codes.has(code.toLowerCase()))
}

/** Reads `{error: {code, message, innerError: ...}}`. Anything else (HTML of a gateway, nothing) has no codes. */
export function readGraphFault(body: unknown): GraphFault {
  const error = isObject(body) ? body.error : undefined
  const codes: string[] = []
  let requestId: string | undefined
  let level: unknown = error
  for (let depth = 0; depth < 8 && isObject(level); depth++) {
    const code = level.code
    if (typeof code === 'string' && /^([A-Za-z][\w.-]{0,79}|[1-4]\d{4})$/.test(code)) codes.push(code)
    requestId ??= guid(level['request-id'])
    level = level.innerError ?? level.innererror
  }
  const message = isObject(error) && typeof error.message === 'string' ? error.message : ''
  return { codes, message, ...(requestId === undefined ? {} : { requestId }) }
}

export function guid(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f-]{8,64}$/i.test(value) ? value : undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
