import { describe, expect, it } from 'vitest'
import { listDrive, type LastDrive, type ListedDrive } from '../../../../src-main/graph/drive/drive-listing.ts'
import { folderContainer } from '../../../../src-main/graph/drive/drive-containers.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { text } from '../../../../src-main/graph/item/fields.ts'
import { deleted, file, folder, root, scriptedDrive, type ScriptedDrive } from './scripted-drive.ts'

interface Outcome {
  /** Folder paths with their files below them. */
  readonly tree: readonly string[]
  readonly gone: readonly string[]
  readonly isWhole: boolean
  readonly delta: string
}

async function outcome({ access }: ScriptedDrive, last?: LastDrive): Promise<Outcome> {
  const listed = await listDrive(access, last)
  try {
    return { tree: await treeOf(listed), gone: listed.spool.removed(), isWhole: listed.isWhole, delta: listed.delta }
  } finally {
    await listed.spool.close()
  }
}

async function treeOf({ folders, spool }: ListedDrive): Promise<string[]> {
  const byId = new Map(folders.map((one) => [one.id, one]))
  const path = (id: string): string => {
    const one = byId.get(id)
    return one === undefined ? '' : `${path(one.parentId ?? '')}/${one.name}`
  }
  const lines: string[] = []
  for (const { id } of folders) {
    lines.push(path(id))
    for await (const items of spool.files(id))
      lines.push(...items.map((item) => `${path(id)}/${text(item, 'name') ?? ''}`))
  }
  return lines.sort()
}

function known(...folders: readonly JsonObject[]): LastDrive {
  return { folders: [root, ...folders].map((one) => folderContainer('D', one)), delta: 'L' }
}

describe('listing a drive by its delta', () => {
  it('takes the last entry of an id, across pages and within them', async () => {
    const drive = scriptedDrive({
      deltas: {
        start: [
          [file('X', 'A'), file('Y', 'A'), root],
          [folder('A', 'R'), file('X', 'R'), deleted('Y'), file('Y', 'R')],
          [deleted('X')],
        ],
      },
    })
    expect(await outcome(drive)).toEqual({
      tree: ['/files', '/files/Y.txt', '/files/a'],
      gone: ['D/X'],
      isWhole: true,
      delta: 'start+',
    })
  })

  it('asks for the root folder if nothing tells of it', async () => {
    const drive = scriptedDrive({ deltas: { start: [[]] } })
    expect((await outcome(drive)).tree).toEqual(['/files'])
  })

  it('lists a folder that came back without its children, and what is below', async () => {
    const drive = scriptedDrive({
      deltas: { L: [[folder('A', 'R', 2)]] },
      children: { A: [folder('B', 'A', 1), file('X', 'A')], B: [file('Y', 'B')] },
    })
    expect((await outcome(drive, known())).tree).toEqual([
      '/files',
      '/files/a',
      '/files/a/X.txt',
      '/files/a/b',
      '/files/a/b/Y.txt',
    ])
    expect(drive.asked).toEqual(['delta L', 'items/A/children', 'items/B/children'])
  })

  it('believes a new folder whose children all came with it', async () => {
    const drive = scriptedDrive({
      deltas: { L: [[folder('A', 'R', 2), file('X', 'A'), folder('B', 'A', 0)]] },
    })
    await outcome(drive, known())
    expect(drive.asked).toEqual(['delta L'])
  })

  it('lists a folder that was deleted and restored in one delta, though its children were told to be deleted', async () => {
    const drive = scriptedDrive({
      deltas: { L: [[deleted('A'), deleted('X', 'A'), deleted('B', 'A')], [folder('A', 'R', 2)]] },
      children: { A: [file('X', 'A'), folder('B', 'A', 0)] },
    })
    const { tree, gone } = await outcome(drive, known(folder('A', 'R'), folder('B', 'A')))
    expect(tree).toEqual(['/files', '/files/a', '/files/a/X.txt', '/files/a/b'])
    expect(gone).toEqual([])
  })

  it('looks up a parent that nobody knows, and the one above it', async () => {
    const drive = scriptedDrive({
      deltas: { L: [[file('X', 'A')]] },
      items: { A: folder('A', 'B', 1), B: folder('B', 'R', 1) },
    })
    const { tree } = await outcome(drive, known())
    expect(tree).toEqual(['/files', '/files/b', '/files/b/a', '/files/b/a/X.txt'])
    expect(drive.asked).toEqual(['delta L', 'items/A', 'items/B'])
  })

  it('asks a file itself when its parent is gone without a word, or has no name', async () => {
    const drive = scriptedDrive({
      deltas: { L: [[file('X', 'A'), file('Y', undefined), file('Z', 'A')]] },
      items: { X: file('X', 'R'), Y: file('Y', 'R') },
    })
    const { tree, gone } = await outcome(drive, known())
    expect(tree).toEqual(['/files', '/files/X.txt', '/files/Y.txt'])
    expect(gone).toEqual(['D/Z'])
  })

  it('lets files go with their deleted folder, wherever they were before, and keeps what was moved out', async () => {
    const drive = scriptedDrive({
      deltas: { L: [[file('X', 'B'), file('Y', 'R'), folder('C', 'R'), deleted('A')]] },
    })
    const last = known(folder('A', 'R'), folder('B', 'A'), folder('C', 'A'), folder('E', 'C'))
    const { tree, gone } = await outcome(drive, last)
    expect(tree).toEqual(['/files', '/files/Y.txt', '/files/c', '/files/c/e'])
    expect(gone).toEqual(['D/X'])
  })

  it('makes sure of a deleted folder that something new is said to be in', async () => {
    const drive = scriptedDrive({
      deltas: { L: [[deleted('A'), file('X', 'A')]] },
      items: { A: folder('A', 'R', 2) },
      children: { A: [file('X', 'A'), file('Y', 'A')] },
    })
    expect((await outcome(drive, known(folder('A', 'R')))).tree).toEqual([
      '/files',
      '/files/a',
      '/files/a/X.txt',
      '/files/a/Y.txt',
    ])
  })

  it('keeps what lies in a folder that Graph does not show, below the drive', async () => {
    const items = { X: file('X', 'A'), B: folder('B', 'A') }
    const entries = [root, file('X', 'A'), folder('B', 'A'), file('Y', 'B')]
    const drive = scriptedDrive({ deltas: { L: [[file('X', 'A'), folder('B', 'A')]], start: [entries] }, items })
    const { tree, isWhole } = await outcome(drive, known())
    expect(tree).toEqual(['/files', '/files/X.txt', '/files/b', '/files/b/Y.txt'])
    expect(isWhole).toBe(true)
  })

  it('lists everything when the delta goes in circles, leaves too much open, or is dead', async () => {
    const everything = [[root, folder('A', 'R'), folder('B', 'A')]]
    const circle = [[folder('A', 'B'), folder('B', 'A')]]
    const many = [Array.from({ length: 500 }, (_, index) => file(`X${String(index)}`, `P${String(index)}`))]
    for (const delta of [circle, many, 'graph.cursor-lost'] as const) {
      const drive = scriptedDrive({ deltas: { L: delta, start: everything } })
      const last = known(folder('A', 'R'), folder('B', 'R'))
      expect(await outcome(drive, last)).toEqual({
        tree: ['/files', '/files/a', '/files/a/b'],
        gone: [],
        isWhole: true,
        delta: 'start+',
      })
    }
  })

  it('gives up for now when not even that works', async () => {
    const drive = scriptedDrive({ deltas: { start: 'graph.cursor-lost' } })
    await expect(listDrive(drive.access, undefined)).rejects.toMatchObject({
      code: 'graph.service-failed',
      retry: 'later',
    })
    expect(drive.asked).toHaveLength(3)
  })
})
