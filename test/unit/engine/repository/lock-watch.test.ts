import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineError } from '../../../../src-main/engine/model/errors.ts'
import { listLocks } from '../../../../src-main/engine/repository/lock-files.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { failWhere, unreachable } from '../../../support/faulty-store.ts'
import { MINUTE, createLockScene, sealer, type LockScene } from '../../../support/lock-scene.ts'

describe('a lock', () => {
  let scene: LockScene

  beforeEach(() => {
    scene = createLockScene()
  })
  afterEach(() => scene.end())

  describe('while it is held', () => {
    /** The first lock file's time, in minutes since the clock's start. */
    const minutes = async (): Promise<number[]> => {
      const { locks } = await listLocks(scene.memory, sealer)
      return locks.map(({ time }) => Math.round((time - Date.parse('2026-01-01T00:00:00Z')) / MINUTE))
    }

    it('is written again every five minutes, the new one before the old one goes', async () => {
      await scene.acquire({ exclusive: true })
      const [before] = scene.files()
      let least = Infinity
      scene.store.follow(({ method }) => {
        if (method === 'remove') least = Math.min(least, scene.files().length)
        return undefined
      })
      await scene.clock.advance(4 * MINUTE)
      expect(scene.files()).toEqual([before])
      await scene.clock.advance(1.2 * MINUTE)
      expect(await minutes()).toEqual([5])
      await scene.clock.advance(60 * MINUTE)
      expect(await minutes()).toEqual([65])
      expect(least).toBe(2)
      expect((await listLocks(scene.store, sealer)).locks).toMatchObject([{ exclusive: true, pid: 100 }])
    })

    it('survives a store that cannot be reached for a while', async () => {
      const lock = await scene.acquire()
      scene.store.follow(failWhere(() => true))
      await scene.clock.advance(20 * MINUTE)
      expect(lock.lost.aborted).toBe(false)
      await lock.confirm()
      scene.store.follow(() => undefined)
      await scene.clock.advance(MINUTE)
      expect(await minutes()).toEqual([20])
      await scene.clock.advance(60 * MINUTE)
      expect(lock.lost.aborted).toBe(false)
    })

    it('is lost before others take it for stale, if it cannot be written again', async () => {
      const lock = await scene.acquire()
      const started = scene.clock.now()
      let lostAfter = 0
      lock.lost.addEventListener('abort', () => (lostAfter = (scene.clock.now() - started) / MINUTE))
      scene.store.follow(failWhere(({ method }) => method === 'put'))
      await scene.clock.advance(40 * MINUTE)
      expect(lostAfter).toBeGreaterThan(22)
      expect(lostAfter).toBeLessThan(25)
      expect(lock.lost.reason).toMatchObject({ code: 'repository.lock-lost' })
      await expectCode(lock.confirm(), 'repository.lock-lost')
      expect(scene.clock.waiting).toBe(0)
    })

    it('is lost even if the store never answers', async () => {
      const lock = await scene.acquire()
      scene.store.follow(() => ({ kind: 'hold', until: new Promise(() => undefined) }))
      await scene.clock.advance(40 * MINUTE)
      expect(lock.lost.aborted).toBe(true)
    })

    it('is lost when somebody removed it', async () => {
      const lock = await scene.acquire()
      scene.memory.files.clear()
      await scene.clock.advance(6 * MINUTE)
      expect((lock.lost.reason as EngineError).context).toEqual({ reason: 'removed' })
      expect(scene.files()).toEqual([])
    })

    it('is confirmed at once while it is fresh', async () => {
      const lock = await scene.acquire()
      const before = scene.store.calls.length
      await lock.confirm()
      expect(scene.store.calls.length).toBe(before)
    })

    it('is confirmed after the machine was suspended, if nobody took it meanwhile', async () => {
      const lock = await scene.acquire()
      scene.clock.jump(90 * MINUTE)
      const confirmed = lock.confirm()
      await scene.clock.advance(1_000)
      await confirmed
      expect(await minutes()).toEqual([90])
      await scene.clock.advance(30 * MINUTE)
      expect(lock.lost.aborted).toBe(false)
    })

    it('is lost after the machine was suspended, if somebody took it meanwhile', async () => {
      const lock = await scene.acquire()
      scene.clock.jump(90 * MINUTE)
      await scene.acquire({ exclusive: true, owner: { ...scene.owner, hostname: 'other' } })
      await expectCode(lock.confirm(), 'repository.lock-lost')
      expect(lock.lost.aborted).toBe(true)
      expect((await listLocks(scene.store, sealer)).locks).toMatchObject([{ hostname: 'other' }])
    })

    it('is lost after the machine was suspended, if somebody takes it at that moment', async () => {
      const lock = await scene.acquire()
      const [own = ''] = scene.files()
      scene.clock.jump(90 * MINUTE)
      const refused = expectCode(lock.confirm(), 'repository.lock-lost')
      await scene.clock.advance(100)
      await scene.memory.remove(own)
      await scene.clock.advance(1_000)
      await refused
      await lock.release()
      expect(scene.files()).toEqual([])
    })

    it('is kept each time the machine was suspended, though the network comes back later', async () => {
      const lock = await scene.acquire()
      for (const expected of [91, 212]) {
        scene.clock.jump(90 * MINUTE)
        scene.store.follow(failWhere(() => true))
        await scene.clock.advance(MINUTE)
        await expectCode(lock.confirm(), 'store.unreachable')
        scene.store.follow(() => undefined)
        await scene.clock.advance(MINUTE)
        expect(lock.lost.aborted).toBe(false)
        expect(await minutes()).toEqual([expected])
        await scene.clock.advance(29 * MINUTE)
      }
    })
  })

  describe('when it is released', () => {
    it('leaves no file and no timer, also of refreshes that half failed', async () => {
      const lock = await scene.acquire()
      scene.store.follow(({ method }) => (method === 'put' ? { kind: 'fail-after', error: unreachable() } : undefined))
      await scene.clock.advance(7 * MINUTE)
      expect(scene.files().length).toBeGreaterThan(2)
      scene.store.follow(failWhere(({ method }) => method === 'remove'))
      await expectCode(lock.release(), 'store.unreachable')
      scene.store.follow(() => undefined)
      await lock.release()
      expect(scene.files()).toEqual([])
      await scene.clock.advance(60 * MINUTE)
      expect(scene.files()).toEqual([])
      expect(scene.clock.waiting).toBe(0)
    })

    it('leaves no file of a refresh that is under way', async () => {
      const lock = await scene.acquire()
      scene.store.follow(({ method }) =>
        method === 'put' ? { kind: 'hold', until: new Promise(() => undefined) } : undefined,
      )
      await scene.clock.advance(6 * MINUTE)
      await lock.release()
      expect(scene.files()).toEqual([])
    })

    it('can no longer be confirmed', async () => {
      const lock = await scene.acquire()
      await lock.release()
      await expectCode(lock.confirm(), 'internal')
      expect(lock.lost.aborted).toBe(false)
    })
  })
})
