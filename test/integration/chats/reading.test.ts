import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import type { ChangePage } from '../../../src-main/engine/ports/data-type.ts'
import { chatsReader } from '../../../src-main/graph/chats/reader.ts'
import { readHeld, type HeldItem, type HeldType } from '../../support/adapter-round.ts'
import { ada, fillChats, grace, pixel, signal, startChats } from './chats-fixture.ts'

const day = 86_400_000

function propertiesOf({ metadata }: HeldItem): JsonObject {
  return metadata.properties as JsonObject
}

function withText(held: HeldType, words: string): HeldItem {
  const item = held.items.find(({ metadata }) => JSON.stringify(metadata).includes(words))
  if (item === undefined) throw new Error(`no message with ${words}`)
  return item
}

describe('reading chats', () => {
  it('keeps chats with their members and messages with all that is in them', async () => {
    const world = await startChats()
    const { pair, group, meeting } = fillChats(world.chats)
    const held = await readHeld(chatsReader(world.client), world.root)
    expect(held.containers.map(({ name }) => name).sort()).toEqual(['Engines & machines', 'Grace Hopper', 'Review'])
    const container = held.containers.find(({ id }) => id === group.id)?.properties.properties as JsonObject
    expect(container.members).toHaveLength(3)
    expect(container.pinnedMessages).toMatchObject([{ id: group.pinned[0] }])
    expect(container.installedApps).toMatchObject([{ teamsApp: { displayName: 'Polls' } }])
    expect(container.tabs).toMatchObject([{ displayName: 'Notes' }])
    expect(container).not.toHaveProperty('lastMessagePreview')
    expect(held.items).toHaveLength(pair.messages.length + group.messages.length + meeting.messages.length)
    const picture = withText(held, 'a pixel')
    expect([...picture.parts]).toEqual([['inline-1.png', pixel]])
    expect(propertiesOf(picture).hostedContents).toMatchObject([{ name: 'inline-1.png' }])
    expect(propertiesOf(picture).reactions).toMatchObject([{ reactionType: 'like' }])
    const snippet = withText(held, 'codesnippet')
    expect([...snippet.parts].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['inline-1.txt', 'print("hello")'],
    ])
    expect(propertiesOf(withText(held, 'chatRenamed')).messageType).toBe('systemEventMessage')
    expect(propertiesOf(withText(held, 'blockAccess')).importance).toBe('urgent')
    expect(held.items.filter((item) => typeof propertiesOf(item).deletedDateTime === 'string')).toHaveLength(1)
    expect(world.simulator.log.count({ method: 'POST', route: '$batch' })).toBe(1)
  })

  it('asks for the list of chats alone when nothing happened', async () => {
    const world = await startChats()
    fillChats(world.chats)
    const clock = { now: Date.now() + day }
    const reader = chatsReader(world.client, () => clock.now)
    const held = await readHeld(reader, world.root)
    world.requests()
    clock.now += 60_000
    const again = await readHeld(reader, world.root, held)
    expect(world.requests()).toHaveLength(1)
    expect(again.items).toEqual(held.items)
    expect(again.containers).toEqual(held.containers)
  })

  it('reads a new message with one request more, and the details of its chat alone', async () => {
    const world = await startChats()
    const { group } = fillChats(world.chats)
    const clock = { now: Date.now() + day }
    const reader = chatsReader(world.client, () => clock.now)
    const held = await readHeld(reader, world.root)
    world.requests()
    world.chats.send(group, grace, { text: 'one more' })
    const again = await readHeld(reader, world.root, held)
    expect(again.items).toHaveLength(held.items.length + 1)
    const asked = world
      .requests()
      .map((line) => line.replace(/\?.*/, '').replace(/.*\//, ''))
      .sort()
    expect(asked).toEqual(['chats', 'installedApps', 'messages', 'pinnedMessages', 'tabs'])
  })

  it('finds edits, deletions and reactions of older messages when the chat has been quiet for a while', async () => {
    const world = await startChats()
    const { pair } = fillChats(world.chats)
    const clock = { now: Date.now() + day }
    const reader = chatsReader(world.client, () => clock.now)
    const held = await readHeld(reader, world.root)
    const [first] = pair.messages
    if (first === undefined) throw new Error('no message')
    world.chats.react(first, ada, 'heart')
    world.chats.edit(first, '<p>changed later</p>')
    clock.now += 60_000
    expect(JSON.stringify((await readHeld(reader, world.root, held)).items)).not.toContain('changed later')
    clock.now += day
    const found = await readHeld(reader, world.root, held)
    expect(propertiesOf(withText(found, 'changed later')).reactions).toMatchObject([{ reactionType: 'heart' }])
    expect(found.items).toHaveLength(held.items.length)
  })

  it('keeps the parts of a message that only got a reaction', async () => {
    const world = await startChats()
    const { group } = fillChats(world.chats)
    const reader = chatsReader(world.client)
    const held = await readHeld(reader, world.root)
    world.requests()
    const message = group.messages.find(({ hosted }) => hosted.size > 0)
    if (message === undefined) throw new Error('no message')
    world.chats.react(message, grace, 'heart')
    const again = await readHeld(reader, world.root, held)
    expect(world.requests().filter((line) => line.includes('hostedContents'))).toEqual([])
    expect([...withText(again, 'a pixel').parts]).toEqual([['inline-1.png', pixel]])
  })

  it('drops chats that are gone and messages of them', async () => {
    const world = await startChats()
    const { pair } = fillChats(world.chats)
    const reader = chatsReader(world.client)
    const held = await readHeld(reader, world.root)
    world.chats.removeChat(pair)
    const again = await readHeld(reader, world.root, held)
    expect(again.containers).toHaveLength(held.containers.length - 1)
    expect(again.items.some(({ container }) => container === pair.id)).toBe(false)
  })

  it('lists large chats page by page and goes on after an interruption', async () => {
    const world = await startChats()
    const chat = world.chats.addChat({ topic: 'Long', members: [ada, grace] })
    for (let number = 0; number < 120; number++) world.chats.send(chat, grace, { text: `message ${String(number)}` })
    const reader = chatsReader(world.client)
    const { containers } = await reader.containers(world.root, undefined, signal)
    const [container] = containers
    if (container === undefined) throw new Error('no chat')
    const pages: ChangePage[] = []
    for await (const page of reader.changes(world.root, container, {}, signal)) pages.push(page)
    expect(pages.map(({ changes }) => changes.length)).toEqual([50, 50, 20])
    const rest: ChangePage[] = []
    const start = { next: pages[0]?.next }
    for await (const page of reader.changes(world.root, container, start, signal)) rest.push(page)
    expect(rest.flatMap(({ changes }) => changes)).toEqual(pages.slice(1).flatMap(({ changes }) => changes))
    expect(JSON.parse(rest.at(-1)?.cursor ?? '')).toMatchObject({
      newest: Date.parse(chat.messages.at(-1)?.createdDateTime ?? ''),
    })
  })

  it('lists the members that the list of chats leaves out', async () => {
    const world = await startChats()
    const names = Array.from({ length: 40 }, (_, number) => `p${String(number)}@contoso.example`)
    for (const userPrincipalName of names) world.simulator.tenant.addUser({ userPrincipalName })
    world.chats.addChat({ topic: 'Crowd', members: [ada, ...names] })
    const { containers } = await chatsReader(world.client).containers(world.root, undefined, signal)
    expect((containers[0]?.properties.properties as JsonObject).members).toHaveLength(41)
  })

  it('reads on without apps and tabs if the sign-in may not read these', async () => {
    const world = await startChats({ app: { roles: ['User.Read.All', 'Chat.Read.All'] } })
    const { group } = fillChats(world.chats)
    const held = await readHeld(chatsReader(world.client), world.root)
    const container = held.containers.find(({ id }) => id === group.id)?.properties.properties as JsonObject
    expect(container).not.toHaveProperty('tabs')
    expect(container.pinnedMessages).toHaveLength(1)
    expect(held.unread.size).toBe(0)
  })

  it('keeps a message whose picture cannot be read, and its neighbours', async () => {
    const world = await startChats()
    fillChats(world.chats)
    world.simulator.faults.add({ kind: 'status', status: 403, code: 'Forbidden', match: { path: 'hostedContents' } })
    const held = await readHeld(chatsReader(world.client), world.root)
    expect(withText(held, 'a pixel').unreadParts).toEqual(['graph.forbidden'])
    expect(held.unread.size).toBe(0)
  })

  it('reads a message alone as it is listed', async () => {
    const world = await startChats()
    fillChats(world.chats)
    const reader = chatsReader(world.client)
    const held = await readHeld(reader, world.root)
    const item = withText(held, 'the plan')
    const alone = await reader.item(world.root, item.id, signal)
    expect(alone.container).toBe(item.container)
    expect(reader.metadata(alone.properties)).toEqual(item.metadata)
  })

  it('says that a cursor is lost if it cannot be read', async () => {
    const world = await startChats()
    fillChats(world.chats)
    const reader = chatsReader(world.client)
    const { containers } = await reader.containers(world.root, { containers: [], cursor: 'broken' }, signal)
    const [container] = containers
    if (container === undefined) throw new Error('no chat')
    const page = reader.changes(world.root, container, { cursor: '{"v":9}' }, signal)[Symbol.asyncIterator]().next()
    await expect(page).rejects.toSatisfy((error) => isEngineError(error, 'graph.cursor-lost'))
  })
})
