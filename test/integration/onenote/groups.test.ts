import { describe, expect, it } from 'vitest'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import { onenoteReader } from '../../../src-main/graph/onenote/reader.ts'
import { onenoteRestorer } from '../../../src-main/graph/onenote/restorer.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import type { UserNotes } from '../../support/graph-simulator/services/onenote/state.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { comparablePages } from './comparable-pages.ts'
import { fillNotes, startNotes } from './notes-fixture.ts'
import type { NotesWorld } from './notes-fixture.ts'

const clock = impatientClock(10_000)

/** A tenant with a group, whose notebooks may be read as with a person's sign-in. */
async function startGroup(name: string): Promise<NotesWorld & { readonly group: UserNotes }> {
  const world = await startNotes(name)
  const { id } = groupDirectory(world.simulator.tenant).add({ displayName: 'Team' })
  const root: Root = { kind: 'group', id, name: 'team', properties: { id, groupTypes: ['Unified'] } }
  return { ...world, root, group: world.all.of(id) }
}

/** HTTP requests for data since the log was cleared; a batch is one. */
function httpRequests({ simulator }: NotesWorld): number {
  return simulator.log.count({ batched: false }) - simulator.log.count({ route: '{tenant}/token' })
}

describe('the notebooks of a group', () => {
  it('come back in an empty group of another tenant, and a second restore creates nothing', async () => {
    const source = await startGroup('source')
    fillNotes(source.group)
    const reader = onenoteReader(source.client)
    const held = await readHeld(reader, source.root)
    expect(held.unread.size).toBe(0)
    expect(held.items.length).toBeGreaterThan(3)
    const target = await startGroup('target')
    const restorer = onenoteRestorer(target.client, clock)
    const outcomes = await restoreHeld(restorer, reader, held, target.root, { targetFolder: '/' })
    expect(new Set([...outcomes.values()].map(({ kind }) => kind))).toEqual(new Set(['created']))
    const back = await readHeld(onenoteReader(target.client), target.root)
    expect(comparablePages(back, false)).toEqual(comparablePages(held, false))
    const again = await restoreHeld(onenoteRestorer(target.client, clock), reader, held, target.root, {
      targetFolder: '/',
    })
    expect(new Set([...again.values()].map(({ kind }) => kind))).toEqual(new Set(['duplicate']))
    expect(target.notes.notebooks).toEqual([])
    expect([...source.simulator.log.unknown, ...target.simulator.log.unknown]).toEqual([])
  })

  it('cost one request where there are none, and no page is read again where there are', async () => {
    const world = await startGroup('source')
    const reader = onenoteReader(world.client)
    const empty = await readHeld(reader, world.root)
    world.simulator.log.clear()
    await readHeld(reader, world.root, empty)
    expect(httpRequests(world)).toBe(1)
    fillNotes(world.group)
    const first = await readHeld(reader, world.root)
    world.simulator.log.clear()
    const second = await readHeld(reader, world.root, first)
    expect(second.items).toEqual(first.items)
    const sections = first.containers.filter(({ properties }) => properties['o365:Type'] === 'section')
    expect(httpRequests(world)).toBe(1 + sections.length)
  })

  it('are for people only, and found out once', async () => {
    const world = await startGroup('source')
    world.all.appOnly = 'refuse'
    const reader = onenoteReader(world.client)
    world.simulator.log.clear()
    await expect(readHeld(reader, world.root)).rejects.toMatchObject({ code: 'graph.not-for-app-only' })
    world.simulator.log.clear()
    await expect(readHeld(reader, world.root)).rejects.toMatchObject({ code: 'graph.not-for-app-only' })
    expect(httpRequests(world)).toBe(0)
  })

  it('are not looked for where the group can have none, and gone with the group', async () => {
    const world = await startGroup('source')
    const reader = onenoteReader(world.client)
    world.simulator.log.clear()
    const guards: Root = { ...world.root, properties: { groupTypes: [] } }
    await expect(readHeld(reader, guards)).rejects.toMatchObject({ code: 'graph.no-drive' })
    expect(httpRequests(world)).toBe(0)
    groupDirectory(world.simulator.tenant).remove(world.root.id)
    await expect(readHeld(reader, world.root)).rejects.toMatchObject({ code: 'graph.root-gone' })
  })
})
