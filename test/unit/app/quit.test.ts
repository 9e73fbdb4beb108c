import { expect, it } from 'vitest'
import { Quitting } from '../../../src-main/app/quit.ts'
import { createManualTimers } from './manual-timers.ts'

const WAIT = 0
const STOP = 1
const CANCEL = 2

function scene(response: number) {
  const timers = createManualTimers()
  const world = { operations: 1, asked: 0, stopped: 0, exits: 0, scheduled: true }
  const ended = Promise.withResolvers<undefined>()
  const quitting = new Quitting({
    hasOperations: () => world.operations > 0,
    ask: () => {
      world.asked++
      return Promise.resolve({ response })
    },
    stopSchedule: () => (world.scheduled = false),
    resumeSchedule: () => (world.scheduled = true),
    stopOperations: () => {
      world.stopped++
      return ended.promise
    },
    exit: () => world.exits++,
    after: timers.after,
  })
  return { timers, world, ended, quitting }
}

it('leaves at once when nothing is under way', async () => {
  const { world, ended, quitting } = scene(CANCEL)
  world.operations = 0
  ended.resolve(undefined)
  await quitting.quit()
  expect(world).toMatchObject({ asked: 0, exits: 1 })
  expect(quitting.isLeaving).toBe(true)
})

it('stays when the person thinks better of it', async () => {
  const { world, quitting } = scene(CANCEL)
  await quitting.quit()
  expect(world).toMatchObject({ asked: 1, stopped: 0, exits: 0, scheduled: true })
  expect(quitting.isLeaving).toBe(false)
  await quitting.quit()
  expect(world.asked).toBe(2)
})

it('stops the run and leaves when it has ended', async () => {
  const { world, ended, quitting, timers } = scene(STOP)
  const done = quitting.quit()
  await timers.advance(0)
  expect(world).toMatchObject({ stopped: 1, exits: 0, scheduled: false })
  expect(quitting.isLeaving).toBe(true)
  ended.resolve(undefined)
  await done
  expect(world.exits).toBe(1)
})

it('leaves after a minute even if the run does not end', async () => {
  const { world, quitting, timers } = scene(STOP)
  void quitting.quit()
  await timers.advance(0)
  await timers.advance(59_000)
  expect(world.exits).toBe(0)
  await timers.advance(1000)
  expect(world.exits).toBe(1)
})

it('waits for the run if that was the answer, and asks again meanwhile if somebody insists', async () => {
  const { world, ended, quitting, timers } = scene(WAIT)
  await quitting.quit()
  expect(world).toMatchObject({ stopped: 0, exits: 0, scheduled: false })
  quitting.operationsChanged()
  await quitting.quit()
  expect(world.asked).toBe(2)
  world.operations = 0
  ended.resolve(undefined)
  quitting.operationsChanged()
  await timers.advance(0)
  expect(world.exits).toBe(1)
})

it('asks nothing when the machine shuts down', async () => {
  const { world, ended, quitting } = scene(CANCEL)
  ended.resolve(undefined)
  await quitting.leave()
  await quitting.leave()
  expect(world).toMatchObject({ asked: 0, stopped: 1, exits: 1 })
})
