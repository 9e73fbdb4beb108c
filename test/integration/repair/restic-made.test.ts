import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { checkRepository } from '../../../src-main/engine/operations/check/check.ts'
import { repairPacks } from '../../../src-main/engine/operations/repair/repair-packs.ts'
import { repairSnapshots } from '../../../src-main/engine/operations/repair/repair-snapshots.ts'
import { packName } from '../../../src-main/engine/repository/pack-list.ts'
import { openRepository, type OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { noise } from '../../unit/engine/repository/writer-scene.ts'
import { hasRestic, PASSPHRASE, restic } from '../repository/restic.ts'

interface Listed {
  readonly path: string
  readonly type: string
}

describe.runIf(hasRestic)('a damaged repository that restic made', () => {
  let folder: string
  let place: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-repair-'))
    place = join(folder, 'repository')
    const source = join(folder, 'source')
    for (let i = 0; i < 30; i++) {
      mkdirSync(join(source, `folder ${String(i % 3)}`, 'deep "er" & <more>'), { recursive: true })
      writeFileSync(join(source, `folder ${String(i % 3)}`, `file ${String(i)} Grüße`), noise(1_500_000, String(i)))
      writeFileSync(join(source, `folder ${String(i % 3)}`, 'deep "er" & <more>', `${String(i)}\n`), 'small')
    }
    symlinkSync('nowhere', join(source, 'folder 0', 'link'))
    await restic(place, ['init', '--repository-version', '2'])
    await restic(place, ['backup', '.'], { cwd: source })
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  const open = (): Promise<OpenRepository> =>
    openRepository({ store: createLocalFolder(place), passphrase: PASSPHRASE })

  async function listed(snapshot: string): Promise<readonly Listed[]> {
    const lines = (await restic(place, ['ls', '--json', '--long', snapshot])).trim().split('\n')
    return lines.map((line) => JSON.parse(line) as Listed).filter(({ path }) => (path as unknown) !== undefined)
  }

  it('loses what is damaged and nothing else, in the eyes of restic', async () => {
    const repository = await open()
    await repository.loadIndex()
    const slot = [...repository.table.stored()].find((one) => repository.table.location(one).length > 500_000) ?? -1
    const { pack, offset, length } = repository.table.location(slot)
    const id = repository.packs.id(pack)
    const file = join(place, packName(id))
    const bytes = readFileSync(file)
    rmSync(file)
    bytes.fill(0, offset, offset + length)
    writeFileSync(file, bytes)
    const { damagedPacks } = await checkRepository({ repository: await open(), readData: true })
    const lost = damagedPacks
      .flatMap(({ snapshots }) => snapshots.flatMap(({ paths }) => paths))
      .map((path) => `/${path}`)
    expect(damagedPacks).toHaveLength(1)
    expect(lost).toHaveLength(1)
    await repairPacks({ repository: await open(), packs: damagedPacks.map((one) => one.id) })
    const { repaired } = await repairSnapshots({ repository: await open() })
    const [{ source, target, items } = { source: '', target: '', items: 0 }] = repaired
    expect(items).toBe(1)
    const before = (await listed(source)).filter(({ path }) => !lost.includes(path))
    expect(await listed(target ?? '')).toEqual(before)
    expect(before.length).toBeGreaterThan(60)
    await restic(place, ['forget', source])
    await restic(place, ['check', '--read-data'])
    await restic(place, ['restore', target ?? '', '--target', join(folder, 'restored')])
    await restic(place, ['prune'])
  })
})
