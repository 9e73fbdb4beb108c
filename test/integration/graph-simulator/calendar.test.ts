import { describe, expect, test } from 'vitest'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { errorCode, followDelta, textAt, valueOf } from './client.ts'
import type { Answer, Entity, Graph } from './client.ts'
import { Contract, contractFolder, documentedExamples } from './schema.ts'
import { alex, withSmall } from './tenant.ts'
import type { Bench } from './tenant.ts'

const events = `/users/${alex}/events`
const calendars = `/users/${alex}/calendars`
const zone = 'W. Europe Standard Time'
const at = (dateTime: string, timeZone = zone) => ({ dateTime, timeZone })
const lunch = { subject: 'Lunch', start: at('2024-05-06T12:00:00'), end: at('2024-05-06T13:00:00') }
const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'] },
  range: { type: 'endDate', startDate: '2024-05-06', endDate: '2024-06-03' },
}
const guest = { type: 'required', emailAddress: { name: 'Guest', address: 'guest@example.com' } }

async function post(graph: Graph, path: string, json: unknown): Promise<Answer> {
  return await graph(path, { method: 'POST', json })
}

async function create(graph: Graph, json: unknown): Promise<string> {
  return textAt((await post(graph, events, json)).json, 'id')
}

const desk = ({ simulator }: Bench): CalendarDesk => new CalendarDesk(simulator.tenant)

function withContract(use: (folder: string) => Promise<void>): Promise<void> {
  if (contractFolder !== undefined) return use(contractFolder)
  process.stdout.write('The contract data (../shared/graph) is not there: answers were not compared with it.\n')
  return Promise.resolve()
}

async function everything(bench: Bench): Promise<string> {
  const { graph } = bench
  const id = await create(graph, { ...lunch, recurrence: weekly, attendees: [guest], location: { displayName: 'Bar' } })
  desk(bench).cancelOccurrence(alex, id, '2024-05-13')
  desk(bench).changeOccurrence(alex, id, '2024-05-20', { subject: 'Late lunch' })
  const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'menu.txt', contentBytes: 'YQ==' }
  desk(bench).attach(alex, id, file)
  return id
}

describe('calendar answers fit the published schemas', () => {
  const window = 'startDateTime=2024-05-01T00:00:00Z&endDateTime=2024-06-30T00:00:00Z'
  const shapes: readonly [string, string, (id: string) => string][] = [
    ['calendars', 'microsoft.graph.calendarCollectionResponse', () => calendars],
    ['calendar groups', 'microsoft.graph.calendarGroupCollectionResponse', () => `/users/${alex}/calendarGroups`],
    ['a calendar', 'microsoft.graph.calendar', () => `/users/${alex}/calendar`],
    [
      'permissions',
      'microsoft.graph.calendarPermissionCollectionResponse',
      () => `/users/${alex}/calendar/calendarPermissions`,
    ],
    ['events', 'microsoft.graph.eventCollectionResponse', () => `${events}?$top=5`],
    ['an event', 'microsoft.graph.event', (id) => `${events}/${id}`],
    [
      'a series with its days',
      'microsoft.graph.event',
      (id) => `${events}/${id}?$select=subject,cancelledOccurrences,exceptionOccurrences&$expand=exceptionOccurrences`,
    ],
    ['instances', 'microsoft.graph.eventCollectionResponse', (id) => `${events}/${id}/instances?${window}`],
    ['a view', 'microsoft.graph.eventCollectionResponse', () => `/users/${alex}/calendar/calendarView?${window}`],
    ['attachments', 'microsoft.graph.attachmentCollectionResponse', (id) => `${events}/${id}/attachments`],
  ]
  test.each(shapes)('%s', async (_name, schema, path) => {
    await withContract(async (folder) => {
      await withSmall(async (bench) => {
        const answer = await bench.graph(path(await everything(bench)))
        expect(answer.status).toBe(200)
        const problems = new Contract(folder).problems(schema, answer.json)
        // Annotations are no properties.
        expect(problems.filter((problem) => !problem.includes('@odata.'))).toEqual([])
      })
    })
  })

  test('a round of changes', async () => {
    await withContract(async (folder) => {
      await withSmall(async (bench) => {
        await everything(bench)
        const { entities } = await followDelta(bench.graph, `/users/${alex}/calendarView/delta?${window}`)
        expect(entities.length).toBe(4)
        const contract = new Contract(folder)
        expect(entities.flatMap((entity) => contract.problems('microsoft.graph.event', entity))).toEqual([])
      })
    })
  })

  const examples = [
    'create_event_from_user',
    'create_event_from_user_multiple_locations',
    'create_event_recurring',
    'create_calendar_from_user',
    'create_calendargroup_from_user',
  ]
  test.each(examples)('the documented request %s', async (name) => {
    await withContract(async (folder) => {
      await withSmall(async (bench) => {
        const example = documentedExamples(folder).get(name)
        const url = example?.url.replace('https://graph.microsoft.com/v1.0/me', `/users/${alex}`) ?? ''
        const answer = await post(bench.graph, url, example?.requestBody)
        expect(answer.status, answer.bytes.toString()).toBe(201)
      })
    })
  })
})

describe('mail that calendars send', () => {
  test('goes to every attendee on creating, changing and deleting', async () => {
    await withSmall(async (bench) => {
      const { graph } = bench
      const id = await create(graph, { ...lunch, attendees: [guest] })
      await graph(`${events}/${id}`, { method: 'PATCH', json: { subject: 'Dinner' } })
      await graph(`${events}/${id}`, { method: 'DELETE' })
      const plain = await create(graph, lunch)
      await graph(`${events}/${plain}`, { method: 'PATCH', json: { attendees: [guest] } })
      expect(
        desk(bench)
          .sent(alex)
          .map(({ kind, to }) => [kind, to]),
      ).toEqual([
        ['invitation', 'guest@example.com'],
        ['update', 'guest@example.com'],
        ['cancellation', 'guest@example.com'],
        ['update', 'guest@example.com'],
      ])
    })
  })

  test('goes to nobody for what is nobody else’s', async () => {
    await withSmall(async (bench) => {
      const { graph } = bench
      const id = await create(graph, lunch)
      await graph(`${events}/${id}`, { method: 'PATCH', json: { subject: 'Dinner' } })
      await graph(`${events}/${id}`, { method: 'DELETE' })
      expect(desk(bench).sent(alex)).toEqual([])
      expect(desk(bench).onlineMeetings(alex)).toBe(0)
    })
  })

  test('goes to whoever gets access to a calendar', async () => {
    await withSmall(async (bench) => {
      const path = `/users/${alex}/calendar/calendarPermissions`
      const json = { emailAddress: { name: 'Guest', address: 'guest@example.com' }, role: 'read' }
      expect((await post(bench.graph, path, json)).status).toBe(201)
      expect(desk(bench).sent(alex)).toMatchObject([{ kind: 'sharing' }])
      const [first] = valueOf(await bench.graph(path))
      const answer = await bench.graph(`${path}/${textAt(first ?? {}, 'id')}`, {
        method: 'PATCH',
        json: { role: 'write' },
      })
      expect(answer.json).toMatchObject({ role: 'write' })
      expect(desk(bench).sent(alex)).toHaveLength(1)
    })
  })
})

describe('what a calendar refuses', () => {
  test.each([
    ['no end', { subject: 'x', start: lunch.start }, 'ErrorRequiredPropertyMissing'],
    ['an unknown zone', { ...lunch, start: at('2024-05-06T12:00:00', 'Nowhere') }, 'TimeZoneNotSupportedException'],
    [
      'an end before the start',
      { ...lunch, end: at('2024-05-06T11:00:00') },
      'ErrorCalendarEndDateIsEarlierThanStartDate',
    ],
    ['a whole day at noon', { ...lunch, isAllDay: true }, 'ErrorPropertyValidationFailure'],
    ['what only the server sets', { ...lunch, iCalUId: 'x' }, 'ErrorInvalidPropertySet'],
    ['a draft', { ...lunch, isDraft: true }, 'ErrorInvalidPropertySet'],
    ['an unknown property', { ...lunch, color: 'red' }, 'RequestBroker--ParseUri'],
    [
      'an attendee without an address',
      { ...lunch, attendees: [{ emailAddress: { name: 'x' } }] },
      'ErrorInvalidRecipients',
    ],
  ])('%s', async (_name, json, code) => {
    await withSmall(async ({ graph }) => {
      const answer = await post(graph, events, json)
      expect([answer.status, errorCode(answer)]).toEqual([400, code])
    })
  })

  test('paths that lead nowhere, options it does not know, a stale etag', async () => {
    await withSmall(async ({ graph }) => {
      const id = await create(graph, lunch)
      expect(errorCode(await graph(`${events}/nonsense`))).toBe('ErrorInvalidIdMalformed')
      expect(errorCode(await graph(`${events}/${id.slice(0, -8)}AaaaAAA=`))).toBe('ErrorItemNotFound')
      expect((await graph(`${events}?$orderby=subject`)).status).toBe(400)
      expect((await graph(`${events}/${id}/instances`)).status).toBe(400)
      const window = 'startDateTime=2024-05-01T00:00:00Z&endDateTime=2024-05-30T00:00:00Z'
      expect((await graph(`/users/${alex}/calendarView/delta?${window}`)).status).toBe(200)
      const delta = `/users/${alex}/calendar/calendarView/delta`
      expect((await graph(delta)).status).toBe(400)
      expect((await graph(`${delta}?${window}&$select=subject`)).status).toBe(400)
      const long = 'startDateTime=2010-05-01T00:00:00Z&endDateTime=2024-05-30T00:00:00Z'
      expect((await graph(`/users/${alex}/calendar/calendarView?${long}`)).status).toBe(400)
      const stale = { method: 'PATCH', json: { subject: 'x' }, headers: { 'if-match': 'W/"old"' } }
      expect((await graph(`${events}/${id}`, stale)).status).toBe(412)
      expect(errorCode(await post(graph, calendars, { name: 'Calendar' }))).toBe('ErrorFolderExists')
      expect((await graph(`${calendars}/x`)).status).toBe(400)
    })
  })

  test('an application without the permission', async () => {
    const app = { roles: ['Calendars.ReadBasic', 'User.Read.All'] }
    await withSmall(
      async ({ graph }) => {
        expect((await graph(calendars)).status).toBe(200)
        expect((await post(graph, events, lunch)).status).toBe(403)
        expect((await graph(`${events}/AAkA=/attachments`)).status).toBe(403)
      },
      { app },
    )
  })
})

describe('changes of a calendar', () => {
  const window = 'startDateTime=2024-05-01T00:00:00Z&endDateTime=2024-05-30T00:00:00Z'
  const first = `/users/${alex}/calendar/calendarView/delta?${window}`
  const kinds = (entities: readonly Entity[]): unknown[] =>
    entities.map((entity) => ('@removed' in entity ? 'removed' : entity.type))

  test('show whole events inside the window, days with their times only, and removals', async () => {
    await withSmall(async (bench) => {
      const { graph } = bench
      const single = await create(graph, lunch)
      const series = await create(graph, { ...lunch, subject: 'Weekly', recurrence: weekly })
      const round = await followDelta(graph, first, { pageSize: 2 })
      expect(round.pages.length).toBe(3)
      expect(kinds(round.entities)).toEqual(['singleInstance', 'occurrence', 'occurrence', 'occurrence', 'occurrence'])
      expect(Object.keys(round.entities[1] ?? {})).not.toContain('subject')
      expect((await followDelta(graph, round.deltaLink)).entities).toEqual([])
      await graph(`${events}/${single}`, { method: 'DELETE' })
      desk(bench).changeOccurrence(alex, series, '2024-05-13', { subject: 'Other' })
      const second = await followDelta(graph, round.deltaLink)
      expect(kinds(second.entities)).toEqual(['removed', 'exception'])
      desk(bench).changeOccurrence(alex, series, '2024-06-03', { subject: 'Outside' })
      desk(bench).addEvent(alex, 'Calendar', {
        ...lunch,
        start: at('2031-01-01T09:00:00'),
        end: at('2031-01-01T10:00:00'),
      })
      expect(kinds((await followDelta(graph, second.deltaLink)).entities)).toEqual(['removed', 'removed'])
    })
  })

  test('end with a dead token, and tokens of other id forms are refused', async () => {
    await withSmall(async (bench) => {
      const { deltaLink } = await followDelta(bench.graph, first)
      expect((await bench.graph(deltaLink, { immutable: false })).status).toBe(410)
      desk(bench).breakCursors(alex, 'Calendar')
      const dead = await bench.graph(deltaLink)
      expect([dead.status, errorCode(dead)]).toEqual([410, 'SyncStateNotFound'])
      expect((await bench.graph(`${first.split('?')[0] ?? ''}?$deltatoken=made-up`)).status).toBe(400)
    })
  })
})

describe('attachments of events', () => {
  test('small ones by one request, large ones by a session, bytes as they are', async () => {
    await withSmall(async ({ graph }) => {
      const id = await create(graph, lunch)
      const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.txt', contentBytes: 'YWJj' }
      const added = await post(graph, `${events}/${id}/attachments`, file)
      expect(added.status).toBe(201)
      const value = await graph(`${events}/${id}/attachments/${textAt(added.json, 'id')}/$value`)
      expect(value.bytes.toString()).toBe('abc')
      const session = `${events}/${id}/attachments/createUploadSession`
      const small = await post(graph, session, { AttachmentItem: { attachmentType: 'file', name: 'b', size: 5 } })
      expect(errorCode(small)).toBe('ErrorAttachmentSizeShouldNotBeLessThanMinimumSize')
      const large = await post(graph, session, {
        AttachmentItem: { attachmentType: 'file', name: 'b', size: 3_200_000 },
      })
      expect(textAt(large.json, 'uploadUrl')).toContain(`/Events('${id}')/AttachmentSessions(`)
      expect((await graph(`${events}/${id}`)).json).toMatchObject({ hasAttachments: true })
      const select = 'id,name,microsoft.graph.fileAttachment/contentId'
      expect(valueOf(await graph(`${events}/${id}/attachments?$select=${select}`))[0]).not.toHaveProperty(
        'contentBytes',
      )
      expect((await graph(`${events}/${id}/attachments?$select=contentId`)).status).toBe(400)
    })
  })

  test('give an attached item only when it is asked for', async () => {
    await withSmall(async ({ graph }) => {
      const id = await create(graph, lunch)
      const item = { '@odata.type': 'microsoft.graph.event', ...lunch }
      const added = await post(graph, `${events}/${id}/attachments`, {
        '@odata.type': '#microsoft.graph.itemAttachment',
        name: 'Event',
        item,
      })
      const path = `${events}/${id}/attachments/${textAt(added.json, 'id')}`
      expect((await graph(path)).json).not.toHaveProperty('item')
      expect((await graph(`${path}?$expand=microsoft.graph.itemattachment/item`)).json).toMatchObject({
        item: { subject: 'Lunch' },
      })
    })
  })
})
