import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { DataTypeReader, Root } from '../../../src-main/engine/ports/data-type.ts'
import type { ItemOutcome, RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import type { SignedIn } from '../../../src-main/graph/calendar/calendar-owner.ts'
import { calendarReader } from '../../../src-main/graph/calendar/reader.ts'
import { calendarRestorer } from '../../../src-main/graph/calendar/restorer.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { remarkText } from '../../../src-shared/text/restore-remarks.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { calendarState } from '../../support/graph-simulator/services/calendar/state.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { ada, fault, grace, meeting, plantGroup, signal, startPlace } from './calendar-fixture.ts'
import type { Place } from './calendar-fixture.ts'
import { clock, comparableItems, kinds, remarkCodes } from './round-trip.ts'

interface GroupPlace extends Place {
  readonly group: string
}

const day = 24 * 60 * 60_000

/** A tenant with one group, asked by a person who signed in, or by an application. */
async function startGroup(caller: SignedIn, user = ada, mail = 'team@contoso.example'): Promise<GroupPlace> {
  const place = await startPlace(user)
  const { id } = groupDirectory(place.simulator.tenant).add({ displayName: 'Team', mail, members: [user] })
  const state = place.simulator.tenant.service(calendarState)
  state.caller = caller
  const properties = { id, displayName: 'Team', mail, groupTypes: ['Unified'] }
  return { ...place, group: id, user: id, root: { kind: 'group', id, name: mail, properties } }
}

const readerFor = ({ client }: GroupPlace, caller: SignedIn, now = { now: () => Date.now() }): DataTypeReader =>
  calendarReader(client, now, caller)

const subjects = (held: HeldType): unknown[] => held.items.map((item) => propertiesOf(item.metadata).subject).sort()

const all = ['Clocks', 'Design review', 'Far ahead', 'Long ago', 'Same', 'Same', 'Stand-up', 'Vitamins']

function restore(
  place: GroupPlace,
  held: HeldType,
  options: Partial<RestoreOptions> = { targetFolder: '/' },
): Promise<Map<string, ItemOutcome>> {
  const restorer = calendarRestorer(place.client, clock, 'person')
  return restoreHeld(restorer, readerFor(place, 'person'), held, place.root, options)
}

/** HTTP requests for data since the log was cleared; a batch is one. */
function httpRequests({ simulator }: GroupPlace): number {
  return simulator.log.count({ batched: false }) - simulator.log.count({ route: '{tenant}/token' })
}

function expectNobodyWasMailed({ desk, group, simulator }: GroupPlace): void {
  expect(desk.sent(group)).toEqual([])
  expect(desk.onlineMeetings(group)).toBe(0)
  expect(simulator.log.unknown).toEqual([])
}

describe.each(['person', 'app'] as const)('the calendar of a group, read by %s', (caller) => {
  it('has every event, series with their days, and attachments', async () => {
    const place = await startGroup(caller)
    const { series } = plantGroup({ desk: place.desk, user: place.group })
    const held = await readHeld(readerFor(place, caller), place.root)
    expect(held.containers.map(({ id, name }) => [id, name])).toEqual([[place.group, 'Calendar']])
    expect(held.containers[0]?.properties).toMatchObject({ 'o365:Id': place.group, 'o365:Name': 'Calendar' })
    expect(subjects(held)).toEqual(all)
    const standUp = held.items.find(({ id }) => id === series)
    expect(propertiesOf(standUp?.metadata ?? {})).toMatchObject({
      cancelledOccurrences: [`OID.${series}.2024-03-25`, `OID.${series}.2024-04-10`],
      exceptionOccurrences: [{ subject: 'Stand-up, moved' }, { location: { displayName: 'Hall' } }],
    })
    expect([...(standUp?.parts.keys() ?? [])]).toContain('visitors.txt')
    expect(place.simulator.log.unknown).toEqual([])
  })

  it('follows changes, new events and deletions', async () => {
    const place = await startGroup(caller)
    const { plain, series, daily } = plantGroup({ desk: place.desk, user: place.group })
    const reader = readerFor(place, caller)
    const first = await readHeld(reader, place.root)
    place.desk.changeEvent(place.group, plain, { subject: 'Design review 2' })
    place.desk.cancelOccurrence(place.group, series, '2024-04-22')
    place.desk.deleteEvent(place.group, daily)
    place.desk.addEvent(place.group, 'Calendar', meeting('New', '2026-05-06'))
    const second = await readHeld(reader, place.root, first)
    expect(subjects(second)).toEqual(
      [...all.filter((name) => !['Vitamins', 'Design review'].includes(name)), 'Design review 2', 'New'].sort(),
    )
    const again = await readHeld(readerFor(place, caller), place.root)
    expect(comparableItems(second, false)).toEqual(comparableItems(again, false))
    const changed = second.items.find(({ id }) => id === series)
    expect(propertiesOf(changed?.metadata ?? {}).cancelledOccurrences).toContain(`OID.${series}.2024-04-22`)
  })

  it('costs one request as long as there is nothing in it', async () => {
    const place = await startGroup(caller)
    const reader = readerFor(place, caller)
    const first = await readHeld(reader, place.root)
    place.simulator.log.clear()
    const second = await readHeld(reader, place.root, first)
    expect(second.containers).toEqual(first.containers)
    expect(httpRequests(place)).toBe(1)
  })

  it('is not there for a group without a mailbox, which nobody asks if the listing said so', async () => {
    const place = await startGroup(caller)
    const { id } = groupDirectory(place.simulator.tenant).add({ displayName: 'Guards', unified: false })
    const root: Root = { kind: 'group', id, name: 'guards' }
    const reader = readerFor(place, caller)
    await expect(readHeld(reader, root)).rejects.toMatchObject({ code: 'graph.no-mailbox' })
    place.simulator.log.clear()
    const told = { ...root, properties: { groupTypes: [] } }
    await expect(readHeld(reader, told)).rejects.toMatchObject({ code: 'graph.no-mailbox' })
    expect(httpRequests(place)).toBe(0)
  })

  it('is gone with its group', async () => {
    const place = await startGroup(caller)
    groupDirectory(place.simulator.tenant).remove(place.group)
    await expect(readHeld(readerFor(place, caller), place.root)).rejects.toMatchObject({ code: 'graph.root-gone' })
  })

  it('keeps what Graph cannot read apart from its neighbours', async () => {
    const place = await startGroup(caller)
    const { series } = plantGroup({ desk: place.desk, user: place.group })
    fault(place, { kind: 'corrupt', match: { path: series.slice(0, -4), method: 'GET' } })
    const held = await readHeld(readerFor(place, caller), place.root)
    expect(subjects(held)).toEqual(all.filter((name) => name !== 'Stand-up'))
    expect([...held.unread.keys()]).toEqual([series])
  })
})

describe('the calendar of a group', () => {
  it('costs a person one request when nothing changed, an application one and one for its series', async () => {
    for (const [caller, requests] of [['person', 1] as const, ['app', 2] as const]) {
      const place = await startGroup(caller)
      plantGroup({ desk: place.desk, user: place.group })
      const reader = readerFor(place, caller)
      const first = await readHeld(reader, place.root)
      place.simulator.log.clear()
      const second = await readHeld(reader, place.root, first)
      expect(second.items).toEqual(first.items)
      expect(httpRequests(place)).toBe(requests)
    }
  })

  it('is read in full windows each run, in all of them once a week', async () => {
    const place = await startGroup('app')
    plantGroup({ desk: place.desk, user: place.group })
    const time = createManualClock(Date.parse('2026-03-01T00:00:00Z'))
    const reader = readerFor(place, 'app', time)
    const first = await readHeld(reader, place.root)
    const views = (): number => place.simulator.log.count({ route: 'groups/{group}/calendarView' })
    expect(views()).toBe(10)
    place.desk.addEvent(place.group, 'Calendar', meeting('In another century', '2004-02-03'))
    place.simulator.log.clear()
    const second = await readHeld(reader, place.root, first)
    expect(subjects(second)).toEqual(all)
    expect(views()).toBeLessThan(10)
    await time.advance(8 * day)
    const third = await readHeld(reader, place.root, second)
    expect(subjects(third)).toEqual([...all, 'In another century'].sort())
    await time.advance(day)
    expect(subjects(await readHeld(reader, place.root, third))).toEqual([...all, 'In another century'].sort())
  })

  it('is said to be for people only where Graph refuses an application', async () => {
    const place = await startGroup('app')
    fault(place, { kind: 'status', status: 403, code: 'ErrorAccessDenied', match: { path: '/calendarView' } })
    await expect(readHeld(readerFor(place, 'app'), place.root)).rejects.toMatchObject({
      code: 'graph.not-for-app-only',
    })
    const closed = await startGroup('app')
    await expect(readHeld(readerFor(closed, 'person'), closed.root)).rejects.toMatchObject({ code: 'graph.forbidden' })
    const restorer = calendarRestorer(closed.client, clock)
    const options = { dryRun: false, ignoreExisting: false, targetFolder: '/', onRequest: new Set<never>() }
    await expect(restorer.begin(closed.root, { ...options, people: () => undefined }, signal)).rejects.toMatchObject({
      code: 'graph.not-for-app-only',
    })
  })

  it('goes on when another kind of sign-in takes over', async () => {
    const place = await startGroup('person')
    const { plain } = plantGroup({ desk: place.desk, user: place.group })
    const first = await readHeld(readerFor(place, 'person'), place.root)
    place.desk.changeEvent(place.group, plain, { subject: 'Review' })
    place.simulator.tenant.service(calendarState).caller = 'app'
    const reader = readerFor(place, 'app')
    const { containers } = await reader.containers(
      place.root,
      { containers: first.containers, cursor: first.listingCursor },
      signal,
    )
    expect(containers).toEqual(first.containers)
    const [calendar] = containers
    const cursor = first.cursors.get(place.group)
    if (calendar === undefined || cursor === undefined) throw new Error('nothing was read')
    const pages = async (): Promise<unknown> =>
      await Array.fromAsync(reader.changes(place.root, calendar, { cursor }, signal))
    await expect(pages()).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    const whole = await Array.fromAsync(reader.changes(place.root, calendar, {}, signal))
    expect(whole.flatMap(({ changes }) => changes)).toHaveLength(all.length)
  })

  it('comes back into an empty group of another tenant, field by field, and mails nobody', async () => {
    const source = await startGroup('app')
    plantGroup({ desk: source.desk, user: source.group })
    const held = await readHeld(readerFor(source, 'app'), source.root)
    const target = await startGroup('person', grace, 'team@fabrikam.example')
    const outcomes = await restore(target, held)
    expect(kinds(outcomes)).toEqual({ created: all.length })
    expect(new Set(remarkCodes(outcomes))).toEqual(new Set(['attendees-kept-as-text']))
    const back = await readHeld(readerFor(target, 'person'), target.root)
    expect(comparableItems(back, false)).toEqual(comparableItems(held, true))
    expectNobodyWasMailed(target)
    const before = target.desk.ids(target.group)
    expect(kinds(await restore(target, held))).toEqual({ duplicate: all.length })
    expect(target.desk.ids(target.group)).toEqual(before)
  })

  it('takes a folder as a category, since it can have no second calendar', async () => {
    const source = await startGroup('app')
    plantGroup({ desk: source.desk, user: source.group })
    const held = await readHeld(readerFor(source, 'app'), source.root)
    const target = await startGroup('person', grace, 'team@fabrikam.example')
    target.desk.addEvent(target.group, 'Calendar', meeting('Their own'))
    const outcomes = await restore(target, held, { targetFolder: 'Restored' })
    expect(kinds(outcomes)).toEqual({ created: all.length })
    expect(remarkCodes(outcomes).filter((code) => code === 'group-has-one-calendar')).toHaveLength(1)
    expect(remarkText('group-has-one-calendar')).not.toContain('group-has-one-calendar')
    const marked = target.desk
      .events(target.group, 'Calendar')
      .filter(({ categories }) => (categories as readonly string[]).includes('Restored'))
    expect(marked).toHaveLength(all.length)
    expect(kinds(await restore(target, held, { targetFolder: 'Restored' }))).toEqual({ duplicate: all.length })
    expectNobodyWasMailed(target)
  })

  it('gets large attachments by sessions, and nothing twice when answers get lost', async () => {
    const source = await startGroup('app')
    const { plain } = plantGroup({ desk: source.desk, user: source.group })
    const held = await readHeld(readerFor(source, 'app'), source.root)
    // Larger than what the simulator would take by one request.
    const large = Buffer.alloc(3_500_000, 'film')
    const items = held.items.map((item) =>
      item.id === plain ? { ...item, parts: new Map([['notes.txt', large]]) } : item,
    )
    const target = await startGroup('person', grace, 'team@fabrikam.example')
    fault(target, { kind: 'reset-after', match: { method: 'POST', route: 'groups/{group}/events' }, count: 2 })
    fault(target, { kind: 'done-but-failed', match: { method: 'PATCH' }, count: 1 })
    expect(kinds(await restore(target, { ...held, items }))).toEqual({ created: all.length })
    const back = await readHeld(readerFor(target, 'person'), target.root)
    expect(subjects(back)).toEqual(all)
    const review = back.items.find(({ metadata }) => propertiesOf(metadata).subject === 'Design review')
    expect(review?.parts.get('notes.txt')?.length).toBe(large.length)
    expectNobodyWasMailed(target)
  })

  it('is looked at and left alone by a dry run', async () => {
    const source = await startGroup('app')
    plantGroup({ desk: source.desk, user: source.group })
    const held = await readHeld(readerFor(source, 'app'), source.root)
    const target = await startGroup('person', grace, 'team@fabrikam.example')
    target.simulator.log.clear()
    expect(kinds(await restore(target, held, { targetFolder: '/', dryRun: true }))).toEqual({ created: all.length })
    const methods = target.simulator.log.entries({ path: '/groups/' }).map(({ method }) => method)
    expect(new Set(methods)).toEqual(new Set(['GET']))
    const shown: readonly JsonObject[] = target.desk.events(target.group, 'Calendar') as JsonObject[]
    expect(shown).toEqual([])
  })
})
