import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listLocks, removeLocks, thisProcess } from '../../../../src-main/engine/repository/lock-files.ts'
import { acquireLock } from '../../../../src-main/engine/repository/locks.ts'
import { saveUnpacked } from '../../../../src-main/engine/repository/unpacked-file.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore, failWhere, unreachable, type FaultPlan } from '../../../support/faulty-store.ts'
import { MINUTE, createLockScene, sealer, type LockScene } from '../../../support/lock-scene.ts'

describe('a lock', () => {
  let scene: LockScene

  beforeEach(() => {
    scene = createLockScene()
  })
  afterEach(() => scene.end())

  describe('when it is acquired', () => {
    it("is a file in restic's form until it is released", async () => {
      const lock = await scene.acquire({ exclusive: true })
      const { locks } = await listLocks(scene.store, sealer)
      expect(locks).toMatchObject([{ exclusive: true, hostname: 'desk', username: 'anna', pid: 100 }])
      expect(locks[0]?.time).toBe(scene.clock.now() - 1_000)
      await lock.release()
      await lock.release()
      expect(scene.files()).toEqual([])
    })

    it('is shared with other shared ones', async () => {
      await scene.plant()
      await scene.acquire()
      await scene.acquire()
      expect(scene.files().length).toBe(3)
    })

    it('is refused, saying by whom, if an exclusive one is held', async () => {
      await scene.plant({ exclusive: true, age: 7.9 * MINUTE })
      const error = await expectCode(scene.acquire(), 'repository.locked')
      expect(error.context).toEqual({ hostname: 'elsewhere', pid: 200, exclusive: true, ageMinutes: 7 })
      expect(error.retry).toBe('later')
      expect(scene.files().length).toBe(1)
    })

    it('is refused, if it is to be exclusive, while any other is held', async () => {
      await scene.plant()
      const error = await expectCode(scene.acquire({ exclusive: true }), 'repository.locked')
      expect(error.context.exclusive).toBe(false)
      expect(scene.files().length).toBe(1)
    })

    it('is given up if another one was written at the same time', async () => {
      const acquiring = acquireLock(scene.options())
      const refused = expectCode(acquiring, 'repository.locked')
      await scene.clock.advance(100)
      expect(scene.files().length).toBe(1)
      const other = await scene.plant({ exclusive: true })
      await scene.clock.advance(1_000)
      await refused
      expect(scene.files()).toEqual([other])
    })

    it('waits 200 ms before it looks again', async () => {
      let isDone = false
      const acquiring = acquireLock(scene.options()).then((lock) => {
        scene.keep(lock)
        isDone = true
      })
      await scene.clock.advance(199)
      expect(isDone).toBe(false)
      await scene.clock.advance(1)
      expect(isDone).toBe(true)
      await acquiring
    })

    it('passes over one that nobody holds any more, and removes it', async () => {
      await scene.plant({ exclusive: true, age: 30 * MINUTE + 1 })
      await scene.plant({ exclusive: true, hostname: 'desk', pid: 2000 })
      await scene.plant({ exclusive: true, hostname: 'desk', pid: 100, age: 2 * MINUTE })
      await scene.acquire({ exclusive: true })
      expect(scene.files().length).toBe(1)
    })

    it('respects one of a process that runs, of this process, and of another host', async () => {
      for (const other of [{ hostname: 'desk', pid: 300 }, { hostname: 'desk', pid: 100 }, { pid: 2000 }]) {
        const name = await scene.plant({ exclusive: true, age: 30_000, ...other })
        await expectCode(scene.acquire(), 'repository.locked')
        expect(scene.files()).toEqual([name])
        await scene.memory.remove(name)
      }
    })

    it('respects one for thirty minutes, and one from the future', async () => {
      const name = await scene.plant({ exclusive: true, age: 30 * MINUTE })
      await expectCode(acquireLock(scene.options()), 'repository.locked')
      await scene.memory.remove(name)
      await scene.plant({ exclusive: true, age: -MINUTE })
      expect((await expectCode(scene.acquire(), 'repository.locked')).context.ageMinutes).toBe(0)
    })

    it('is refused if a lock cannot be read', async () => {
      await scene.plant()
      const [name = ''] = scene.files()
      scene.memory.files.get(name)?.fill(0)
      const error = await expectCode(scene.acquire(), 'repository.lock-damaged')
      expect(error.context.file).toBe(name)
      await scene.memory.remove(name)
      await saveUnpacked(scene.memory, sealer, 'locks', '{"time":"2026-01-01T00:00:00Z"}')
      await expectCode(scene.acquire(), 'repository.lock-damaged')
      expect(scene.files().length).toBe(1)
    })

    it('passes over empty files and files that are no locks', async () => {
      await scene.memory.put(`locks/${'0'.repeat(64)}`, [])
      await scene.memory.put('locks/README', [new Uint8Array(5)])
      await scene.acquire({ exclusive: true })
      expect(scene.files().length).toBe(3)
    })

    it('passes over one that is released while it is read', async () => {
      const name = await scene.plant({ exclusive: true })
      scene.store.follow(({ method, name: called }) => {
        if (method === 'get' && called === name) scene.memory.files.delete(name)
        return undefined
      })
      await scene.acquire()
    })

    it('leaves nothing behind when it is cancelled or the store fails', async () => {
      const controller = new AbortController()
      const acquiring = expectCode(acquireLock(scene.options({ signal: controller.signal })), 'cancelled')
      await scene.clock.advance(100)
      expect(scene.files().length).toBe(1)
      controller.abort()
      await acquiring
      expect(scene.files()).toEqual([])
      const plans: FaultPlan[] = [
        failWhere((call) => call.method === 'list' && call.ofMethod === 1),
        failWhere((call) => call.method === 'list' && call.ofMethod === 2),
        ({ method }) => (method === 'put' ? { kind: 'fail-after', error: unreachable() } : undefined),
      ]
      for (const plan of plans) {
        const store = createFaultyStore(scene.memory, plan)
        await expectCode(scene.acquire({ store }), 'store.unreachable')
        expect(scene.files()).toEqual([])
      }
    })

    it('is not refused at once if there is time to try again', async () => {
      const name = await scene.plant({ exclusive: true })
      const pauses: number[] = []
      const acquiring = acquireLock(
        scene.options({ retryFor: 60_000, onBlocked: () => pauses.push(scene.clock.now()) }),
      )
      await scene.clock.advance(20_000)
      await scene.memory.remove(name)
      await scene.clock.advance(60_000)
      scene.keep(await acquiring)
      expect(pauses.map((time) => time - (pauses[0] ?? 0))).toEqual([0, 5_000, 15_000])
    })

    it('is refused when that time is over', async () => {
      await scene.plant({ exclusive: true })
      const started = scene.clock.now()
      let last = 0
      const refused = expectCode(
        acquireLock(scene.options({ retryFor: 12_000 })).finally(() => (last = scene.clock.now() - started)),
        'repository.locked',
      )
      await scene.clock.advance(60_000)
      await refused
      expect(last).toBe(12_000)
    })

    it('makes the process ignore what restic unlock sends to it', async () => {
      await scene.acquire()
      expect(process.listenerCount('SIGHUP')).toBe(1)
      await scene.acquire()
      expect(process.listenerCount('SIGHUP')).toBe(1)
    })
  })

  describe('unlocking', () => {
    const unlock = (all: boolean): Promise<number> =>
      removeLocks(scene.store, sealer, { all, now: scene.clock.now(), owner: scene.owner })

    it('removes what nobody holds any more and tells how many', async () => {
      const fresh = await scene.plant()
      await scene.plant({ age: 31 * MINUTE })
      await scene.plant({ hostname: 'desk', pid: 2000, exclusive: true })
      await scene.memory.put(`locks/${'0'.repeat(64)}`, [new Uint8Array(5)])
      expect(await unlock(false)).toBe(2)
      expect(scene.files()).toEqual([fresh, `locks/${'0'.repeat(64)}`])
      expect(await unlock(false)).toBe(0)
    })

    it('removes everything if asked to', async () => {
      await scene.plant()
      await scene.plant({ exclusive: true })
      await scene.memory.put(`locks/${'0'.repeat(64)}`, [new Uint8Array(5)])
      await scene.memory.put('config', [])
      expect(await unlock(true)).toBe(3)
      expect(scene.files()).toEqual(['config'])
    })
  })

  it('knows whether a process runs', () => {
    const self = thisProcess()
    expect(self.isRunning(process.pid)).toBe(true)
    expect(self.isRunning(process.ppid)).toBe(true)
    expect(self.isRunning(2 ** 30)).toBe(false)
    expect(self.isRunning(0)).toBe(true)
    expect(self.isRunning(-1)).toBe(true)
    expect(self.startedAt).toBeLessThanOrEqual(Date.now())
    expect(self.pid).toBe(process.pid)
  })
})
