import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { previewToFolder } from '../../../../src-main/engine/operations/restore/preview-folder.ts'
import type {
  FolderRestoreOptions,
  FolderRestoreReport,
} from '../../../../src-main/engine/operations/restore/to-folder.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { noise } from '../repository/writer-scene.ts'
import { COUNT, describePlace, onDisk, opened, restore } from './restore-scene.ts'
import { CONTENT, makeSnapshot, type SnapshotScene } from './snapshot-scene.ts'

let made: SnapshotScene

beforeAll(async () => {
  made = await makeSnapshot()
})

function preview(target: string, options: Partial<FolderRestoreOptions> = {}): Promise<FolderRestoreReport> {
  return previewToFolder({ repository: opened(made), tree: made.tree, paths: [], target, ...options })
}

const sorted = ({ findings, ...counts }: FolderRestoreReport): object => ({
  ...counts,
  findings: findings.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
})

describe('a preview of a restore', () => {
  it('tells everything for an empty place, and makes nothing', async () => {
    const target = join(temporaryFolder('preview'), 'target')
    const told = await preview(target)
    expect(told).toMatchObject({ files: COUNT, present: 0, findings: [], directories: 3 })
    expect(() => readdirSync(target)).toThrow()
    const { bytes: _written, ...done } = await restore(made, target)
    expect(told).toMatchObject(done)
    expect(told.bytes).toBeGreaterThan(6_000_000)
  })

  it('says what a restore does then, whatever is there', async () => {
    const target = temporaryFolder('preview')
    await restore(made, target)
    expect(await preview(target)).toMatchObject({ files: 0, bytes: 0, present: COUNT, findings: [] })
    rmSync(join(target, 'text'))
    writeFileSync(join(target, 'small'), 'SMALL')
    writeFileSync(join(target, 'parts'), Buffer.concat([noise(1_999_999, 'parts'), Buffer.from('!')]))
    rmSync(join(target, 'link'))
    symlinkSync('elsewhere', join(target, 'link'))
    rmSync(join(target, 'folder/deeper'), { recursive: true })
    symlinkSync('.', join(target, 'folder/deeper'))
    rmSync(join(target, 'with parts/same parts'))
    mkdirSync(join(target, 'with parts/same parts'))
    const before = [onDisk(join(target, 'with parts')), describePlace(join(target, 'small'))]
    const told = await preview(target)
    expect([onDisk(join(target, 'with parts')), describePlace(join(target, 'small'))]).toEqual(before)
    expect(told).toMatchObject({ files: 1, bytes: CONTENT.text.length })
    expect(told.findings.map(({ path }) => path).sort()).toEqual(
      ['folder/deeper', 'link', 'parts', 'small', 'with parts/same parts'].sort(),
    )
    expect(sorted(await restore(made, target))).toEqual(sorted(told))
  })

  it('reads no content from the repository', async () => {
    const target = temporaryFolder('preview')
    await restore(made, target)
    const repository = opened(made)
    const whole = opened(made)
    await whole.loadIndex()
    repository.blob = (id, type, signal) =>
      type === 'data' ? Promise.reject(new Error('read')) : whole.blob(id, type, signal)
    expect(await preview(target, { repository })).toMatchObject({ present: COUNT, findings: [] })
  })

  it('is refused where the restore is', async () => {
    const target = join(temporaryFolder('preview'), 'target')
    writeFileSync(target, 'a file')
    await expectCode(preview(target), 'restore.target-exists')
    await expectCode(preview(`${target} 2`, { paths: ['nobody'] }), 'repository.path-not-found')
  })
})
