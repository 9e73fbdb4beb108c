import { expect, it } from 'vitest'
import type { OperationWish } from '../../../src-main/engine-host/context.ts'
import type { RunningOperation } from '../../../src-main/engine-host/operations/operation.ts'
import { WaitingPlans } from '../../../src-main/engine-host/plans/waiting-plans.ts'
import type { HostServices } from '../../../src-main/engine-host/services.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'
import type { Plan } from '../../../src-main/settings/model.ts'
import { runLock } from '../../../src-main/settings/plan-runs.ts'
import { takeProfileLock } from '../../../src-main/settings/profile-lock.ts'
import { changeSettings } from '../../../src-main/settings/settings-file.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const now = (): number => Date.now()

function plan(id: string, destination: string): Plan {
  return { id, name: id, created: 0, destination, sources: [], schedule: {}, after: { forget: false } }
}

const all = [plan('a', '/one'), plan('b', '/one'), plan('c', '/two'), plan('d', '/one')]

async function scene() {
  const profile = temporaryFolder('waiting')
  await changeSettings(profile, now, (settings) => ({ ...settings, plans: all }))
  const started: string[] = []
  const logged: string[] = []
  let running: RunningOperation[] = []
  const world = { failure: undefined as Error | undefined }
  const isBusy = (place: string): boolean => running.some(({ wish }) => wish.alone === place)
  const begin = (wish: OperationWish): RunningOperation => {
    if (isBusy(wish.alone ?? '')) throw new EngineError('settings.busy', { context: { reason: 'operation' } })
    if (world.failure !== undefined) throw world.failure
    started.push(wish.plan?.id ?? '')
    const operation = { id: 'o', wish, shown: () => ({ stopping: false }) } as unknown as RunningOperation
    running.push(operation)
    return operation
  }
  // Of all that the host has, this is what starting a plan uses.
  const used = { profile, clock: { now }, operations: { isBusy, begin, running: () => running } }
  const waiting = new WaitingPlans(used as unknown as HostServices, (sentence) => logged.push(sentence))
  const end = async (place: string): Promise<void> => {
    running = running.filter(({ wish }) => wish.place !== place)
    await waiting.next()
  }
  return { profile, started, logged, world, waiting, end }
}

it('runs those of one destination one after the other, and others beside them', async () => {
  const { started, waiting, end } = await scene()
  expect(await waiting.runAll(all)).toEqual(['b', 'd'])
  expect(await waiting.runAll(all)).toEqual(['b', 'd'])
  expect(started).toEqual(['a', 'c'])
  await end('/two')
  expect(started).toEqual(['a', 'c'])
  await end('/one')
  await end('/one')
  await end('/one')
  expect(started).toEqual(['a', 'c', 'b', 'd'])
})

it('lets go of those that were started otherwise, removed, or are behind a run that was stopped', async () => {
  const { profile, started, waiting, end } = await scene()
  await waiting.runAll(all)
  waiting.forget('b')
  await changeSettings(profile, now, (settings) => ({ ...settings, plans: [] }))
  await end('/one')
  expect(started).toEqual(['a', 'c'])
  await waiting.runAll(all)
  waiting.forgetAt('/one')
  await changeSettings(profile, now, (settings) => ({ ...settings, plans: all }))
  await end('/one')
  expect(started).toEqual(['a', 'c', 'a'])
})

it('waits on for another process that came between, and starts when that has ended', async () => {
  const { profile, started, waiting, end } = await scene()
  await waiting.runAll(all)
  const lock = await takeProfileLock(runLock(profile, '/one'), { now, pid: process.ppid })
  await end('/one')
  expect(started).toEqual(['a', 'c'])
  await lock.release()
  await waiting.next()
  expect(started).toEqual(['a', 'c', 'b'])
})

it('starts what can be started, and then says what could not', async () => {
  const { profile, started, waiting, end } = await scene()
  const lock = await takeProfileLock(runLock(profile, '/one'), { now, pid: process.ppid })
  const context = { pid: process.ppid }
  await expect(waiting.runAll(all)).rejects.toMatchObject({ code: 'settings.busy', context })
  expect(started).toEqual(['c'])
  await lock.release()
  await end('/one')
  expect(started).toEqual(['c'])
})

it('goes on after one that cannot be started at all, and is silent at the end of the host', async () => {
  const { started, logged, world, waiting, end } = await scene()
  await waiting.runAll(all)
  world.failure = new TypeError('of a plan')
  await end('/one')
  expect(logged).toHaveLength(2)
  expect(logged.join()).not.toContain('of a plan')
  world.failure = undefined
  await waiting.runAll(all)
  world.failure = new EngineError('cancelled')
  await end('/one')
  expect([logged.length, started]).toEqual([2, ['a', 'c', 'a']])
})
