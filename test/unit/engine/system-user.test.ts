import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { backUp } from '../../../src-main/engine/operations/backup/back-up.ts'
import { listKeys } from '../../../src-main/engine/repository/keys.ts'
import { thisProcess } from '../../../src-main/engine/repository/lock-files.ts'
import { loadSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { systemUser } from '../../../src-main/engine/system-user.ts'
import { BackupScene } from '../../support/backup-scene.ts'
import { ofEveryKind } from '../../support/of-every-kind.ts'
import { systemClock } from '../../support/system-clock.ts'

const { userInfo } = vi.hoisted(() => ({ userInfo: vi.fn<() => object>() }))
vi.mock('node:os', async (original) => ({ ...(await original<object>()), userInfo }))

describe('the user of the process', () => {
  it('is who the system says', () => {
    userInfo.mockReturnValue({ username: 'ada', uid: 1000, gid: 100 })
    expect(systemUser()).toEqual({ username: 'ada', uid: 1000, gid: 100 })
    userInfo.mockReturnValue({ username: 'ada', uid: -1, gid: -1 })
    expect(systemUser()).toEqual({ username: 'ada', uid: 0, gid: 0 })
  })
})

describe('a user id that the system has no name for', () => {
  let scene: BackupScene

  beforeEach(() => {
    scene = new BackupScene()
    userInfo.mockImplementation(() => {
      throw Object.assign(new Error('A system error occurred: uv_os_get_passwd returned ENOENT'), { code: 'ENOENT' })
    })
  })
  afterEach(() => {
    scene.remove()
  })

  it('locks under its number', () => {
    const { uid, gid } = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    expect(thisProcess()).toMatchObject({ username: '', uid, gid })
  })

  it('makes keys and snapshots without a name', async () => {
    await scene.init()
    const repository = await scene.open()
    const catalog = await scene.catalog(repository)
    try {
      const { snapshot } = await backUp({
        repository,
        catalog,
        series: { host: 'contoso', paths: ['/users'] },
        roots: [],
        readers: ofEveryKind([]),
        clock: systemClock,
        program: 'test',
        signal: new AbortController().signal,
      })
      expect(await loadSnapshot(scene.store, repository.sealer, snapshot)).toMatchObject({ username: '' })
      expect((await listKeys(scene.store)).keys).toMatchObject([{ username: '' }])
    } finally {
      catalog.close()
    }
  })
})
