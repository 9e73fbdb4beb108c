import { GraphError } from '../../http/errors.ts'
import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject } from '../../routes/request-json.ts'
import { withItem } from './call.ts'
import type { ItemCall } from './call.ts'
import { pageSize } from './children.ts'
import { invalidRequest } from './errors.ts'
import { optionsFrom, renderWith } from './options.ts'
import type { ItemOptions } from './options.ts'
import { renderDeleted } from './render.ts'
import type { Rendered } from './render.ts'
import { option } from './select.ts'
import type { ResyncCode } from './state/drive.ts'
import type { StoredItem } from './state/item.ts'

/** Where a round stands; travels sealed inside the token, with the options of the first request. */
interface DeltaState {
  readonly drive: string
  readonly item: string
  readonly generation: number
  readonly select: string | undefined
  readonly expand: string | undefined
  readonly size: number
  /** `initial`: every item by number, then what has changed meanwhile. */
  readonly phase: 'initial' | 'changes'
  /** Number of the next item, or the last change shown. */
  readonly at: number
  /** The change at which the initial phase began. */
  readonly since: number
  /** Pages so far. */
  readonly page: number
}

/**
 * GET root/delta, items/{item}/delta. An item may come several times in a round, the last one counts: what changes
 * between two pages comes again, parents come with their children, and now and then a page repeats its forerunner's end.
 * Source: https://learn.microsoft.com/graph/api/driveitem-delta
 */
export function delta(call: RouteCall): Reply {
  const found = withItem(call)
  const { drive, item } = found
  if (item !== drive.root && drive.type !== 'personal') {
    throw invalidRequest('Delta is supported on the root of a drive only.')
  }
  const state = stateOf(found)
  if (state === 'latest') return latest(found)
  const options = optionsFrom(state.select, state.expand, true)
  const page = nextPage(found, state, call.request.headers.deltaexcludeparent !== undefined)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(driveItem)`,
    ...(page.next === undefined
      ? { '@odata.deltaLink': address(found, { ...state, phase: 'changes', at: page.end, since: page.end, page: 0 }) }
      : { '@odata.nextLink': address(found, page.next) }),
    value: page.items.map((one) => render(found, one, options)),
  })
}

function render(call: ItemCall, item: StoredItem, options: ItemOptions): Rendered {
  return item.removed === 'no' ? renderWith({ ...call, item }, options) : renderDeleted(call, item, options.view)
}

function latest(call: ItemCall): Reply {
  const end = call.drive.sequence
  const state: DeltaState = { ...freshState(call), phase: 'changes', at: end, since: end }
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(driveItem)`,
    '@odata.deltaLink': address(call, state),
    value: [],
  })
}

function stateOf(call: ItemCall): DeltaState | 'latest' {
  const token = call.parameters.token ?? call.query.get('token')
  if (token === undefined || token === '') return freshState(call)
  if (token === 'latest') return 'latest'
  const time = /^\d{4}-\d\d-\d\dT/.test(token) && call.drive.type !== 'personal' ? Date.parse(token) : Number.NaN
  if (!Number.isNaN(time)) {
    const at = call.drive.sequenceAt(time)
    return { ...freshState(call), phase: 'changes', at, since: at }
  }
  // The token carries the options of the first request; whatever stands beside it has no effect.
  call.query.ignoreRest()
  const state = call.context.seal.open(token)
  if (!isState(state) || state.drive !== call.drive.id || state.item !== call.item.id) {
    throw invalidRequest('The provided delta token is not valid.')
  }
  if (state.generation !== call.drive.generation) throw deadToken(call, call.drive.resyncCode)
  return state
}

function freshState(call: ItemCall): DeltaState {
  const { drive } = call
  return {
    drive: drive.id,
    item: call.item.id,
    generation: drive.generation,
    select: option(call, 'select'),
    expand: option(call, 'expand'),
    size: pageSize(call),
    phase: 'initial',
    at: 0,
    since: drive.sequence,
    page: 0,
  }
}

function isState(value: unknown): value is DeltaState {
  return isObject(value) && typeof value.drive === 'string' && typeof value.at === 'number' && 'phase' in value
}

/** 410 with the address that starts over. */
function deadToken(call: ItemCall, code: ResyncCode): GraphError {
  return new GraphError(410, code, "Resync required. Replace any local items with the server's version.", {
    headers: { Location: address(call, freshState(call)) },
    innerCode: 'resyncRequired',
  })
}

/** What a delta request answers when its token is to be dead; nothing for a request without a token. */
export function brokenDelta(call: RouteCall, code: string | undefined): GraphError | undefined {
  const found = withItem(call)
  if ((call.parameters.token ?? call.query.get('token')) === undefined) return undefined
  call.query.ignoreRest()
  const known: ResyncCode = code === 'resyncChangesUploadDifferences' ? code : 'resyncChangesApplyDifferences'
  found.drive.breakCursors(known)
  return deadToken(found, known)
}

/** Business writes the token as the function's parameter, personal as a query option. */
function address(call: ItemCall, state: DeltaState): string {
  const { context, drive, item } = call
  const place = `${context.origin()}/v1.0/drives/${encodeURIComponent(drive.id)}`
  const token = context.seal.seal(state)
  const folder = item === drive.root ? 'root' : `items/${encodeURIComponent(item.id)}`
  return drive.type === 'personal'
    ? `${place}/${folder}/delta?token=${token}`
    : `${place}/${folder}/delta(token='${token}')`
}

interface DeltaPage {
  readonly items: readonly StoredItem[]
  readonly next: DeltaState | undefined
  /** The last change that is covered. */
  readonly end: number
}

function nextPage(call: ItemCall, state: DeltaState, excludeParents: boolean): DeltaPage {
  const { emptyPageEvery, repeatEvery } = call.context.delta
  if (isTurn(state, emptyPageEvery)) return { items: [], next: { ...state, page: state.page + 1 }, end: state.at }
  if (state.phase === 'changes') return changesPage(call, state, excludeParents)
  const before = isTurn(state, repeatEvery) && state.size > 1 ? lastBefore(call, state.at) : undefined
  const page = initialPage(call, state, before === undefined ? state.size : state.size - 1)
  return before === undefined ? page : { ...page, items: [before, ...page.items] }
}

const isTurn = ({ page }: DeltaState, every: number): boolean => page > 0 && every > 0 && page % every === 0

function lastBefore({ drive, item }: ItemCall, number: number): StoredItem | undefined {
  for (let index = number - 1; index >= 0; index--) {
    const one = drive.items[index]
    if (one?.removed === 'no' && one.isWithin(item)) return one
  }
  return undefined
}

function initialPage({ drive, item }: ItemCall, state: DeltaState, size: number): DeltaPage {
  const items: StoredItem[] = []
  let at = state.at
  for (; at < drive.items.length && items.length < size; at++) {
    const one = drive.items[at]
    if (one?.removed === 'no' && one.isWithin(item)) items.push(one)
  }
  if (at < drive.items.length) return { items, next: { ...state, at, page: state.page + 1 }, end: state.since }
  const changedMeanwhile = drive.sequence > state.since
  const next: DeltaState = { ...state, phase: 'changes', at: state.since, page: state.page + 1 }
  return { items, next: changedMeanwhile ? next : undefined, end: state.since }
}

/** Changed items, each with the folders above it, unless those are in the page already. */
function changesPage({ drive, item }: ItemCall, state: DeltaState, excludeParents: boolean): DeltaPage {
  const items = new Set<StoredItem>()
  let at = state.at
  for (const one of drive.changesAfter(state.at)) {
    if (!one.isWithin(item)) continue
    const above = excludeParents || one.removed !== 'no' ? [] : [...one.ancestors()].reverse()
    const added = [...above, one].filter((other) => other.removed === 'no' || other === one)
    const fresh = added.filter((other) => !items.has(other))
    const full = items.size + fresh.length > state.size
    if (full && items.size > 0) return { items: [...items], next: { ...state, at, page: state.page + 1 }, end: at }
    for (const other of full ? [one] : added) {
      items.delete(other)
      items.add(other)
    }
    at = one.changed
  }
  return { items: [...items], next: undefined, end: drive.sequence }
}
