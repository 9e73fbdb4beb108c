import { describe, expect, it } from 'vitest'
import type { RestoreItem } from '../../../src-main/engine/ports/restore-target.ts'
import {
  driveWorld,
  dumped,
  hashOf,
  heldFile,
  kinds,
  modified,
  remarks,
  restore,
  storedFile,
} from './restoring-fixture.ts'
import type { StoredFolder } from './restoring-fixture.ts'

const onRequest = new Set(['versions'] as const)

function versioned(name: string, contents: readonly string[]): RestoreItem {
  const current = contents.at(-1) ?? ''
  const earlier = contents
    .slice(0, -1)
    .map((content, at) => ({ content, id: `${at + 1}.0`, day: `2020-01-0${at + 1}` }))
  const versions = earlier.map(({ id, day, content }) => ({
    id,
    lastModifiedDateTime: `${day}T00:00:00Z`,
    size: content.length,
  }))
  const item = storedFile(name, current, { versions: versions.toReversed() })
  // By name, as a snapshot lists them; "10.0" would come before "2.0".
  const parts = earlier.map(({ id, day, content }) => heldFile(`${id} ${day}T00.00.00Z.txt`, content)).toReversed()
  return { ...item, parts }
}

function scene(...contents: readonly string[]): StoredFolder {
  return { name: 'files', files: [versioned('a.txt', contents)] }
}

describe('earlier versions', () => {
  it('are left out unless they are asked for', async () => {
    const world = await driveWorld()
    await restore(world, scene('one', 'second', 'the third'))
    expect(dumped(world).get('Restored/a.txt')).toMatchObject({ quickXorHash: hashOf('the third'), versions: [] })
    const again = await restore(world, scene('one', 'second', 'the third'), { onRequest })
    expect(kinds(again)).toEqual({ duplicate: 1 })
    expect(remarks(again)).toEqual(['versions-missing'])
  })

  it('come back oldest first, below the current one', async () => {
    const world = await driveWorld()
    const done = await restore(world, scene('one', 'second', 'the third'), { onRequest })
    expect(kinds(done)).toEqual({ created: 1 })
    expect(remarks(done)).toEqual([])
    const state = dumped(world)
    expect(state.get('Restored/a.txt')).toMatchObject({
      quickXorHash: hashOf('the third'),
      lastModifiedDateTime: modified,
      versions: [hashOf('one'), hashOf('second')],
    })
    const again = await restore(world, scene('one', 'second', 'the third'), { onRequest })
    expect([...again.outcomes.values()]).toEqual([{ kind: 'duplicate' }])
    expect(dumped(world)).toEqual(state)
  })

  it('may be empty in between', async () => {
    const world = await driveWorld()
    await restore(world, scene('', 'second', '', 'fourth'), { onRequest })
    const { versions, quickXorHash } = dumped(world).get('Restored/a.txt') ?? { versions: [] }
    expect(quickXorHash).toBe(hashOf('fourth'))
    // Each empty one twice: once as it came, once with its date.
    expect(versions).toEqual(['', '', 'second', '', ''].map(hashOf))
  })

  it('are not put upon a file that somebody else has under the name', async () => {
    const world = await driveWorld()
    world.drives.addFile(world.drive, 'Restored/a.txt', 'one', { lastModifiedDateTime: '2024-01-01T00:00:00Z' })
    await restore(world, scene('one', 'second'), { onRequest })
    const there = dumped(world)
    expect(there.get('Restored/a.txt')).toMatchObject({ quickXorHash: hashOf('one'), versions: [] })
    expect(there.get('Restored/a (restored 2026-11-21).txt')).toMatchObject({
      quickXorHash: hashOf('second'),
      versions: [hashOf('one')],
    })
  })
})
