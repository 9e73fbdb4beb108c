// What the exports hold, as programs of others read it: mbox-reader, ical.js, yauzl.
import { randomBytes } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import ICAL from 'ical.js'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import yauzl from 'yauzl'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { contactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { todoState, type TodoState } from '../../support/graph-simulator/services/todo/state.ts'
import { readRealMail, realMailFiles } from '../../support/real-mails.ts'
import { EVERYTHING, requireCode, Workplace } from './program.ts'

interface MboxMessage {
  readonly time: Date
  readonly content: Buffer
}

// It brings no types along.
const { mboxReader } = createRequire(import.meta.url)('mbox-reader') as {
  mboxReader: (source: NodeJS.ReadableStream) => AsyncIterable<MboxMessage>
}

const ada = 'ada@contoso.example'
const agenda = randomBytes(3_000)
const recording = randomBytes(1_100_000)
const people = [
  {
    displayName: 'Garth Fort',
    surname: 'Fort',
    emailAddresses: [{ name: 'Garth', address: 'garth@fabrikam.example' }],
  },
  { displayName: 'Garth Fort', surname: 'Fort', emailAddresses: [{ name: 'G', address: 'other@fabrikam.example' }] },
  { displayName: 'Zoë; "Ze" Ångström, Dr.', surname: 'Ångström', personalNotes: 'two\nlines; and, signs' },
]
/** Every thirtieth of the real mails, with all their oddities. */
const mails = realMailFiles()
  .filter((_file, at) => at % 30 === 0)
  .map(readRealMail)

let simulator: GraphSimulator
let place: Workplace
let exports = 0

beforeAll(async () => {
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: [{ userPrincipalName: ada }] } })
  for (const mime of mails) simulator.tenant.addMessage(ada, 'inbox', mime)
  addEvents(new CalendarDesk(simulator.tenant))
  addTasks(simulator.tenant.service(todoState))
  for (const person of people) contactsState(simulator.tenant).add(ada, '', person)
  for (const name of ['plain.txt', 'ümläut & 日本.txt'])
    drivesOf(simulator.tenant).addFile(ada, `Files/${name}`, `content of ${name}`)
  place = new Workplace(simulator)
  await place.init()
  requireCode(await place.run(['backup', place.repository], { env: EVERYTHING }), 0)
})
afterAll(async () => {
  place.remove()
  await simulator.close()
})

function addTasks(todo: TodoState): void {
  const day = (dateTime: string) => ({ dateTime: `${dateTime}T00:00:00.0000000`, timeZone: 'UTC' })
  todo.addTask(ada, 'Tasks', {
    title: 'Water; the plants, all',
    status: 'inProgress',
    dueDateTime: day('2026-03-05'),
    checklistItems: [{ displayName: 'Fern', isChecked: true }, { displayName: 'Palm' }],
  })
  todo.addTask(ada, 'Tasks', { title: 'Done', status: 'completed', completedDateTime: day('2026-03-04') })
}

function addEvents(desk: CalendarDesk): void {
  const berlin = (day: string, hour: number) => ({
    dateTime: `${day}T${String(hour).padStart(2, '0')}:00:00`,
    timeZone: 'W. Europe Standard Time',
  })
  const lunch = desk.addEvent(ada, 'Calendar', {
    subject: 'Lunch; with, signs \\ and\nlines',
    start: berlin('2026-03-05', 11),
    end: berlin('2026-03-05', 12),
  })
  for (const [name, bytes] of Object.entries({ 'agenda 日本.pdf': agenda, 'recording.bin': recording }))
    desk.attach(ada, lunch, {
      '@odata.type': '#microsoft.graph.fileAttachment',
      name,
      contentType: 'application/pdf',
      contentBytes: bytes.toString('base64'),
    })
  const weekly = desk.addEvent(ada, 'Calendar', {
    subject: 'Weekly',
    start: berlin('2026-03-20', 9),
    end: berlin('2026-03-20', 10),
    recurrence: {
      pattern: { type: 'weekly', interval: 1, daysOfWeek: ['friday'], firstDayOfWeek: 'monday' },
      range: { type: 'numbered', startDate: '2026-03-20', numberOfOccurrences: 4 },
    },
  })
  desk.changeOccurrence(ada, weekly, '2026-03-27', {
    subject: 'Weekly, moved',
    start: berlin('2026-03-27', 14),
    end: berlin('2026-03-27', 15),
  })
}

async function exported(format: string, ...paths: readonly string[]): Promise<string> {
  const folder = place.path(`${format}-parsed ${String(exports++)}`)
  requireCode(await place.run(['export', place.repository, 'latest', ...paths, '--format', format, '--to', folder]), 0)
  return folder
}

function only(folder: string, extension: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) =>
    one.name.endsWith(extension),
  )
  const [file] = files
  if (file === undefined || files.length > 1) throw new Error(`${String(files.length)} files of ${extension}`)
  return join(file.parentPath, file.name)
}

const fields = async (mime: Uint8Array): Promise<string> => {
  const { subject, from, messageId, attachments } = await new PostalMime().parse(mime)
  return JSON.stringify([subject, from?.address, messageId, attachments.length])
}

describe('exports, read by other programs', () => {
  it('mbox: as many mails as there are, with the same subjects, senders, ids and attachments', async () => {
    const file = only(await exported('mbox', `users/${ada}/mailbox/Inbox`), '.mbox')
    const found: string[] = []
    for await (const { content } of mboxReader(createReadStream(file))) found.push(await fields(content))
    const served = simulator.tenant.messages(ada).map(async ({ id }) => fields(await simulator.tenant.mime(ada, id)))
    expect(found.sort()).toEqual((await Promise.all(served)).sort())
    expect(found.length).toBe(mails.length)
  })

  it('ics: events with their texts, and a series with its days across the change of the clocks', async () => {
    const text = readFileSync(only(await exported('ics', `users/${ada}/calendar`), '.ics'), 'utf8')
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[])
    for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
    const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one))
    expect(events.map(({ summary }) => summary).sort()).toEqual([
      'Lunch; with, signs \\ and\nlines',
      'Weekly',
      'Weekly, moved',
    ])
    const series = events.find(({ summary }) => summary === 'Weekly')
    const moved = events.find(({ summary }) => summary === 'Weekly, moved')
    if (series === undefined || moved === undefined) throw new Error('no series')
    series.relateException(moved)
    expect(daysOf(series as unknown as Occurrences)).toEqual([
      '2026-03-20T08:00:00.000Z',
      '2026-03-27T13:00:00.000Z',
      '2026-04-03T07:00:00.000Z',
      '2026-04-10T07:00:00.000Z',
    ])
  })

  it('ics: attachments in the file if they are small, otherwise beside it', async () => {
    const folder = await exported('ics', `users/${ada}/calendar/Calendar`)
    const lunch = componentsIn(only(folder, '.ics'), 'vevent').find((one) => one.hasProperty('attach'))
    const attached = lunch?.getFirstProperty('attach')
    expect(attached?.getParameter('filename')).toBe('agenda 日本.pdf')
    const binary = attached?.getFirstValue() as { readonly value: string } | undefined
    expect(Buffer.from(binary?.value ?? '', 'base64').equals(agenda)).toBe(true)
    const beside = String(lunch?.getFirstPropertyValue('x-holdfast-attachment'))
    expect(beside).toBe('Calendar attachments/recording.bin')
    expect(readFileSync(join(only(folder, '.ics'), '..', beside)).equals(recording)).toBe(true)
  })

  it('ics: tasks with their days, states and steps', async () => {
    const tasks = componentsIn(only(await exported('ics', `users/${ada}/tasks`), '.ics'), 'vtodo')
    const said = tasks.map((task) =>
      ['summary', 'status', 'due'].map((name) => shown(task.getFirstPropertyValue(name))),
    )
    expect(said.sort()).toEqual(
      [
        ['Water; the plants, all', 'IN-PROCESS', '2026-03-05'],
        ['Fern', 'COMPLETED', ''],
        ['Palm', 'NEEDS-ACTION', ''],
        ['Done', 'COMPLETED', ''],
      ].sort(),
    )
    const parent = tasks.find((task) => task.getFirstPropertyValue('summary') === 'Water; the plants, all')
    const steps = tasks.filter((task) => task.hasProperty('related-to'))
    expect(steps.map((step) => step.getFirstPropertyValue('related-to'))).toEqual(
      Array.from({ length: 2 }, () => parent?.getFirstPropertyValue('uid')),
    )
  })

  it('vcf: every person, namesakes too, with names, addresses and notes', async () => {
    const text = readFileSync(only(await exported('vcf', `users/${ada}/contacts`), '.vcf'), 'utf8')
    const parsed = ICAL.parse(text) as unknown[]
    const cards = (typeof parsed[0] === 'string' ? [parsed] : parsed).map(
      (card) => new ICAL.Component(card as unknown[]),
    )
    const values = cards.map((card) => {
      const value = (name: string): unknown => card.getFirstPropertyValue(name) ?? undefined
      return [value('fn'), value('email'), value('note')]
    })
    expect(values.sort()).toEqual(
      people
        .map(({ displayName, emailAddresses, personalNotes }) => [
          displayName,
          emailAddresses?.[0]?.address,
          personalNotes,
        ])
        .sort(),
    )
  })

  it('zip: every file under its own name', async () => {
    const contents = await unzipped(only(await exported('zip', `users/${ada}/onedrive`), '.zip'))
    const files = [...contents].filter(([name]) => name.includes('/Files/') && name.endsWith('.txt'))
    expect(files.map(([name, text]) => [name.split('/').at(-1), text]).sort()).toEqual([
      ['plain.txt', 'content of plain.txt'],
      ['ümläut & 日本.txt', 'content of ümläut & 日本.txt'],
    ])
  })
})

function componentsIn(file: string, kind: string): readonly ICAL.Component[] {
  return new ICAL.Component(ICAL.parse(readFileSync(file, 'utf8')) as unknown[]).getAllSubcomponents(kind)
}

/** Texts, and dates, which are objects that say themselves. */
const shown = (value: { toString(): string } | null | undefined): string => value?.toString() ?? ''

/** Its types do not say what the iterator of a series gives, nor that it ends. */
interface Occurrences {
  iterator(): { next(): object | null | undefined }
  getOccurrenceDetails(occurrence: object): { readonly startDate: { toJSDate(): Date } }
}

function daysOf(series: Occurrences): readonly string[] {
  const days: string[] = []
  const iterator = series.iterator()
  for (let next = iterator.next(); next !== null && next !== undefined; next = iterator.next())
    days.push(series.getOccurrenceDetails(next).startDate.toJSDate().toISOString())
  return days
}

async function unzipped(file: string): Promise<ReadonlyMap<string, string>> {
  const zip = await yauzl.openPromise(file)
  const contents = new Map<string, string>()
  for await (const entry of zip.eachEntry()) {
    const parts: Buffer[] = []
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer)
    contents.set(entry.fileName, Buffer.concat(parts).toString())
  }
  return contents
}
