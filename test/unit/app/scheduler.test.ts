import { expect, it } from 'vitest'
import { Scheduler, type Due, type SchedulerState } from '../../../src-main/app/scheduler.ts'
import { createManualTimers } from './manual-timers.ts'

const MINUTE = 60_000

function scene() {
  const timers = createManualTimers()
  const world = {
    due: { plans: [], next: null } as Due | undefined,
    paused: false as boolean | number,
    onBattery: false,
    metered: 'no' as 'yes' | 'no' | 'unknown',
    online: true,
    waitOnBattery: true,
    waitOnMetered: true,
    nothingForDays: 7,
  }
  const ran: string[] = []
  const states: SchedulerState[] = []
  const quiet: number[] = []
  const scheduler = new Scheduler({
    ...timers,
    due: (quietDays) => {
      quiet.push(quietDays)
      return Promise.resolve(world.due)
    },
    run: (plan) => Promise.resolve(void ran.push(plan)),
    preferences: () => world,
    paused: () => world.paused,
    isOnBattery: () => world.onBattery,
    metered: () => Promise.resolve(world.metered),
    isOnline: () => world.online,
    onState: (state) => states.push(state),
  })
  return { timers, world, ran, states, scheduler, quiet, looks: () => quiet.length }
}

it('starts what is due and waits for the next moment', async () => {
  const { timers, world, ran, states, scheduler } = scene()
  world.due = { plans: ['a', 'b'], next: timers.now() + 2 * MINUTE }
  await scheduler.look()
  expect(ran).toEqual(['a', 'b'])
  expect(states.at(-1)).toEqual({ next: timers.now() + 2 * MINUTE, waiting: null })
  world.due = { plans: ['c'], next: null }
  await timers.advance(2 * MINUTE)
  expect(ran).toEqual(['a', 'b', 'c'])
})

it('looks at least once an hour, since clocks are set', async () => {
  const { timers, world, scheduler, looks } = scene()
  world.due = { plans: [], next: timers.now() + 100 * 60 * MINUTE }
  await scheduler.look()
  await timers.advance(60 * MINUTE)
  expect(looks()).toBe(2)
})

it('makes up for what was missed once the machine wakes up', async () => {
  const { timers, world, ran, scheduler } = scene()
  world.due = { plans: [], next: timers.now() + 30 * MINUTE }
  await scheduler.look()
  world.due = { plans: ['missed'], next: null }
  await scheduler.look()
  expect(ran).toEqual(['missed'])
})

it.each([
  ['battery', { onBattery: true }, { onBattery: false }],
  ['metered', { metered: 'yes' }, { metered: 'unknown' }],
] as const)('waits while the machine is on %s, and says so', async (waiting, bad, good) => {
  const { timers, world, ran, states, scheduler } = scene()
  Object.assign(world, bad, { due: { plans: ['a'], next: null } })
  await scheduler.look()
  expect(ran).toEqual([])
  expect(states.at(-1)).toEqual({ next: null, waiting })
  Object.assign(world, good)
  await timers.advance(5 * MINUTE)
  expect(ran).toEqual(['a'])
  expect(states.at(-1)?.waiting).toBeNull()
})

it('does not wait for power or network if nobody wants that, or nothing is due', async () => {
  const { world, ran, states, scheduler } = scene()
  Object.assign(world, { onBattery: true, metered: 'yes' })
  await scheduler.look()
  expect(states.at(-1)?.waiting).toBeNull()
  Object.assign(world, { waitOnBattery: false, waitOnMetered: false, due: { plans: ['a'], next: null } })
  await scheduler.look()
  expect(ran).toEqual(['a'])
})

it('waits for a network to come', async () => {
  const { timers, world, ran, scheduler } = scene()
  Object.assign(world, { online: false, due: { plans: ['a'], next: null } })
  await scheduler.look()
  expect(ran).toEqual([])
  world.online = true
  await timers.advance(MINUTE)
  expect(ran).toEqual(['a'])
})

it('starts nothing while it is paused, and goes on at the moment that was given', async () => {
  const { timers, world, ran, states, scheduler } = scene()
  const until = timers.now() + 10 * MINUTE
  Object.assign(world, { paused: until, due: { plans: ['a'], next: null } })
  await scheduler.look()
  expect(states.at(-1)?.next).toBe(until)
  world.paused = true
  await scheduler.look()
  expect(states.at(-1)?.next).toBeNull()
  world.paused = until
  await scheduler.look()
  await timers.advance(9 * MINUTE)
  expect(ran).toEqual([])
  await timers.advance(MINUTE)
  expect(ran).toEqual(['a'])
})

it('does not start a plan again and again that ends at once', async () => {
  const { timers, world, ran, scheduler } = scene()
  world.due = { plans: ['broken'], next: null }
  for (let at = 0; at < 10; at++) await scheduler.look()
  expect(ran).toEqual(['broken'])
  await timers.advance(5 * MINUTE)
  expect(ran).toEqual(['broken', 'broken'])
})

it('tries later when the engine does not answer', async () => {
  const { timers, world, ran, scheduler } = scene()
  world.due = undefined
  await scheduler.look()
  world.due = { plans: ['a'], next: null }
  await timers.advance(5 * MINUTE)
  expect(ran).toEqual(['a'])
})

it('looks once more when it is asked during a look', async () => {
  const { scheduler, looks } = scene()
  await Promise.all([scheduler.look(), scheduler.look(), scheduler.look()])
  expect(looks()).toBe(2)
})

it('stops, and goes on when somebody stays after all', async () => {
  const { timers, world, ran, scheduler } = scene()
  world.due = { plans: ['a'], next: null }
  scheduler.stop()
  await scheduler.look()
  await timers.advance(60 * MINUTE)
  expect(ran).toEqual([])
  scheduler.resume()
  await timers.advance(0)
  expect(ran).toEqual(['a'])
})

it('asks with the days without a backup that somebody chose', async () => {
  const { world, quiet, scheduler } = scene()
  await scheduler.look()
  world.nothingForDays = 3
  await scheduler.look()
  expect(quiet).toEqual([7, 3])
})
