import { badRequest, GraphError } from '../http/errors.ts'
import type { IdFamily } from '../state/ids.ts'
import type { CursorError } from '../state/types.ts'
import type { MailboxCall } from './context.ts'

/** Where a delta round stands. Everything the first request asked for travels inside the token. */
export interface DeltaState {
  /** Number of the folder, or 0 for the folder list. */
  readonly folder: number
  readonly mailbox: string
  readonly generation: number
  readonly ids: IdFamily
  readonly select: string | undefined
  readonly expand: string | undefined
  readonly filter: string | undefined
  readonly changeType: string | undefined
  /** Entities the round may still show, when the first request had a `$top`. */
  readonly remaining: number | undefined
  readonly phase: 'initial' | 'changes'
  /** Initial phase: last position shown. Changes: last change shown. */
  readonly at: number
  /** The change the initial round began at: its deltaLink goes on from there. */
  readonly since: number
  /** Continued pages so far in this round; decides about empty and repeated entries. */
  readonly page: number
  readonly kind: 'skip' | 'delta'
}

/** The state a request's token holds, or nothing when it has none. Foreign tokens are refused. */
export function stateFromToken(call: MailboxCall): DeltaState | undefined {
  const { query, context } = call
  const skip = query.get('$skiptoken')
  const delta = query.get('$deltatoken')
  const token = skip ?? delta
  if (token === undefined) return undefined
  // The token carries the options of the first request; whatever stands beside it has no effect.
  query.ignoreRest()
  if (skip !== undefined && delta !== undefined) throw badRequest('$skiptoken and $deltatoken exclude each other.')
  const state = context.seal.open(token)
  if (!isDeltaState(state) || state.kind !== (skip === undefined ? 'delta' : 'skip')) {
    throw badRequest('Badly formed token.', 'ErrorInvalidSyncStateData')
  }
  return state
}

function isDeltaState(value: unknown): value is DeltaState {
  return typeof value === 'object' && value !== null && 'generation' in value && 'phase' in value && 'at' in value
}

/** The address that goes on from `state`. */
export function deltaAddress(call: MailboxCall, state: DeltaState): string {
  const name = state.kind === 'skip' ? '$skiptoken' : '$deltatoken'
  return `${call.context.origin()}${call.request.path}?${name}=${call.context.seal.seal(state)}`
}

const cursorMessages: Readonly<Record<CursorError, string>> = {
  SyncStateNotFound: 'The sync state generation is not found.',
  resyncRequired: 'Resync required. Start again with a full listing.',
  SyncStateInvalid: 'The sync state is not valid for this request.',
}

/** 410 with the address that starts over. Source: https://learn.microsoft.com/graph/delta-query-overview */
export function deadCursor(call: MailboxCall, error: CursorError): GraphError {
  const { context, request } = call
  return new GraphError(410, error, cursorMessages[error], {
    headers: { Location: `${context.origin()}${request.path}` },
  })
}

/** Refuses tokens that died and tokens made with the other id form. */
export function refuseDeadToken(call: MailboxCall, state: DeltaState, generation: number, error: CursorError): void {
  if (state.generation !== generation) throw deadCursor(call, error)
  if (state.ids !== call.preferences.ids) throw deadCursor(call, 'SyncStateInvalid')
}

/** Query options that change tracking refuses. */
export function refuseUntracked(call: MailboxCall, names: readonly string[], resource: string): void {
  const present = call.query.present(names)
  if (present.length === 0) return
  throw badRequest(
    `The following parameters are not supported with change tracking over the '${resource}' resource: '${names.join(', ')}'.`,
    'ErrorInvalidUrlQuery',
  )
}

/** Page size by `Prefer: odata.maxpagesize`; nothing else sets it. */
export function deltaPageSize(call: MailboxCall): number {
  const { defaultPageSize, maxPageSize } = call.context.delta
  return Math.max(1, Math.min(call.preferences.maxPageSize ?? defaultPageSize, maxPageSize))
}
