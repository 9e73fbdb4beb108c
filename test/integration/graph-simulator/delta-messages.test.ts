import { describe, expect, test } from 'vitest'
import { errorCode, followDelta, textAt } from './client.ts'
import type { Entity } from './client.ts'
import { alex, mail, megan, withSmall } from './tenant.ts'

const inboxDelta = `/users/${alex}/mailFolders/inbox/messages/delta`
const archiveDelta = `/users/${alex}/mailFolders/archive/messages/delta`
const select = '$select=subject,isRead,flag'

const idsOf = (entities: readonly Entity[]): unknown[] => entities.map((entity) => entity.id)

describe('the initial round', () => {
  test('pages by preference and shows every message', () =>
    withSmall(async ({ simulator, graph }) => {
      const round = await followDelta(graph, `${inboxDelta}?${select}`, { pageSize: 2 })
      expect(round.pages.map((page) => page.length)).toEqual([2, 2, 1])
      expect(idsOf(round.entities)).toEqual(simulator.tenant.messages(alex, 'inbox').map((message) => message.id))
      expect(Object.keys(round.entities[0] ?? {})).toEqual([
        '@odata.type',
        '@odata.etag',
        'id',
        'subject',
        'isRead',
        'flag',
      ])
    }))

  test('says that it tracks changes, and for which ids', () =>
    withSmall(async ({ graph }) => {
      const answer = await graph(inboxDelta, { pageSize: 3 })
      expect(answer.headers.get('preference-applied')).toBe(
        'odata.track-changes, odata.maxpagesize=3, IdType="ImmutableId"',
      )
    }))

  test('$top limits the whole round, not the page', () =>
    withSmall(async ({ graph }) => {
      const round = await followDelta(graph, `${inboxDelta}?$top=3`, { pageSize: 2 })
      expect(round.pages.map((page) => page.length)).toEqual([2, 1])
    }))

  test('ten a page without a preference', () =>
    withSmall(async ({ simulator, graph }) => {
      for (let number = 6; number < 30; number++) simulator.tenant.addMessage(alex, 'inbox', mail(number))
      const round = await followDelta(graph, inboxDelta)
      expect(round.pages.map((page) => page.length)).toEqual([10, 10, 9])
    }))

  test('may come with empty pages and repeated entities', () =>
    withSmall(
      async ({ simulator, graph }) => {
        for (let number = 6; number < 120; number++) simulator.tenant.addMessage(alex, 'inbox', mail(number))
        const round = await followDelta(graph, inboxDelta, { pageSize: 3 })
        const ids = idsOf(round.entities)
        expect(round.pages.some((page) => page.length === 0)).toBe(true)
        expect(ids.length).toBeGreaterThan(new Set(ids).size)
        expect(new Set(ids).size).toBe(119)
      },
      { delta: { emptyPageEvery: 4, repeatEvery: 4 } },
    ))

  test('takes in what happens while it goes on', () =>
    withSmall(async ({ simulator, graph }) => {
      const first = await graph(inboxDelta, { pageSize: 2 })
      const [one] = simulator.tenant.messages(alex, 'inbox')
      simulator.tenant.deleteMessage(alex, one?.id ?? '', { permanent: true })
      const added = simulator.tenant.addMessage(alex, 'inbox', mail(9))
      const rest = await followDelta(graph, textAt(first.json, '@odata.nextLink'), { pageSize: 2 })
      expect(idsOf(rest.entities)).toContain(added.id)
      const next = await followDelta(graph, rest.deltaLink)
      expect(next.entities).toContainEqual(expect.objectContaining({ id: one?.id, '@removed': { reason: 'deleted' } }))
    }))

  test('can be limited by received date', () =>
    withSmall(async ({ graph }) => {
      const round = await followDelta(graph, `${inboxDelta}?$filter=receivedDateTime ge 2024-01-04T00:00:00Z`)
      expect(round.entities).toHaveLength(3)
    }))

  test.each([
    '$search="x"',
    '$skip=1',
    '$orderby=subject',
    '$filter=isRead eq true',
    "$expand=singleValueExtendedProperties($filter=id eq 'String 0x7D')",
    '$select=smell',
  ])('refuses %s', (query) =>
    withSmall(async ({ graph }) => {
      expect((await graph(`${inboxDelta}?${encodeURI(query)}`)).status).toBe(400)
    }),
  )
})

describe('changes since', () => {
  test('are none when nothing happened', () =>
    withSmall(async ({ graph }) => {
      const first = await followDelta(graph, inboxDelta)
      const second = await followDelta(graph, first.deltaLink)
      expect(second.pages).toEqual([[]])
      expect(second.deltaLink).not.toBe(first.deltaLink)
    }))

  test('show additions, edits and removals', () =>
    withSmall(async ({ simulator, graph }) => {
      const { tenant } = simulator
      const first = await followDelta(graph, `${inboxDelta}?${select}`)
      const [one, two, three] = tenant.messages(alex, 'inbox')
      const added = tenant.addMessage(alex, 'inbox', mail(9))
      tenant.setCategories(alex, one?.id ?? '', ['Red'])
      tenant.deleteMessage(alex, two?.id ?? '')
      tenant.deleteMessage(alex, three?.id ?? '', { permanent: true })
      const { entities } = await followDelta(graph, first.deltaLink)
      expect(entities).toMatchObject([
        { id: added.id, subject: 'Message 9' },
        { id: one?.id, subject: 'Message 1' },
        { id: two?.id, '@removed': { reason: 'changed' } },
        { id: three?.id, '@removed': { reason: 'deleted' } },
      ])
      expect(Object.keys(entities[2] ?? {})).toEqual(['@odata.type', 'id', '@removed'])
    }))

  test('show read and flag changes alone, and only when selected', () =>
    withSmall(async ({ simulator, graph }) => {
      const { tenant } = simulator
      const withState = await followDelta(graph, `${inboxDelta}?${select}`)
      const without = await followDelta(graph, `${inboxDelta}?$select=subject`)
      const [one, two] = tenant.messages(alex, 'inbox')
      tenant.setRead(alex, one?.id ?? '', true)
      tenant.flagMessage(alex, two?.id ?? '', { flagStatus: 'flagged' })
      const seen = await followDelta(graph, withState.deltaLink)
      expect(seen.entities.map((entity) => Object.keys(entity))).toEqual([
        ['@odata.type', '@odata.etag', 'id', 'isRead'],
        ['@odata.type', '@odata.etag', 'id', 'flag'],
      ])
      expect(seen.entities).toMatchObject([{ isRead: true }, { flag: { flagStatus: 'flagged' } }])
      expect((await followDelta(graph, without.deltaLink)).entities).toEqual([])
    }))

  test('show a moved message as removed here and new there, under one immutable id', () =>
    withSmall(async ({ simulator, graph }) => {
      const inbox = await followDelta(graph, inboxDelta)
      const archive = await followDelta(graph, archiveDelta)
      const [one] = simulator.tenant.messages(alex, 'inbox')
      simulator.tenant.moveMessage(alex, one?.id ?? '', 'archive')
      expect((await followDelta(graph, inbox.deltaLink)).entities).toMatchObject([
        { id: one?.id, '@removed': { reason: 'deleted' } },
      ])
      expect((await followDelta(graph, archive.deltaLink)).entities).toMatchObject([
        { id: one?.id, subject: 'Message 1' },
      ])
    }))

  test('show a moved message under another regular id', () =>
    withSmall(async ({ simulator, graph }) => {
      const regular = { immutable: false }
      const inbox = await followDelta(graph, inboxDelta, regular)
      const archive = await followDelta(graph, archiveDelta, regular)
      const [one] = simulator.tenant.messages(alex, 'inbox')
      simulator.tenant.moveMessage(alex, one?.id ?? '', 'archive')
      const removed = await followDelta(graph, inbox.deltaLink, regular)
      expect(removed.entities).toMatchObject([{ id: one?.regularId }])
      const added = await followDelta(graph, archive.deltaLink, regular)
      expect(added.entities).toMatchObject([{ id: simulator.tenant.message(alex, one?.id ?? '').regularId }])
      expect(added.entities[0]?.id).not.toBe(one?.regularId)
    }))

  test('tell the last word last when a message comes and goes', () =>
    withSmall(async ({ simulator, graph }) => {
      const { tenant } = simulator
      const first = await followDelta(graph, inboxDelta)
      const [one, two] = tenant.messages(alex, 'inbox')
      tenant.moveMessage(alex, one?.id ?? '', 'archive')
      tenant.moveMessage(alex, one?.id ?? '', 'inbox')
      const passing = tenant.addMessage(alex, 'inbox', mail(9))
      tenant.deleteMessage(alex, passing.id, { permanent: true })
      tenant.moveMessage(alex, two?.id ?? '', 'archive')
      const last = new Map<unknown, boolean>()
      const { entities } = await followDelta(graph, first.deltaLink, { pageSize: 1 })
      for (const entity of entities) last.set(entity.id, '@removed' in entity)
      expect([...last]).toEqual([
        [one?.id, false],
        [passing.id, true],
        [two?.id, true],
      ])
    }))

  test('can be asked for again with the same link', () =>
    withSmall(async ({ simulator, graph }) => {
      const first = await followDelta(graph, inboxDelta)
      simulator.tenant.addMessage(alex, 'inbox', mail(9))
      expect((await followDelta(graph, first.deltaLink)).entities).toHaveLength(1)
      expect((await followDelta(graph, first.deltaLink)).entities).toHaveLength(1)
    }))

  test('keep the options of the first request', () =>
    withSmall(async ({ simulator, graph }) => {
      const first = await followDelta(graph, `${inboxDelta}?$select=subject`)
      simulator.tenant.addMessage(alex, 'inbox', mail(9))
      const { entities } = await followDelta(graph, first.deltaLink)
      expect(Object.keys(entities[0] ?? {})).toEqual(['@odata.type', '@odata.etag', 'id', 'subject'])
    }))
})

describe('tokens', () => {
  test.each([true, false])('belong to one id form (made with immutable: %s)', (immutable) =>
    withSmall(async ({ graph }) => {
      const { deltaLink } = await followDelta(graph, inboxDelta, { immutable })
      const answer = await graph(deltaLink, { immutable: !immutable })
      expect([answer.status, errorCode(answer)]).toEqual([410, 'SyncStateInvalid'])
    }),
  )

  test.each(['SyncStateNotFound', 'resyncRequired', 'SyncStateInvalid'] as const)('die with %s', (error) =>
    withSmall(async ({ simulator, graph }) => {
      const { deltaLink } = await followDelta(graph, inboxDelta)
      const archive = await followDelta(graph, archiveDelta)
      simulator.tenant.breakCursors(alex, 'inbox', error)
      const answer = await graph(deltaLink)
      expect([answer.status, errorCode(answer)]).toEqual([410, error])
      const again = await followDelta(graph, answer.headers.get('location') ?? '')
      expect(again.entities).toHaveLength(5)
      expect((await followDelta(graph, again.deltaLink)).entities).toEqual([])
      expect((await graph(archive.deltaLink)).status).toBe(200)
    }),
  )

  test('are opaque, and nobody else has them', () =>
    withSmall(async ({ simulator, graph }) => {
      const { deltaLink } = await followDelta(graph, inboxDelta)
      expect(deltaLink).not.toContain('inbox"')
      const damaged = await graph(deltaLink.slice(0, -4) + 'AAAA')
      expect([damaged.status, errorCode(damaged)]).toEqual([400, 'ErrorInvalidSyncStateData'])
      const elsewhere = deltaLink.replace('/inbox/', '/archive/')
      expect((await graph(elsewhere)).status).toBe(400)
      const folder = simulator.tenant.folder(megan, 'inbox')
      expect((await graph(deltaLink.replace(alex, megan))).status).toBe(400)
      expect(folder.totalItemCount).toBe(0)
    }))

  test('of a deleted folder are answered as such', () =>
    withSmall(async ({ simulator, graph }) => {
      const { id } = simulator.tenant.folder(alex, 'Projects')
      const { deltaLink } = await followDelta(graph, `/users/${alex}/mailFolders/${id}/messages/delta`)
      simulator.tenant.deleteFolder(alex, id, { permanent: true })
      const answer = await graph(deltaLink)
      expect([answer.status, errorCode(answer)]).toEqual([404, 'ErrorSyncFolderNotFound'])
    }))
})
