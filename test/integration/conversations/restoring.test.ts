import { describe, expect, test } from 'vitest'
import { conversationsReader } from '../../../src-main/graph/conversations/reader.ts'
import { conversationsRestorer } from '../../../src-main/graph/conversations/restorer.ts'
import { threadTranscript } from '../../../src-main/graph/conversations/transcript.ts'
import { remarkTexts } from '../../../src-shared/text/restore-remarks.ts'
import { restoreHeld } from '../../support/adapter-round.ts'
import { bob, conversationsWorld, fillGroup, pixel, read } from './conversations-fixture.ts'

describe('restoring conversations', () => {
  test('writes to nobody: each thread is left out, and the reason is said', async () => {
    const source = await conversationsWorld()
    fillGroup(source)
    const held = await read(source)
    const target = await conversationsWorld()
    target.simulator.log.clear()
    const { client, group, conversations } = target
    const outcomes = await restoreHeld(conversationsRestorer(client), conversationsReader(client), held, group)
    const skipped = { kind: 'skipped', code: 'conversations-are-not-restorable' }
    expect([...outcomes.values()]).toEqual([skipped, skipped])
    expect(remarkTexts[skipped.code]).toContain('transcript')
    expect(target.requests()).toBe(0)
    expect(conversations.mailed).toBe(0)
  })

  test('leaves a page that can be read, with pictures and files', async () => {
    const world = await conversationsWorld()
    world.conversations.applicationsReadAttachments = true
    fillGroup(world)
    const held = await read(world)
    const rich = held.items.find(({ parts }) => parts.size > 0)
    if (rich === undefined) throw new Error('no thread with parts')
    const addresses = new Map([...rich.parts.keys()].map((name) => [name, `attachments/${encodeURIComponent(name)}`]))
    const page = threadTranscript(rich.metadata, addresses)
    expect(page).toContain('<h1>Plans &amp; &lt;things&gt;</h1>')
    expect(page).toContain('<img src="attachments/pixel.png" alt="a pixel" />')
    expect(page).toContain('href="attachments/plan.txt"')
    expect(page).toContain('href="attachments/plan.txt%20~3"')
    expect(page).toContain(bob)
    expect(page).toContain('2024-03-02')
    expect(page).toContain('cloud.docx')
    expect(page).not.toMatch(/<script|alert\(1\)|cid:/)
    expect(pixel.length).toBe(rich.parts.get('pixel.png')?.length)
  })
})
