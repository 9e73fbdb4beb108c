import { describe, expect, it } from 'vitest'
import { driveWorld, dumped, hashOf, kinds, remarks, restore, storedFile, withMethods } from './restoring-fixture.ts'
import type { GraphRequest } from '../../../src-main/graph/client/types.ts'
import type { StoredFolder } from './restoring-fixture.ts'

function files(...items: NonNullable<StoredFolder['files']>): StoredFolder {
  return { name: 'files', files: items }
}

describe('a name that is taken', () => {
  it('is left to what has it: the restored file goes beside it, and is known again', async () => {
    const world = await driveWorld()
    world.drives.addFile(world.drive, 'Restored/Report.txt', 'somebody else wrote this')
    const mine = files(storedFile('report.txt', 'mine'))
    const done = await restore(world, mine)
    expect(kinds(done)).toEqual({ created: 1 })
    expect(remarks(done)).toEqual(['name-taken'])
    const there = dumped(world)
    expect(there.get('Restored/Report.txt')).toMatchObject({
      quickXorHash: hashOf('somebody else wrote this'),
      versions: [],
    })
    expect(there.get('Restored/report (restored 2026-11-21).txt')?.quickXorHash).toBe(hashOf('mine'))
    expect(kinds(await restore(world, mine, { date: '2027-05-05' }))).toEqual({ duplicate: 1 })
    expect(dumped(world)).toEqual(there)
    const changed = files(storedFile('report.txt', 'mine, later'))
    await restore(world, changed)
    await restore(world, changed)
    expect([...dumped(world).keys()]).toEqual([
      'Restored',
      'Restored/report (restored 2026-11-21 2).txt',
      'Restored/report (restored 2026-11-21).txt',
      'Restored/Report.txt',
    ])
  })

  it('is noticed although no listing showed it, without ever overwriting', async () => {
    const world = await driveWorld()
    world.drives.addFolder(world.drive, 'Restored')
    const { client } = world
    let isLate = false
    const sly = withMethods(client, {
      json: async <T>(request: GraphRequest) => {
        // Somebody saves the file between the listing and the upload.
        if (request.path.includes('createUploadSession') && !isLate) {
          isLate = true
          world.drives.addFile(world.drive, 'Restored/report.txt', 'just now')
        }
        return await client.json<T>(request)
      },
    })
    const done = await restore(world, files(storedFile('report.txt', 'mine')), { client: sly })
    expect(remarks(done)).toEqual(['name-taken'])
    expect(dumped(world).get('Restored/report.txt')?.quickXorHash).toBe(hashOf('just now'))
    expect(dumped(world).get('Restored/report (restored 2026-11-21).txt')?.quickXorHash).toBe(hashOf('mine'))
  })

  it('may be that of a folder, or of a file where a folder goes', async () => {
    const world = await driveWorld()
    world.drives.addFolder(world.drive, 'Restored/thing')
    world.drives.addFile(world.drive, 'Restored/Folder', 'a file')
    const scene: StoredFolder = {
      name: 'files',
      files: [storedFile('thing', 'a file without extension')],
      folders: [{ name: 'Folder', files: [storedFile('inside.txt', 'x')] }],
    }
    expect(remarks(await restore(world, scene))).toEqual(['folder-renamed', 'name-taken'])
    expect([...dumped(world).keys()]).toEqual([
      'Restored',
      'Restored/Folder',
      'Restored/Folder (restored 2026-11-21)',
      'Restored/Folder (restored 2026-11-21)/inside.txt',
      'Restored/thing',
      'Restored/thing (restored 2026-11-21)',
    ])
    expect(kinds(await restore(world, scene, { date: '2027-01-01' }))).toEqual({ duplicate: 2 })
    expect(dumped(world).size).toBe(6)
  })

  it('is no reason to make a second one of a file that is larger but the same to Graph', async () => {
    const world = await driveWorld()
    world.drives.addFile(world.drive, 'Restored/same.bin', { size: 3_000_000, seed: 3 })
    expect(kinds(await restore(world, files(storedFile('same.bin', { size: 3_000_000, seed: 3 }))))).toEqual({
      duplicate: 1,
    })
    const unhashed = storedFile('same.bin', { size: 3_000_000, seed: 3 }, { file: {} })
    expect(kinds(await restore(world, files(unhashed)))).toEqual({ duplicate: 1 })
    const other = storedFile('same.bin', { size: 3_000_000, seed: 4 }, { file: {} })
    expect(remarks(await restore(world, files(other)))).toEqual(['name-taken'])
  })
})

describe('names that only look alike', () => {
  it('use a folder that differs in case, and keep both forms of composition', async () => {
    const world = await driveWorld()
    world.drives.addFolder(world.drive, 'restored/DOCUMENTS')
    const composed = 'Caf\u00e9'
    const decomposed = 'Cafe\u0301'
    const scene: StoredFolder = {
      name: 'files',
      folders: [
        { name: 'Documents', files: [storedFile(`${composed}.txt`, 'one'), storedFile(`${decomposed}.txt`, 'one')] },
        { name: composed, files: [storedFile('a.txt', 'in the first')] },
        { name: decomposed, files: [storedFile('a.txt', 'in the second')] },
      ],
    }
    expect(kinds(await restore(world, scene))).toEqual({ created: 4 })
    const paths = [...dumped(world).keys()].sort()
    expect(paths).toEqual(
      [
        'restored',
        'restored/DOCUMENTS',
        `restored/DOCUMENTS/${composed}.txt`,
        `restored/DOCUMENTS/${decomposed}.txt`,
        `restored/${composed}`,
        `restored/${composed}/a.txt`,
        `restored/${decomposed}`,
        `restored/${decomposed}/a.txt`,
      ].sort(),
    )
    expect(kinds(await restore(world, scene))).toEqual({ duplicate: 4 })
    expect([...dumped(world).keys()].sort()).toEqual(paths)
  })
})

describe('strange names', () => {
  const strange = [
    '100% #1 + more.txt',
    "O'Brien & Söhne; a=b,c.txt",
    'party 🎉👨‍👩‍👧.txt',
    '%41%2e%2e.txt',
    '.hidden',
    '~notes.txt',
    'a (1).tar.gz',
    '{curly} [square].txt',
    `${'x'.repeat(200)}.txt`,
  ]

  it('come back as they are', async () => {
    const world = await driveWorld()
    const scene: StoredFolder = {
      name: 'files',
      files: strange.map((name) => storedFile(name, name)),
      folders: [{ name: '50% #2 + it\u2019s 🎉', files: [storedFile('a.txt', 'x')] }],
    }
    const done = await restore(world, scene)
    expect(kinds(done)).toEqual({ created: strange.length + 1 })
    expect(remarks(done)).toEqual([])
    const there = dumped(world)
    for (const name of strange) expect(there.get(`Restored/${name}`)?.quickXorHash, name).toBe(hashOf(name))
    expect(there.has('Restored/50% #2 + it\u2019s 🎉/a.txt')).toBe(true)
    expect(kinds(await restore(world, scene))).toEqual({ duplicate: strange.length + 1 })
    expect(dumped(world)).toEqual(there)
  })

  it('are mapped where Graph refuses them, never two onto one', async () => {
    const world = await driveWorld()
    const names = [
      'a:b?.txt',
      'a*b|.txt',
      'con',
      ' spaced .txt ',
      'dots...',
      '~$lock.docx',
      '_vti_x.txt',
      '..',
      'lone\ud800.txt',
    ]
    const scene = files(...names.map((name) => storedFile(name, 'the same content')))
    const done = await restore(world, scene)
    expect(kinds(done)).toEqual({ created: names.length })
    expect(new Set(remarks(done))).toEqual(new Set(['name-changed', 'name-taken']))
    expect(dumped(world).size).toBe(1 + names.length)
    expect(kinds(await restore(world, scene, { date: '2030-01-01' }))).toEqual({ duplicate: names.length })
  })

  it('are shortened where their path gets too long', async () => {
    const world = await driveWorld()
    const scene: StoredFolder = {
      name: 'files',
      folders: [
        { name: 'y'.repeat(150), files: [storedFile(`${'z'.repeat(220)}.txt`, 'long')] },
        { name: 'v'.repeat(254), folders: [{ name: 'w'.repeat(200), files: [storedFile('a.txt', 'short')] }] },
      ],
    }
    const done = await restore(world, scene)
    expect(kinds(done)).toEqual({ created: 2 })
    expect(remarks(done)).toEqual(['folder-renamed', 'name-changed'])
    const again = await restore(world, scene, { date: '2030-01-01' })
    expect(kinds(again)).toEqual({ duplicate: 2 })
  })

  it('lie sixty levels deep', async () => {
    const world = await driveWorld()
    let folder: StoredFolder = { name: '60', files: [storedFile('bottom.txt', 'deep')] }
    for (let level = 59; level > 0; level -= 1) folder = { name: String(level), folders: [folder] }
    const scene: StoredFolder = { name: 'files', folders: [folder] }
    expect(kinds(await restore(world, scene))).toEqual({ created: 1 })
    expect([...dumped(world).keys()].at(-1)).toMatch(/^Restored\/1\/2\/.*\/60\/bottom\.txt$/)
    expect(kinds(await restore(world, scene))).toEqual({ duplicate: 1 })
  })
})
