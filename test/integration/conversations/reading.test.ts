import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import { conversationsReader } from '../../../src-main/graph/conversations/reader.ts'
import type { HeldItem, HeldType } from '../../support/adapter-round.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { ada, bob, conversationsWorld, fillGroup, pixel, read, signal } from './conversations-fixture.ts'

interface Thread extends JsonObject {
  readonly topic: string
  readonly posts: readonly JsonObject[]
}

const threadOf = (item: HeldItem | undefined): Thread => item?.metadata.properties as Thread

function item(held: HeldType, topic: string): HeldItem {
  const found = held.items.find((one) => threadOf(one).topic === topic)
  if (found === undefined) throw new Error(`no thread ${topic}`)
  return found
}

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString()

describe('conversations', () => {
  test('are threads with their posts', async () => {
    const world = await conversationsWorld()
    fillGroup(world)
    const held = await read(world)
    expect(held.containers.map(({ name }) => name)).toEqual(['conversations'])
    expect(held.unread.size).toBe(0)
    const { metadata } = item(held, 'Plans & <things>')
    expect(metadata).toMatchObject({
      'o365:Type': 'conversationThread',
      'o365:CreatedDateTime': '2024-03-01T10:00:00Z',
      'o365:LastModifiedDateTime': '2024-03-02T11:00:00Z',
      properties: {
        isLocked: false,
        toRecipients: [{ emailAddress: { name: 'Engines' } }],
        posts: [
          { from: { emailAddress: { address: ada } }, receivedDateTime: '2024-03-01T10:00:00Z' },
          { from: { emailAddress: { address: bob } }, body: { content: '<p>Mine, and a mail</p>' } },
        ],
      },
    })
    const reader = conversationsReader(world.client)
    expect(reader.row(metadata, 0)).toMatchObject({
      shard: '2024-03',
      title: 'Plans & <things>',
      from: `${ada}, ${bob}`,
      to: `Engines <${world.group.name}>, Guest <guest@example.com>`,
      hasAttachments: true,
    })
    const found = await reader.searchText(metadata, Buffer.alloc(0))
    for (const word of ['Plans', 'See this', 'Mine, and a mail', bob]) expect(found).toContain(word)
    expect(found).not.toContain('alert')
  })

  test('that are the same cost one request', async () => {
    const world = await conversationsWorld()
    fillGroup(world)
    const held = await read(world)
    world.simulator.log.clear()
    const again = await read(world, held)
    expect(again.items).toEqual(held.items)
    expect(world.requests()).toBe(1)
  })

  test('are read again where somebody wrote, and only there', async () => {
    const world = await conversationsWorld()
    const { rich, plain } = fillGroup(world)
    const held = await read(world)
    world.conversations.addPost(plain, { from: bob, text: 'And to you' })
    world.simulator.log.clear()
    const next = await read(world, held)
    expect(item(next, 'Plans & <things>')).toBe(item(held, 'Plans & <things>'))
    expect(threadOf(item(next, 'Hello')).posts).toHaveLength(2)
    expect(world.requests()).toBe(2)
    world.conversations.removeThread(rich)
    expect((await read(world, next)).items).toHaveLength(1)
  })

  test('of a group where nobody wrote have no folder', async () => {
    const world = await conversationsWorld()
    const held = await read(world)
    expect([held.containers, held.items]).toEqual([[], []])
  })

  test('come page by page, and go on where an interrupted listing stopped', async () => {
    const world = await conversationsWorld()
    for (let number = 0; number < 230; number++) {
      const thread = world.conversations.addThread(world.group.id, `Thread ${String(number)}`)
      world.conversations.addPost(thread, { from: ada, text: 'x' })
    }
    const reader = conversationsReader(world.client)
    const { containers } = await reader.containers(world.group, undefined, signal)
    const [container] = containers
    if (container === undefined) throw new Error('no container')
    const ids = new Set<string>()
    let next: string | undefined
    for await (const page of reader.changes(world.group, container, {}, signal)) {
      for (const { id } of page.changes) ids.add(id)
      next = page.next
      break
    }
    expect(ids.size).toBe(100)
    const again = conversationsReader(world.client).changes(world.group, container, { next }, signal)
    for await (const page of again) for (const { id } of page.changes) ids.add(id)
    expect(ids.size).toBe(230)
  })
})

describe('posts', () => {
  test.each([true, false])('of long threads are all read, whether Graph links the pages or not (%s)', async (links) => {
    const world = await conversationsWorld()
    world.conversations.linksFurtherPosts = links
    const thread = world.conversations.addThread(world.group.id, 'Long')
    for (let number = 0; number < 250; number++)
      world.conversations.addPost(thread, { from: ada, text: String(number) })
    const held = await read(world)
    const bodies = threadOf(item(held, 'Long')).posts.map(({ body }) => (body as JsonObject).content)
    expect(bodies).toEqual(Array.from({ length: 250 }, (_, number) => String(number)))
  })

  test('that Graph may not give completely are said to be missing', async () => {
    const match = { path: '\\$skip' }
    const fault = { match, kind: 'status', status: 400, code: 'ErrorInvalidUrlQuery' } as const
    const world = await conversationsWorld({ faults: [fault] })
    world.conversations.linksFurtherPosts = false
    const thread = world.conversations.addThread(world.group.id, 'Long')
    for (let number = 0; number < 101; number++) world.conversations.addPost(thread, { from: ada, text: 'x' })
    const { metadata } = item(await read(world), 'Long')
    expect(threadOf(item(await read(world), 'Long')).posts).toHaveLength(100)
    expect(conversationsReader(world.client).notices?.(metadata)).toEqual(['posts-unread'])
  })

  test('that cannot be read do not stop other threads', async () => {
    const world = await conversationsWorld()
    const { rich } = fillGroup(world)
    world.conversations.corrupt.add(rich.posts[1]?.id ?? '')
    const held = await read(world)
    expect(held.items.map((one) => threadOf(one).topic)).toEqual(['Hello'])
    expect([...held.unread.values()]).toMatchObject([{ code: 'graph.item-unreadable' }])
  })
})

describe('attachments of posts', () => {
  test('are refused to applications: that is noted, and asked once in a run', async () => {
    const world = await conversationsWorld()
    fillGroup(world)
    const other = world.conversations.addThread(world.group.id, 'More')
    world.conversations.addPost(other, { from: ada, text: 'x', attachments: [{ name: 'a' }] })
    const held = await read(world)
    const { metadata } = item(held, 'Plans & <things>')
    const reader = conversationsReader(world.client)
    expect(reader.notices?.(metadata)).toEqual(['post-attachments-unread'])
    expect(reader.notices?.(item(held, 'Hello').metadata)).toEqual([])
    expect(held.items.every(({ parts }) => parts.size === 0)).toBe(true)
    expect(world.simulator.log.count({ path: '/attachments', batched: true })).toBeLessThanOrEqual(2)
  })

  test('are parts where the sign-in may read them', async () => {
    const world = await conversationsWorld()
    world.conversations.applicationsReadAttachments = true
    fillGroup(world)
    const rich = item(await read(world), 'Plans & <things>')
    const parts = [...rich.parts].map(([name, bytes]) => [name, textOf(bytes)])
    expect(parts).toEqual([
      ['pixel.png', pixel.toString()],
      ['plan.txt', 'the plan'],
      ['plan.txt ~3', 'another plan'],
      [expect.stringMatching(/^Re. plans\.eml$/), 'Subject: inner\r\n\r\ntext'],
    ])
    const kinds = threadOf(rich).posts.flatMap(({ attachments }) =>
      (attachments as readonly JsonObject[]).map((one) => [one['@odata.type'], one.name]),
    )
    expect(kinds).toContainEqual(['#microsoft.graph.referenceAttachment', 'cloud.docx'])
    expect(JSON.stringify(rich.metadata)).not.toContain('contentBytes')
  })

  test('are not read again with the next post, and stay when they are refused later', async () => {
    const world = await conversationsWorld()
    world.conversations.applicationsReadAttachments = true
    const { rich } = fillGroup(world)
    const held = await read(world)
    world.conversations.addPost(rich, { from: ada, text: 'third' })
    world.simulator.log.clear()
    const next = await read(world, held)
    expect(world.simulator.log.count({ path: '/attachments' })).toBe(0)
    expect([...item(next, 'Plans & <things>').parts.keys()]).toHaveLength(4)
    world.conversations.applicationsReadAttachments = false
    world.conversations.addPost(rich, { from: ada, text: 'fourth', attachments: [{ name: 'late.txt' }] })
    const last = item(await read(world, next), 'Plans & <things>')
    expect([...last.parts.keys()]).toHaveLength(4)
    expect(conversationsReader(world.client).notices?.(last.metadata)).toEqual(['post-attachments-unread'])
  })

  test('one that cannot be read leaves the others', async () => {
    const match = { route: 'groups/{group}/threads/{thread}/posts/{post}/attachments/{attachment}/$value' }
    const world = await conversationsWorld({ faults: [{ match, kind: 'corrupt', count: 1 }] })
    world.conversations.applicationsReadAttachments = true
    fillGroup(world)
    const rich = item(await read(world), 'Plans & <things>')
    expect(rich.unreadParts).toEqual(['graph.item-unreadable'])
    expect(rich.parts.size).toBe(3)
  })
})

describe('a group', () => {
  test('without a mailbox, deleted or forbidden says so', async () => {
    const world = await conversationsWorld()
    const groups = groupDirectory(world.simulator.tenant)
    const reader = conversationsReader(world.client)
    const guards = groups.add({ displayName: 'Guards', unified: false })
    const shut = groups.add({ displayName: 'Shut' })
    groups.forbidden.add(shut.id)
    const gone = groups.add({ displayName: 'Gone' })
    groups.remove(gone.id)
    const cases = [
      [guards.id, 'graph.no-conversations'],
      [shut.id, 'graph.forbidden'],
      [gone.id, 'graph.root-gone'],
    ] as const
    for (const [id, code] of cases)
      await expect(reader.containers({ ...world.group, id }, undefined, signal)).rejects.toMatchObject({ code })
  })

  test('gives single threads for a second attempt', async () => {
    const world = await conversationsWorld()
    const { rich } = fillGroup(world)
    const held = await read(world)
    const reader = conversationsReader(world.client)
    const { container, properties } = await reader.item(world.group, rich.id, signal)
    expect(container).toBe(world.group.id)
    const identity = reader.identity(reader.metadata(properties))
    expect(identity).toEqual(reader.identity(item(held, 'Plans & <things>').metadata))
  })
})
