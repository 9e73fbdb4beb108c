import { describe, expect, it } from 'vitest'
import {
  created,
  driveWorld,
  dumped,
  hashOf,
  kinds,
  modified,
  remarks,
  requests,
  restore,
} from './restoring-fixture.ts'
import { storedFile, writes } from './restoring-fixture.ts'
import type { StoredFolder } from './restoring-fixture.ts'

const MiB = 1024 * 1024
const times = { createdDateTime: created, lastModifiedDateTime: modified }
const folderTimes = { fileSystemInfo: { createdDateTime: '2018-01-02T03:04:05Z', lastModifiedDateTime: modified } }

const scene: StoredFolder = {
  name: 'files',
  files: [storedFile('top.txt', 'at the top')],
  folders: [
    {
      name: 'Documents',
      metadata: folderTimes,
      files: [
        storedFile('empty.bin', { size: 0, seed: 1 }),
        storedFile('one.bin', { size: 1, seed: 2 }),
        storedFile('four.bin', { size: 4 * MiB, seed: 3 }),
        storedFile('four and one.bin', { size: 4 * MiB + 1, seed: 4 }),
        storedFile('twenty-five.bin', { size: 25 * MiB, seed: 5 }),
        storedFile('ten.bin', { size: 10 * MiB, seed: 6 }),
      ],
      folders: [{ name: 'Deep', metadata: folderTimes, files: [storedFile('a.txt', 'deep down')] }],
    },
  ],
}

describe('a restore into a drive', () => {
  it('gives back files of every size with their bytes and times, and their folders', async () => {
    const world = await driveWorld()
    const done = await restore(world, scene)
    expect(kinds(done)).toEqual({ created: 8 })
    expect(remarks(done)).toEqual([])
    expect(done.findings).toEqual([])
    const there = dumped(world)
    expect([...there.keys()]).toEqual([
      'Restored',
      'Restored/Documents',
      'Restored/Documents/Deep',
      'Restored/Documents/Deep/a.txt',
      'Restored/Documents/empty.bin',
      'Restored/Documents/four and one.bin',
      'Restored/Documents/four.bin',
      'Restored/Documents/one.bin',
      'Restored/Documents/ten.bin',
      'Restored/Documents/twenty-five.bin',
      'Restored/top.txt',
    ])
    for (const [name, size, seed] of [
      ['empty.bin', 0, 1],
      ['one.bin', 1, 2],
      ['four.bin', 4 * MiB, 3],
      ['four and one.bin', 4 * MiB + 1, 4],
      ['twenty-five.bin', 25 * MiB, 5],
      ['ten.bin', 10 * MiB, 6],
    ] as const) {
      const file = there.get(`Restored/Documents/${name}`)
      expect(file).toMatchObject({ kind: 'file', size, quickXorHash: hashOf({ size, seed }), ...times })
      // The date of an empty file comes behind it; no other file has a second version for its date.
      expect(file?.versions).toHaveLength(size === 0 ? 1 : 0)
    }
    expect(there.get('Restored/Documents/Deep')).toMatchObject({
      createdDateTime: '2018-01-02T03:04:05.000Z',
      lastModifiedDateTime: modified,
    })
    expect(world.drives.sharingMails).toBe(0)
  })

  it('finds everything again the second time, and writes nothing', async () => {
    const world = await driveWorld()
    await restore(world, scene)
    const [before, state] = [writes(world), dumped(world)]
    const asked = requests(world)
    const again = await restore(world, scene, { date: '2027-01-02' })
    expect(kinds(again)).toEqual({ duplicate: 8 })
    expect(remarks(again)).toEqual([])
    expect(writes(world)).toBe(before)
    // The drive's root, and each of the four folders once.
    expect(requests(world) - asked).toBe(5)
    expect(dumped(world)).toEqual(state)
    const third = await restore(world, scene, { ignoreExisting: true })
    expect(kinds(third)).toEqual({ created: 8 })
    expect(new Set(remarks(third))).toEqual(new Set(['name-taken']))
  })

  it('looks and changes nothing in a dry run, before and after', async () => {
    const world = await driveWorld()
    expect(kinds(await restore(world, scene, { dryRun: true }))).toEqual({ created: 8 })
    expect(dumped(world).size).toBe(0)
    world.drives.addFile(world.drive, 'Restored/top.txt', 'something else')
    const before = writes(world)
    const dry = await restore(world, scene, { dryRun: true })
    expect(kinds(dry)).toEqual({ created: 8 })
    expect(remarks(dry)).toEqual(['name-taken'])
    await restore(world, scene)
    const after = writes(world)
    expect(after).toBeGreaterThan(before)
    expect(kinds(await restore(world, scene, { dryRun: true }))).toEqual({ duplicate: 8 })
    expect(writes(world)).toBe(after)
  })

  it('puts things where they were, into the folder of the same role whatever its name', async () => {
    const world = await driveWorld()
    world.drives.addFolder(world.drive, 'Dokumente', { createdDateTime: '2020-01-01T00:00:00Z' })
    world.drives.setSpecial(world.drive, 'Dokumente', 'documents')
    const [documents] = scene.folders ?? []
    const special = {
      ...documents,
      name: 'Documents',
      metadata: { ...folderTimes, specialFolder: { name: 'documents' } },
    }
    expect(kinds(await restore(world, { ...scene, folders: [special] }, { targetFolder: '/' }))).toEqual({ created: 8 })
    const there = dumped(world)
    expect(there.get('Dokumente/one.bin')).toMatchObject(times)
    expect(there.get('top.txt')).toMatchObject(times)
    expect(there.has('Documents')).toBe(false)
    // It was there before, so its dates are its own.
    expect(there.get('Dokumente')?.createdDateTime).toBe('2020-01-01T00:00:00.000Z')
    expect(kinds(await restore(world, { ...scene, folders: [special] }, { targetFolder: '/' }))).toEqual({
      duplicate: 8,
    })
  })

  it('goes below the folder that was named, however deep', async () => {
    const world = await driveWorld()
    const done = await restore(world, scene, { targetFolder: 'Old/From Ada' })
    expect(done.place).toBe('Old/From Ada')
    expect(dumped(world).has('Old/From Ada/Documents/Deep/a.txt')).toBe(true)
  })

  it('leaves out what has no content, and says why', async () => {
    const world = await driveWorld()
    const done = await restore(world, {
      name: 'files',
      files: [
        storedFile('Notes', undefined, { package: { type: 'oneNote' }, size: 12 }),
        storedFile('Shared with me', undefined, { remoteItem: { id: 'x' } }),
        storedFile('malware.exe', undefined, { size: 12, malware: { description: 'x' } }),
      ],
    })
    expect([...done.outcomes.values()]).toEqual([
      { kind: 'skipped', code: 'notebook-not-restored' },
      { kind: 'skipped', code: 'shortcut-not-restored' },
      { kind: 'skipped', code: 'content-not-stored' },
    ])
  })

  it('gives personal drives their descriptions, and says of others that they have none', async () => {
    const described: StoredFolder = {
      name: 'files',
      folders: [
        {
          name: 'Folder',
          metadata: { description: 'of a folder' },
          files: [
            storedFile('full.txt', 'x', { description: 'of a file' }),
            storedFile('empty.txt', '', { description: 'of nothing' }),
          ],
        },
      ],
    }
    const world = await driveWorld({ type: 'personal' })
    expect(remarks(await restore(world, described))).toEqual([])
    const there = dumped(world)
    expect(there.get('Restored/Folder')?.description).toBe('of a folder')
    expect(there.get('Restored/Folder/full.txt')).toMatchObject({ description: 'of a file', versions: [] })
    expect(there.get('Restored/Folder/empty.txt')).toMatchObject({ description: 'of nothing', ...times })
    const business = await driveWorld()
    expect(remarks(await restore(business, described))).toEqual(['description-lost', 'description-lost'])
  })

  it('puts a folder right whose dates a killed restore left behind', async () => {
    const world = await driveWorld()
    await restore(world, scene)
    const folder = world.drives.item(world.drive, 'Restored/Documents')
    folder.times = { ...folder.times, modifiedAt: Date.parse('2026-11-21T00:00:00Z') }
    expect(kinds(await restore(world, scene))).toEqual({ duplicate: 8 })
    expect(dumped(world).get('Restored/Documents')?.lastModifiedDateTime).toBe(modified)
  })

  it('puts the files of a further drive into a folder of its name', async () => {
    const world = await driveWorld()
    await restore(world, scene)
    await restore(world, scene, { library: 'Archive' })
    expect(dumped(world).get('Restored/Archive/Documents/one.bin')).toMatchObject(times)
    expect(kinds(await restore(world, scene, { library: 'Archive' }))).toEqual({ duplicate: 8 })
  })
})
