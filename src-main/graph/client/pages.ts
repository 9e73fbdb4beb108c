import { EngineError } from '../../engine/model/errors.ts'
import { askJson, type AskParts } from './ask-json.ts'
import { isObject } from './graph-codes.ts'
import type { GraphPage, GraphRequest, PageOptions } from './types.ts'
import { WireFault } from './wire-fault.ts'

/** Walks a paged answer. Next links are opaque and complete, so only the headers are sent along. */
export async function* performPages<T>(
  parts: AskParts,
  request: GraphRequest,
  { prefetch = 0 }: PageOptions,
): AsyncGenerator<GraphPage<T>, void, undefined> {
  const stop = new AbortController()
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, request.signal])
  const { query: _first, together: _once, ...rest } = request
  const follow = (link: string): Promise<GraphPage<T>> => page<T>(parts, { ...rest, path: link, signal })
  let coming = page<T>(parts, { ...request, signal })
  try {
    for (;;) {
      const current = await coming
      const link = current.nextLink
      if (link === undefined) {
        yield current
        return
      }
      if (prefetch === 1) coming = quiet(follow(link))
      yield current
      if (prefetch === 0) coming = follow(link)
    }
  } finally {
    // The consumer may have left while the next page is on its way.
    stop.abort()
  }
}

async function page<T>(parts: AskParts, request: GraphRequest): Promise<GraphPage<T>> {
  const found = await askJson(parts, request, readPage<T>)
  if (found.nextLink === request.path) {
    throw new EngineError('graph.service-failed', { retry: 'later', context: { fault: 'paging-loop' } })
  }
  return found
}

function readPage<T>(body: unknown): GraphPage<T> {
  const value: unknown = isObject(body) ? body.value : undefined
  if (!isObject(body) || !Array.isArray(value)) throw new WireFault('truncated', 'page')
  const nextLink = body['@odata.nextLink']
  const deltaLink = body['@odata.deltaLink']
  return {
    // The caller names the type of the collection it asked for.
    value: value as readonly T[],
    ...(typeof nextLink === 'string' ? { nextLink } : {}),
    ...(typeof deltaLink === 'string' ? { deltaLink } : {}),
  }
}

/** A rejection is met when the page is asked for; until then it must not count as unhandled. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
