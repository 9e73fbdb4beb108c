import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isLocked, takeProfileLock, type LockPlace } from '../../../src-main/settings/profile-lock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const HOUR = 3_600_000

function place(change: Partial<LockPlace> = {}): LockPlace {
  return { now: () => Date.now(), host: 'here', pid: 1, isAlive: () => true, ...change }
}

describe('the lock of a profile', () => {
  it('is for one at a time, and free again afterwards', async () => {
    const folder = temporaryFolder('profile')
    const path = join(folder, 'profile.lock')
    const lock = await takeProfileLock(path, place())
    await expect(takeProfileLock(path, place({ pid: 2 }))).rejects.toMatchObject({
      code: 'settings.busy',
      context: { pid: 1, hostname: 'here' },
    })
    expect(await isLocked(path, place())).toBe(true)
    await lock.release()
    await lock.release()
    expect(await isLocked(path, place())).toBe(false)
    await (await takeProfileLock(path, place({ pid: 2 }))).release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('of a process of this machine that is gone is taken over', async () => {
    const path = join(temporaryFolder('profile'), 'profile.lock')
    const dead = await takeProfileLock(path, place())
    const lock = await takeProfileLock(path, place({ pid: 2, isAlive: (pid) => pid !== 1 }))
    await dead.release()
    expect(existsSync(path)).toBe(true)
    await lock.release()
    expect(existsSync(path)).toBe(false)
  })

  it('of another machine is taken over when nobody has refreshed it for half an hour', async () => {
    const path = join(temporaryFolder('profile'), 'profile.lock')
    const other = await takeProfileLock(path, place({ host: 'there' }))
    const gone = { isAlive: (): boolean => false }
    await expect(takeProfileLock(path, place(gone))).rejects.toMatchObject({ code: 'settings.busy' })
    const later = Date.now() + HOUR
    const refreshed = { ...gone, now: (): number => later }
    utimesSync(path, later / 1000, later / 1000)
    await other.refresh()
    await expect(takeProfileLock(path, place({ ...refreshed, now: () => Date.now() }))).rejects.toMatchObject({
      code: 'settings.busy',
    })
    await (await takeProfileLock(path, place(refreshed))).release()
  })

  it('whose content was lost is taken over after half an hour', async () => {
    const path = join(temporaryFolder('profile'), 'profile.lock')
    writeFileSync(path, '')
    await expect(takeProfileLock(path, place())).rejects.toMatchObject({ code: 'settings.busy', context: {} })
    await (await takeProfileLock(path, place({ now: () => Date.now() + HOUR }))).release()
  })

  it('goes to one of many that find it stale at once', async () => {
    const path = join(temporaryFolder('profile'), 'profile.lock')
    await takeProfileLock(path, place({ pid: 99 }))
    const isAlive = (pid: number): boolean => pid !== 99
    const takers = Array.from({ length: 20 }, (_, pid) => takeProfileLock(path, place({ pid, isAlive })))
    const taken = (await Promise.allSettled(takers)).filter(({ status }) => status === 'fulfilled')
    expect(taken).toHaveLength(1)
  })
})
