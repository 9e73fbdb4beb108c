import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { tenantChats } from '../../support/graph-simulator/services/chats/state.ts'
import { contactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { fillChats } from '../chats/chats-fixture.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { EVERYTHING, requireCode, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'
const DAY = '2024-03-05'

let simulator: GraphSimulator
let place: Workplace

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

async function exported(format: string, ...paths: readonly string[]): Promise<string> {
  const folder = place.path(`${format}-${String(paths.length)}`)
  const done = await place.json(['export', place.repository, 'latest', ...paths, '--format', format, '--to', folder])
  requireCode(done, 0)
  expect(summaryOf(done)).toMatchObject({ skipped: 0, files: filesBelow(folder).length })
  return folder
}

beforeAll(async () => {
  const messages = ['One', 'Two', 'Two', 'From here: From there'].map((subject, at) => ({
    folder: at === 3 ? ['Inbox', 'Projects'] : 'inbox',
    mime: mail(subject, { body: 'Hello\r\nFrom the top\r\n>From quoted\r\n' }),
    receivedDateTime: `${DAY}T08:0${String(at)}:00Z`,
  }))
  const folders = [{ displayName: 'Projects', parent: 'inbox' }]
  const users = [ada, 'grace@contoso.example', 'alan@contoso.example'].map((user, at) => ({
    userPrincipalName: user,
    ...(at === 0 ? { messages, folders } : {}),
  }))
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  const time = (hour: number): object => ({ dateTime: `${DAY}T${String(hour)}:00:00`, timeZone: 'UTC' })
  new CalendarDesk(simulator.tenant).addEvent(ada, 'Calendar', {
    subject: 'Lunch; with, signs',
    start: time(11),
    end: time(12),
  })
  contactsState(simulator.tenant).add(ada, '', {
    displayName: 'Garth Fort',
    surname: 'Fort',
    emailAddresses: [{ name: 'Garth', address: 'garth@fabrikam.example' }],
  })
  fillChats(tenantChats(simulator.tenant))
  drivesOf(simulator.tenant).addFile(ada, 'Projects/plan.txt', 'to the moon')
  place = new Workplace(simulator)
  await place.init()
  requireCode(await place.run(['backup', place.repository], { env: EVERYTHING }), 0)
})
afterAll(async () => {
  place.remove()
  await simulator.close()
})

describe('export', () => {
  it('writes mail as eml, byte for byte, under names that people know', async () => {
    const folder = await exported('eml', `users/${ada}/mailbox`)
    const inbox = `users/${ada}/mailbox/Inbox`
    expect(filesBelow(folder)).toEqual([
      `${inbox}/${DAY} 08.00.00 One.eml`,
      `${inbox}/${DAY} 08.01.00 Two.eml`,
      `${inbox}/${DAY} 08.02.00 Two.eml`,
      `${inbox}/Projects/${DAY} 08.03.00 From here_ From there.eml`,
    ])
    const stored = filesBelow(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    const served = simulator.tenant.messages(ada).map(({ id }) => simulator.tenant.mime(ada, id))
    expect(stored.sort()).toEqual((await Promise.all(served)).map((bytes) => bytes.toString('latin1')).sort())
  })

  it('writes a folder of mail as one mbox', async () => {
    const folder = await exported('mbox')
    const inbox = readFileSync(join(folder, `users/${ada}/mailbox/Inbox.mbox`), 'latin1')
    const separated = inbox.split(/^From .*\n/m).slice(1)
    expect(separated).toHaveLength(3)
    expect(inbox).toMatch(/^From \S+ Tue Mar {2}5 08:00:00 2024\n/)
    const [first = ''] = separated
    const parsed = await new PostalMime().parse(first.replaceAll(/^>(>*From )/gm, '$1'))
    expect(parsed).toMatchObject({
      subject: 'One',
      text: expect.stringContaining('Hello\nFrom the top\n>From quoted') as string,
    })
    expect(statSync(join(folder, `users/${ada}/mailbox/Inbox/Projects.mbox`)).size).toBeGreaterThan(0)
  })

  it('writes calendars, contacts, tables, files and pages', async () => {
    const calendar = await exported('ics')
    const events = filesBelow(calendar)
    expect(events).toEqual([`users/${ada}/calendar/Calendar.ics`])
    expect(readFileSync(join(calendar, events[0] ?? ''), 'utf8')).toContain(
      'DTSTART:20240305T110000Z\r\nDTEND:20240305T120000Z\r\nSUMMARY:Lunch\\; with\\, signs\r\n',
    )
    const cards = await exported('vcf')
    const card = readFileSync(join(cards, filesBelow(cards)[0] ?? ''), 'utf8')
    expect(card).toContain('FN:Garth Fort\r\nN:Fort;;;;\r\nEMAIL:garth@fabrikam.example\r\n')
    const tables = await exported('csv', `users/${ada}/contacts`)
    expect(readFileSync(join(tables, filesBelow(tables)[0] ?? ''), 'utf8')).toMatch(
      /^\ufeff.*displayName.*\r\n.*Garth Fort/,
    )
    const files = await exported('files')
    const plan = filesBelow(files).find((name) => name.endsWith('Projects/plan.txt'))
    expect(readFileSync(join(files, plan ?? ''), 'utf8')).toBe('to the moon')
    const pages = await exported('html')
    expect(filesBelow(pages).filter((name) => name.endsWith('transcript.html')).length).toBeGreaterThan(0)
  })

  it('writes everything as a zip, and says what is missing or wrong', async () => {
    const [zip = ''] = filesBelow(await exported('zip', `users/${ada}/onedrive`))
    expect(zip).toMatch(/^holdfast [0-9a-f]{8}\.zip$/)
    const to = ['--to', place.path('nothing')]
    requireCode(await place.run(['export', place.repository, 'latest', ...to]), 2)
    requireCode(await place.run(['export', place.repository, 'latest', '--format', 'eml']), 2)
    requireCode(await place.run(['export', place.repository, 'latest', 'users/nobody', '--format', 'eml', ...to]), 1)
    const none = await place.run([
      'export',
      place.repository,
      'latest',
      `users/${ada}/calendar`,
      '--format',
      'eml',
      ...to,
    ])
    expect(none.stderr).toContain('There is nothing of that format (eml)')
  })
})
