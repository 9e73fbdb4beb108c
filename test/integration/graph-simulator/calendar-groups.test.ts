import { describe, expect, test } from 'vitest'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { calendarState } from '../../support/graph-simulator/services/calendar/state.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { tenantNotes } from '../../support/graph-simulator/services/onenote/state.ts'
import { errorCode, followDelta, textAt, valueOf } from './client.ts'
import { withSmall } from './tenant.ts'
import type { Bench } from './tenant.ts'

const at = (dateTime: string) => ({ dateTime, timeZone: 'UTC' })
const lunch = { subject: 'Lunch', start: at('2024-05-06T12:00:00'), end: at('2024-05-06T13:00:00') }
const window = 'startDateTime=2024-05-01T00:00:00Z&endDateTime=2024-06-30T00:00:00Z'

function addGroup({ simulator }: Bench, unified = true): string {
  return groupDirectory(simulator.tenant).add({ displayName: unified ? 'Team' : 'Guards', unified }).id
}

describe('the calendar of a group', () => {
  test('is shown to applications by windows and ids, the rest is for people', async () => {
    await withSmall(async (bench) => {
      const { graph, simulator } = bench
      const id = addGroup(bench)
      const event = new CalendarDesk(simulator.tenant).addEvent(id, 'Calendar', lunch)
      const path = `/groups/${id}`
      const people = ['/calendar', '/calendar/events', '/events', `/calendarView/delta?${window}`]
      for (const name of people) {
        const denied = await graph(path + name)
        expect([denied.status, errorCode(denied)]).toEqual([403, 'ErrorAccessDenied'])
      }
      expect((await graph(`${path}/events`, { method: 'POST', json: lunch })).status).toBe(403)
      const shown = [`/calendarView?${window}`, `/events/${event}`, `/events/${event}/attachments`]
      for (const name of shown) expect((await graph(path + name)).status).toBe(200)
      simulator.tenant.service(calendarState).caller = 'person'
      for (const name of people) expect((await graph(path + name)).status).toBe(200)
    })
  })

  test('invites attendees, follows changes, and names the group in what it says of itself', async () => {
    await withSmall(async (bench) => {
      const { graph, simulator } = bench
      const id = addGroup(bench)
      simulator.tenant.service(calendarState).caller = 'person'
      const { deltaLink } = await followDelta(graph, `/groups/${id}/calendarView/delta?${window}`)
      const guest = { type: 'required', emailAddress: { name: 'Guest', address: 'guest@example.com' } }
      const made = await graph(`/groups/${id}/events`, { method: 'POST', json: { ...lunch, attendees: [guest] } })
      expect(made.status).toBe(201)
      expect(textAt(made.json, '@odata.context')).toContain(`groups('${id}')`)
      expect(new CalendarDesk(simulator.tenant).sent(id)).toEqual([
        { kind: 'invitation', to: 'guest@example.com', subject: 'Lunch' },
      ])
      const { entities } = await followDelta(graph, deltaLink)
      expect(entities.map((entry) => textAt(entry, 'subject'))).toEqual(['Lunch'])
      expect(valueOf(await graph(`/groups/${id}/events`))).toHaveLength(1)
    })
  })

  test('is not there without a mailbox, nor without the group', async () => {
    await withSmall(async (bench) => {
      const none = await bench.graph(`/groups/${addGroup(bench, false)}/calendarView?${window}`)
      expect([none.status, errorCode(none)]).toEqual([404, 'MailboxNotEnabledForRESTAPI'])
      const gone = await bench.graph(`/groups/11111111-1111-4111-a111-111111111111/calendarView?${window}`)
      expect([gone.status, errorCode(gone)]).toEqual([404, 'Request_ResourceNotFound'])
    })
  })
})

describe('the notebooks of a group', () => {
  test('are its own, and refused to applications like all others', async () => {
    await withSmall(async (bench) => {
      const id = addGroup(bench)
      const notes = tenantNotes(bench.simulator.tenant)
      const path = `/groups/${id}/onenote/notebooks`
      expect((await bench.graph(path)).status).toBe(401)
      notes.appOnly = 'allow'
      const made = await bench.graph(path, { method: 'POST', json: { displayName: 'Ours' } })
      expect(made.status).toBe(201)
      expect(textAt(made.json, 'self')).toContain(`/groups/${id}/onenote/notebooks/`)
      expect(notes.of(id).notebooks.map(({ displayName }) => displayName)).toEqual(['Ours'])
    })
  })
})
