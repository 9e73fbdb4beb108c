import { expect, it } from 'vitest'
import { chatsReader } from '../../../src-main/graph/chats/reader.ts'
import { chatsRestorer } from '../../../src-main/graph/chats/restorer.ts'
import { chatTranscript } from '../../../src-main/graph/messages/transcript.ts'
import { remarkText } from '../../../src-shared/text/restore-remarks.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import { fillChats, startChats } from './chats-fixture.ts'

it('sends nothing to anybody: every message is left out, with the reason', async () => {
  const world = await startChats()
  fillChats(world.chats)
  const reader = chatsReader(world.client)
  const held = await readHeld(reader, world.root)
  world.simulator.log.clear()
  const outcomes = await restoreHeld(chatsRestorer(world.client), reader, held, world.root)
  expect(outcomes.size).toBe(held.items.length)
  for (const outcome of outcomes.values())
    expect(outcome).toEqual({ kind: 'skipped', code: 'chats-are-not-restorable' })
  expect(world.simulator.log.count()).toBe(0)
  expect(remarkText('chats-are-not-restorable')).toContain('transcript')
})

it('makes a readable page of a chat as it was read', async () => {
  const world = await startChats()
  const { group } = fillChats(world.chats)
  const held = await readHeld(chatsReader(world.client), world.root)
  const container = held.containers.find(({ id }) => id === group.id)
  const messages = held.items
    .filter((item) => item.container === group.id)
    .map(({ metadata, parts }) => ({
      metadata,
      parts: new Map(
        [...parts].map(([name, bytes]) => [name, `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`]),
      ),
    }))
  const html = chatTranscript(container?.properties ?? {}, messages)
  expect(html).toContain('<h1>Engines &amp; machines</h1>')
  expect(html).toContain('Alan &lt;Turing&gt;')
  expect(html).toContain('<img src="data:image/png;base64,iVBOR')
  expect(html).toContain('renamed the chat to')
  expect(html).toContain('<a href="https://contoso.example/plan.docx"')
  expect(html).not.toContain('graph.microsoft.com')
  expect(html).not.toMatch(/src="http/)
})
