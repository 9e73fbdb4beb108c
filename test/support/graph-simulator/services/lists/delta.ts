import { GraphError } from '../../http/errors.ts'
import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject } from '../../routes/request-json.ts'
import { invalidRequest } from '../sites/errors.ts'
import type { Rendered } from '../sites/listing.ts'
import { withList } from './call.ts'
import type { ListCall } from './call.ts'
import { itemShape, renderItem } from './items.ts'
import { expansion, shapeOf } from './options.ts'
import type { Shape } from './options.ts'
import type { StoredItem } from './stored.ts'

/** Where a round stands; what the first request asked for travels inside the token. */
interface DeltaState {
  readonly list: string
  readonly generation: number
  readonly select: string | undefined
  readonly expand: string | undefined
  readonly size: number
  readonly phase: 'initial' | 'changes'
  /** Initial: number of the last item shown. Changes: the last change shown. */
  readonly at: number
  /** The change that the initial round began at. */
  readonly since: number
  /** Pages of this round so far: decides about empty ones and repeated entries. */
  readonly page: number
}

/** GET items/delta: supports $select, $expand and $top. Source: https://learn.microsoft.com/graph/api/listitem-delta */
export function itemsDelta(call: RouteCall): Reply {
  const found = withList(call)
  const state = stateOf(found)
  const shape = itemShape({ ...shapeIn(state) })
  const page = nextPage(found, state)
  const next = page.next ?? { ...state, phase: 'changes', at: page.end, page: 0 }
  const link = `${call.context.origin()}${call.request.path}?token=${call.context.seal.seal(next)}`
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(listItem)`,
    value: page.items.map((item) => entry(found, item, shape)),
    [page.next === undefined ? '@odata.deltaLink' : '@odata.nextLink']: link,
  })
}

const names = (text: string | undefined): readonly string[] | undefined => text?.split(',').map((name) => name.trim())

function shapeIn({ select, expand }: DeltaState): Shape {
  return { select: names(select), expand: expansion(expand) }
}

function stateOf(call: ListCall): DeltaState {
  const { list, lists, query } = call
  const token = query.get('token')
  if (token !== undefined && token !== 'latest') return fromToken(call, token)
  shapeOf(call)
  const top = query.integer('$top')
  if (top === 0) throw invalidRequest('$top must be at least 1.')
  return {
    list: list.id,
    generation: list.generation,
    select: query.get('$select'),
    expand: query.get('$expand'),
    size: Math.min(top ?? lists.deltaPageSize, lists.largestDeltaPage),
    phase: token === 'latest' ? 'changes' : 'initial',
    at: token === 'latest' ? list.sequence : 0,
    since: list.sequence,
    page: 0,
  }
}

function fromToken(call: ListCall, token: string): DeltaState {
  call.query.ignoreRest()
  const state = call.context.seal.open(token)
  if (!isObject(state) || state.list !== call.list.id || typeof state.at !== 'number')
    throw invalidRequest('The provided token is not valid.')
  // Nobody else seals tokens with a list in them.
  const known = state as unknown as DeltaState
  if (known.generation !== call.list.generation) throw deadToken(call, undefined)
  return known
}

/** "410 Gone ... and a Location header that contains a new nextLink that starts a fresh delta enumeration" */
function deadToken(call: RouteCall, code: string | undefined): GraphError {
  const { context, request } = call
  return new GraphError(
    410,
    code ?? 'resyncChangesApplyDifferences',
    'Resync required. Replace any local items with the server’s version.',
    {
      headers: { Location: `${context.origin()}${request.path}` },
    },
  )
}

/** Lets the token of this request, and all others of the list, be dead. */
export function brokenDelta(call: RouteCall, code: string | undefined): GraphError | undefined {
  if (call.query.get('token') === undefined) return undefined
  call.query.ignoreRest()
  withList(call).list.generation++
  return deadToken(call, code === 'resyncChangesUploadDifferences' ? code : undefined)
}

interface DeltaPage {
  readonly items: readonly StoredItem[]
  readonly next: DeltaState | undefined
  /** The last change that is covered. */
  readonly end: number
}

function nextPage(call: ListCall, state: DeltaState): DeltaPage {
  const { emptyPageEvery, repeatEvery } = call.context.delta
  if (isTurn(state, emptyPageEvery)) return { items: [], next: { ...state, page: state.page + 1 }, end: state.at }
  if (state.phase === 'changes') return changesPage(call, state)
  const before = isTurn(state, repeatEvery) ? call.list.item(state.at) : undefined
  const page = initialPage(call, state)
  return before === undefined ? page : { ...page, items: [before, ...page.items] }
}

const isTurn = ({ page }: DeltaState, every: number): boolean => page > 0 && every > 0 && page % every === 0

function initialPage({ list }: ListCall, state: DeltaState): DeltaPage {
  const items: StoredItem[] = []
  const most = list.items.size
  let at = state.at
  for (; at < most && items.length < state.size; at++) {
    const item = list.item(at + 1)
    if (item !== undefined) items.push(item)
  }
  if (at < most) return { items, next: { ...state, at, page: state.page + 1 }, end: state.since }
  const changes: DeltaState = { ...state, phase: 'changes', at: state.since, page: state.page + 1 }
  return { items, next: list.sequence > state.since ? changes : undefined, end: state.since }
}

/** Each item once, as it is now, at the place of its last change. */
function changesPage({ list }: ListCall, state: DeltaState): DeltaPage {
  const last = new Map<StoredItem, number>()
  for (const { sequence, item } of list.log.slice(state.at)) last.set(item, sequence)
  const changed = [...last].sort(([, one], [, other]) => one - other)
  const shown = changed.slice(0, state.size)
  const end = shown.at(-1)?.[1] ?? list.sequence
  const more = shown.length < changed.length
  const items = shown.map(([item]) => item)
  return more
    ? { items, next: { ...state, at: end, page: state.page + 1 }, end }
    : { items, next: undefined, end: list.sequence }
}

/** Who changed an item last is not told here (learn.microsoft.com/answers/questions/5768708). */
function entry({ view, site }: ListCall, item: StoredItem, shape: Shape): Rendered {
  if (item.isDeleted) {
    const { id, name } = item.contentType
    return {
      id: String(item.number),
      parentReference: { siteId: site.id },
      contentType: { id, name },
      deleted: { state: 'deleted' },
    }
  }
  const { lastModifiedBy: _, ...rest } = renderItem(view, item, shape)
  return rest
}
