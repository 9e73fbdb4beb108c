import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore, failWhere } from '../../../support/faulty-store.ts'
import { noise, sha256 } from '../repository/writer-scene.ts'
import { COUNT, expectAllBut, expectOnlyWhole, opened, restore } from './restore-scene.ts'
import { CONTENT, makeSnapshot, placeOf, type SnapshotScene, type Spec } from './snapshot-scene.ts'

const LEAF = 'folder/deeper/leaf'
const leafBlob = sha256(CONTENT.folder.deeper.leaf)

let made: SnapshotScene
let folder: string
let target: string

beforeAll(async () => {
  made = await makeSnapshot()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-restore-'))
  target = join(folder, 'target')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('a restore that is broken off', () => {
  it('by the store rejects, leaves nothing half done, and the next one completes it', async () => {
    let data = 0
    const store = createFaultyStore(
      made.memory,
      failWhere(({ method, name }) => method === 'get' && name.startsWith('data/') && ++data > 3),
    )
    await expectCode(restore(made, target, { repository: opened(made, store) }), 'store.unreachable')
    const there = expectOnlyWhole(CONTENT, target)
    expect(await restore(made, target)).toMatchObject({ findings: [], present: there, files: COUNT - there })
    expectAllBut(target, [])
  })

  it('by the user rejects and leaves nothing half done', async () => {
    const stop = new AbortController()
    let data = 0
    const store = createFaultyStore(made.memory, ({ method, name }) => {
      if (method === 'get' && name.startsWith('data/') && ++data > 3) stop.abort(new EngineError('cancelled'))
      return undefined
    })
    await expectCode(restore(made, target, { repository: opened(made, store), signal: stop.signal }), 'cancelled')
    expectOnlyWhole(CONTENT, target)
  })

  it('reports a pack that the disk cannot read, and restores the others', async () => {
    const { pack } = placeOf(made.repository, leafBlob)
    const store = createFaultyStore(
      made.memory,
      failWhere(({ name }) => name === pack, new EngineError('store.failed')),
    )
    const { findings } = await restore(made, target, { repository: opened(made, store) })
    expect(findings).toContainEqual({ path: LEAF, code: 'store.failed' })
    expectAllBut(
      target,
      findings.map(({ path }) => path),
    )
  })

  it('by a full disk rejects with store.full and leaves no file that is not whole', async () => {
    mkdirSync(target)
    // In a mount namespace of its own the test would not see the files: it needs the right to mount.
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', target])
    if (mounted.status !== 0) {
      process.stderr.write('skipped: a full disk needs the right to mount one\n')
      return
    }
    try {
      for (const spec of [{ parts: CONTENT.parts }, manyFiles()]) {
        const scene = await makeSnapshot(spec)
        const error = await expectCode(restore(scene, join(target, 'in')), 'store.full')
        expect(error.context).toEqual({ place: join(target, 'in') })
        expectOnlyWhole(spec, join(target, 'in'))
        rmSync(join(target, 'in'), { recursive: true })
      }
    } finally {
      spawnSync('umount', [target])
    }
  })
})

function manyFiles(): Spec {
  return Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`file ${i}`, noise(50_000, `many ${i}`)]))
}
