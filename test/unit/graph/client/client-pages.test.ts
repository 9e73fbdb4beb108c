import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import type { GraphPage } from '../../../../src-main/graph/client/types.ts'
import { settled } from './clocks.ts'
import { clientFor, failure, mailbox, sendError, sendJson, serve, type TestServer } from './test-graph.ts'

interface Item {
  readonly id: string
}

/** Three pages, the second one empty. */
async function threePages(): Promise<TestServer> {
  const server = await serve((_request, response, index) => {
    const next = (skip: string): string => `${server.url}/v1.0/me/messages/delta?$skiptoken=${skip}%2Bx&y=(1)`
    if (index === 0) sendJson(response, 200, { value: [{ id: '1' }, { id: '2' }], '@odata.nextLink': next('a') })
    else if (index === 1) sendJson(response, 200, { value: [], '@odata.nextLink': next('b') })
    else sendJson(response, 200, { value: [{ id: '3' }], '@odata.deltaLink': `${server.url}/v1.0/delta?t=1` })
  })
  return server
}

const request = {
  path: '/me/mailFolders/1/messages/delta',
  query: { $select: 'id' },
  prefer: ['odata.maxpagesize=2'],
  pool: mailbox,
} as const

async function collect<T>(pages: AsyncIterable<GraphPage<T>>): Promise<GraphPage<T>[]> {
  const all: GraphPage<T>[] = []
  for await (const page of pages) all.push(page)
  return all
}

describe.each([0, 1] as const)('pages, %i ahead', (prefetch) => {
  it('follow the links as they are and end with the delta link', async () => {
    const server = await threePages()
    const pages = await collect(clientFor(server).pages<Item>(request, { prefetch }))
    expect(pages.map(({ value }) => value.map(({ id }) => id))).toEqual([['1', '2'], [], ['3']])
    expect(pages.map(({ deltaLink }) => deltaLink)).toEqual([undefined, undefined, `${server.url}/v1.0/delta?t=1`])
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/v1.0/me/mailFolders/1/messages/delta?$select=id',
      '/v1.0/me/messages/delta?$skiptoken=a%2Bx&y=(1)',
      '/v1.0/me/messages/delta?$skiptoken=b%2Bx&y=(1)',
    ])
  })

  it('ask for immutable ids each time', async () => {
    const server = await threePages()
    await collect(clientFor(server).pages<Item>(request, { prefetch }))
    const prefer = server.seen.map(({ headers }) => headers.prefer)
    expect(prefer).toEqual(Array(3).fill('IdType="ImmutableId", odata.maxpagesize=2'))
  })

  it('refuse a link to another place, and do not go there', async () => {
    const elsewhere = await serve((_request, response) => sendJson(response, 200, { value: [] }))
    const server = await serve((_request, response) =>
      sendJson(response, 200, { value: [], '@odata.nextLink': `${elsewhere.url}/v1.0/me?$skiptoken=1` }),
    )
    const error = await failure(collect(clientFor(server).pages<Item>(request, { prefetch })))
    expect(isEngineError(error, 'graph.request-refused') && error.context.reason).toBe('foreign-origin')
    expect(elsewhere.seen).toHaveLength(0)
  })

  it('notice a link that leads to itself', async () => {
    const server = await serve((_request, response) =>
      sendJson(response, 200, { value: [], '@odata.nextLink': `${server.url}/v1.0/me?$skiptoken=1` }),
    )
    const error = await failure(collect(clientFor(server).pages<Item>(request, { prefetch })))
    expect(isEngineError(error, 'graph.service-failed') && error.context.fault).toBe('paging-loop')
  })

  it('tell that the cursor is lost', async () => {
    const server = await serve((_request, response) => sendError(response, 410, 'syncStateNotFound'))
    const error = await failure(collect(clientFor(server).pages<Item>(request, { prefetch })))
    expect(isEngineError(error, 'graph.cursor-lost')).toBe(true)
  })

  it('fetch a page again that is none', async () => {
    const server = await serve((_request, response, index) => sendJson(response, 200, index === 0 ? {} : { value: [] }))
    expect(await collect(clientFor(server).pages<Item>(request, { prefetch }))).toEqual([{ value: [] }])
  })
})

describe('the next page', () => {
  it('is not asked for before the consumer wants it', async () => {
    const server = await threePages()
    const pages = clientFor(server).pages<Item>(request)
    await pages.next()
    for (let turn = 0; turn < 20; turn++) await settled()
    expect(server.seen).toHaveLength(1)
    await pages.next()
    expect(server.seen).toHaveLength(2)
    await pages.return()
  })

  it('comes while the consumer works, when told so', async () => {
    const server = await threePages()
    const pages = clientFor(server).pages<Item>(request, { prefetch: 1 })
    await pages.next()
    while (server.seen.length < 2) await settled()
    for (let turn = 0; turn < 20; turn++) await settled()
    expect(server.seen).toHaveLength(2)
    await pages.return()
  })

  it('is cancelled when the consumer leaves, and its failure does not surface', async () => {
    const closed = Promise.withResolvers<undefined>()
    const server = await serve((_request, response, index) => {
      if (index > 0) response.on('close', () => closed.resolve(undefined))
      else sendJson(response, 200, { value: [], '@odata.nextLink': `${server.url}/v1.0/me?$skiptoken=1` })
    })
    const pages = clientFor(server).pages<Item>(request, { prefetch: 1 })
    await pages.next()
    while (server.seen.length < 2) await settled()
    await pages.return()
    await closed.promise
  })
})
