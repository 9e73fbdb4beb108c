import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  isLocked,
  refuseIfHeldElsewhere,
  takeProfileLock,
  type LockPlace,
} from '../../../src-main/settings/profile-lock.ts'
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

  it('keeps off others but not who holds it', async () => {
    const path = join(temporaryFolder('profile'), 'profile.lock')
    await refuseIfHeldElsewhere(path, place())
    const lock = await takeProfileLock(path, place())
    await refuseIfHeldElsewhere(path, place())
    for (const other of [place({ pid: 2 }), place({ host: 'there' })])
      await expect(refuseIfHeldElsewhere(path, other)).rejects.toMatchObject({
        ...{ code: 'settings.busy', retry: 'later', context: { pid: 1, hostname: 'here' } },
      })
    await refuseIfHeldElsewhere(path, place({ pid: 2, isAlive: () => false }))
    await lock.release()
    await refuseIfHeldElsewhere(path, place({ pid: 2 }))
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

  it('goes to one of many of this process at once, and to the next when that one is done', async () => {
    const path = join(temporaryFolder('profile'), 'profile.lock')
    const own = { now: (): number => Date.now() }
    for (let turn = 0; turn < 5; turn++) {
      const takers = Array.from({ length: 10 }, () => takeProfileLock(path, own))
      const taken = (await Promise.allSettled(takers)).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(taken).toHaveLength(1)
      await taken[0]?.release()
    }
  })

  describe('after the machine slept for hours', () => {
    const later = (): number => Date.now() + 9 * HOUR
    const since = Date.now()

    it.each<[string, Partial<LockPlace>]>([
      ['by its mark', { markOf: () => 'boot 7' }],
      ['by when it started', { markOf: () => undefined, startOf: () => Promise.resolve(since - HOUR) }],
    ])('stays with its process, known %s', async (_, known) => {
      const path = join(temporaryFolder('profile'), 'profile.lock')
      const lock = await takeProfileLock(path, place(known))
      const other = place({ ...known, pid: 2, now: later })
      expect(await isLocked(path, other)).toBe(true)
      await expect(takeProfileLock(path, other)).rejects.toMatchObject({ code: 'settings.busy', context: { pid: 1 } })
      await lock.release()
      expect(existsSync(path)).toBe(false)
    })

    it('is taken over where nothing tells whether its process is the same', async () => {
      const path = join(temporaryFolder('profile'), 'profile.lock')
      const unknown = { markOf: () => undefined, startOf: () => Promise.resolve(undefined) }
      await takeProfileLock(path, place(unknown))
      await (await takeProfileLock(path, place({ ...unknown, pid: 2, now: later }))).release()
    })
  })

  describe('whose number another process got', () => {
    it('is taken over at once where processes have marks', async () => {
      const path = join(temporaryFolder('profile'), 'profile.lock')
      await takeProfileLock(path, place({ markOf: () => 'boot 7' }))
      const other = place({ pid: 2, markOf: () => 'boot 8' })
      expect(await isLocked(path, other)).toBe(false)
      await (await takeProfileLock(path, other)).release()
    })

    it('is taken over after half an hour where only their start is known', async () => {
      const path = join(temporaryFolder('profile'), 'profile.lock')
      const known = { markOf: () => undefined, startOf: () => Promise.resolve(Date.now() + 10_000) }
      await takeProfileLock(path, place(known))
      await expect(takeProfileLock(path, place({ ...known, pid: 2 }))).rejects.toMatchObject({ code: 'settings.busy' })
      await (await takeProfileLock(path, place({ ...known, pid: 2, now: () => Date.now() + HOUR }))).release()
    })

    it('is taken over at once where that is this process', async () => {
      const path = join(temporaryFolder('profile'), 'profile.lock')
      const since = new Date().toISOString()
      writeFileSync(path, JSON.stringify({ host: hostname(), pid: process.pid, id: 'left', since }))
      const own = { now: (): number => Date.now() }
      const lock = await takeProfileLock(path, own)
      await expect(takeProfileLock(path, own)).rejects.toMatchObject({ code: 'settings.busy' })
      await lock.release()
    })
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
