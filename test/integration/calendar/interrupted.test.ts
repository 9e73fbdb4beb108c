import { describe, expect, it } from 'vitest'
import { calendarRestorer } from '../../../src-main/graph/calendar/restorer.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { plainRestore } from '../../support/adapter-round.ts'
import { ada, fault, grace, meeting, plantLife, signal, startPlace, weekly } from './calendar-fixture.ts'
import { clock, comparableItems, expectNobodyWasMailed, kinds, read, restore } from './round-trip.ts'

describe('a restore of calendars that is disturbed', () => {
  it('creates nothing twice when an answer gets lost', async () => {
    const source = await startPlace()
    plantLife(source)
    const held = await read(source)
    const target = await startPlace(grace)
    for (const method of ['POST', 'PATCH', 'DELETE'])
      fault(target, {
        kind: 'reset-after',
        match: { method, path: /\/(events|calendars|calendarGroups|attachments)/ },
        perPath: 1,
      })
    expect(kinds(await restore(target, held))).toEqual({ created: 10 })
    expect(comparableItems(await read(target), false)).toEqual(comparableItems(held, true))
    expectNobodyWasMailed(target)
  })

  it('completes what an interrupted restore left', async () => {
    const source = await startPlace()
    plantLife(source)
    const held = await read(source)
    for (let passed = 0; passed < 30; passed += 3) {
      const target = await startPlace(grace)
      fault(target, {
        kind: 'status',
        status: 403,
        code: 'ErrorAccessDenied',
        skip: passed,
        match: { method: ['POST', 'PATCH', 'DELETE'], path: /\/(events|attachments)/ },
      })
      await restore(target, held)
      target.simulator.faults.clear()
      await restore(target, held)
      expect(comparableItems(await read(target), false)).toEqual(comparableItems(held, true))
      expect(kinds(await restore(target, held))).toEqual({ duplicate: 10 })
    }
  })

  it('ends when it is cancelled, and the next one completes it', async () => {
    const source = await startPlace()
    const series = plantLife(source).series
    const held = await read(source)
    const target = await startPlace(grace)
    const restorer = calendarRestorer(target.client, clock)
    const stop = new AbortController()
    const item = held.items.find(({ id }) => id === series)
    if (item === undefined) throw new Error('no series')
    const top = await restorer.begin(target.root, { ...plainRestore, targetFolder: '/' }, stop.signal)
    const { client } = target
    const dying: GraphClient = {
      json: async (request) => {
        const answer = await client.json<never>(request)
        if (request.method === 'DELETE') stop.abort()
        return answer
      },
      bytes: (request) => client.bytes(request),
      stream: (request) => client.stream(request),
      pages: (request, options) => client.pages(request, options),
      batch: (members, options) => client.batch(members, options),
      putRange: (request) => client.putRange(request),
      accounting: () => client.accounting(),
      close: () => client.close(),
    }
    const stopped = calendarRestorer(dying, clock)
    const restored = { path: 'x', metadata: item.metadata, content: undefined, parts: [] }
    await expect(stopped.item(top, restored, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
    await restore(target, { ...held, containers: [], items: [item] })
    const undisturbed = await startPlace(grace)
    await restore(undisturbed, { ...held, containers: [], items: [item] })
    expect(comparableItems(await read(target), false)).toEqual(comparableItems(await read(undisturbed), false))
    expectNobodyWasMailed(target)
  })

  it('never has more requests under way than a mailbox takes', async () => {
    const source = await startPlace()
    for (let number = 0; number < 20; number += 1) {
      const id = source.desk.addEvent(ada, 'Calendar', {
        ...meeting(`Event ${String(number)}`, '2024-03-18'),
        recurrence: weekly,
      })
      source.desk.cancelOccurrence(ada, id, '2024-03-20')
    }
    const held = await read(source)
    const target = await startPlace(grace)
    const restorer = calendarRestorer(target.client, clock)
    const top = await restorer.begin(target.root, { ...plainRestore, targetFolder: '/' }, signal)
    await Promise.all(
      held.items.map(({ metadata, id }) =>
        restorer.item(top, { path: id, metadata, content: undefined, parts: [] }, signal),
      ),
    )
    expect(target.desk.ids(grace)).toHaveLength(20)
    expect(target.simulator.maxInFlight(grace)).toBeLessThanOrEqual(4)
    expect(target.simulator.log.count({ status: 429 })).toBe(0)
  })

  it('is not stopped by one event that Graph refuses', async () => {
    const source = await startPlace()
    plantLife(source)
    const held = await read(source)
    const target = await startPlace(grace)
    fault(target, { kind: 'status', status: 400, match: { method: 'POST', path: /\/events$/ }, skip: 1, count: 2 })
    expect(kinds(await restore(target, held))).toEqual({ created: 9, failed: 1 })
  })
})
