import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TenantState } from '../support/graph-simulator/index.ts'
import { plantWorkplace } from '../support/graph-simulator/seeds/workplace.ts'
import { CalendarDesk } from '../support/graph-simulator/services/calendar/desk.ts'
import { tenantChats } from '../support/graph-simulator/services/chats/state.ts'
import { contactsState } from '../support/graph-simulator/services/contacts/state.ts'
import { drivesOf } from '../support/graph-simulator/services/drive/index.ts'
import { plannerState } from '../support/graph-simulator/services/planner/state.ts'
import { tenantNotes } from '../support/graph-simulator/services/onenote/state.ts'
import { todoState } from '../support/graph-simulator/services/todo/state.ts'
import { letterMime } from './letters.ts'
import { aiko, inbox, jonas, maria, olderLetters } from './office-mails.ts'
import { pdfOf } from './pdf-of.ts'

const picture = readFileSync(join(import.meta.dirname, '../../resources/icons/128x128.png'))

/** A small company of four, with something of every data type, for demonstrations and pictures. */
export function plantOffice(tenant: TenantState): void {
  const people = [
    [maria, 'Maria López', 'Head of marketing'],
    [jonas, 'Jonas Weber', 'Sales'],
    [aiko, 'Aiko Tanaka', 'Design'],
    ['priya.nair@contoso.example', 'Priya Nair', 'Workshop'],
  ] as const
  for (const [userPrincipalName, displayName, jobTitle] of people)
    tenant.addUser({ userPrincipalName, displayName, jobTitle })
  plantMails(tenant)
  plantCalendar(new CalendarDesk(tenant))
  plantContacts(tenant)
  plantFiles(tenant)
  plantTasks(tenant)
  plantNotes(tenant)
  plantChats(tenant)
  plantWorkplace(tenant, { kind: 'workplace', displayName: 'Catalogue' })
}

function plantMails(tenant: TenantState): void {
  for (const displayName of ['Catalogue', 'Dealers', 'Invoices'])
    tenant.addFolder(maria, { displayName, parent: 'inbox' })
  const below = ['inbox', ['Inbox', 'Catalogue'], ['Inbox', 'Dealers'], ['Inbox', 'Invoices'], 'archive'] as const
  for (const letter of [...inbox].reverse())
    tenant.addMessage(maria, 'inbox', letterMime(letter), { receivedDateTime: letter.date })
  for (const [at, letter] of olderLetters.entries())
    tenant.addMessage(maria, below[at % below.length] ?? 'inbox', letterMime(letter), {
      receivedDateTime: letter.date,
      isRead: true,
    })
  for (const [at, letter] of olderLetters.slice(0, 20).entries())
    tenant.addMessage(at % 2 === 0 ? jonas : aiko, 'inbox', letterMime(letter), { receivedDateTime: letter.date })
}

function plantCalendar(desk: CalendarDesk): void {
  const at = (dateTime: string) => ({ dateTime, timeZone: 'UTC' })
  const person = (name: string, address: string) => ({
    type: 'required',
    emailAddress: { name, address },
    status: { response: 'accepted' },
  })
  const id = desk.addEvent(maria, 'Calendar', {
    subject: 'Catalogue: last proofs',
    start: at('2026-11-26T09:00:00'),
    end: at('2026-11-26T10:30:00'),
    location: { displayName: 'Room Harbour' },
    attendees: [person('Jonas Weber', jonas), person('Aiko Tanaka', aiko)],
    body: { contentType: 'html', content: '<p>We look at <b>every page</b>, then it goes to the printer.</p>' },
  })
  const notes = Buffer.from('Bring the samples.\r\n').toString('base64')
  desk.attach(maria, id, { '@odata.type': '#microsoft.graph.fileAttachment', name: 'notes.txt', contentBytes: notes })
  const days = ['02', '09', '16', '23', '30']
  for (const day of days)
    desk.addEvent(maria, 'Calendar', {
      subject: 'Sales and design',
      start: at(`2026-11-${day}T13:00:00`),
      end: at(`2026-11-${day}T13:45:00`),
    })
}

function plantContacts(tenant: TenantState): void {
  const contacts = contactsState(tenant)
  contacts.addFolder(maria, 'Dealers')
  const nora = {
    displayName: 'Nora Lindqvist',
    companyName: 'Lindqvist Printing',
    jobTitle: 'Owner',
    businessPhones: ['+46 8 555 0134'],
    emailAddresses: [{ name: 'Nora Lindqvist', address: 'nora@printer.example' }],
    personalNotes: 'Prints our catalogue since 2019.',
  }
  contacts.add(maria, '', nora, picture)
  for (const [displayName, address] of [
    ['Samuel Okafor', 'samuel@dealer.example'],
    ['Ingrid Moreau', 'ingrid@dealer.example'],
  ] as const)
    contacts.add(maria, 'Dealers', { displayName, emailAddresses: [{ name: displayName, address }] })
}

function plantFiles(tenant: TenantState): void {
  const drives = drivesOf(tenant)
  const text = 'Catalogue 2027\n\n1. Cover\n2. The workshop\n3. Twelve new things\n4. Prices\n'
  drives.addFile(maria, 'Catalogue/Contents.txt', text)
  drives.addVersion(maria, 'Catalogue/Contents.txt', 'Catalogue 2027\n\n1. Cover\n')
  drives.addFile(maria, 'Catalogue/Proof.pdf', pdfOf(['Catalogue 2027', 'Proof of the first page']))
  drives.addFile(maria, 'Catalogue/Mark.png', picture)
  drives.addFile(maria, 'Catalogue/Raw photos.zip', { size: 640_000, seed: 4 })
  drives.addFile(maria, 'Prices.csv', 'Article,Price\nLamp,48\nTable,320\nChair,140\n')
}

function plantTasks(tenant: TenantState): void {
  const todo = tenant.service(todoState)
  todo.addTask(maria, 'Tasks', {
    title: 'Send the catalogue to the printer',
    importance: 'high',
    checklistItems: [{ displayName: 'Prices checked', isChecked: true }, { displayName: 'Photos of the workshop' }],
    body: { content: '<p>By <b>Friday</b>.</p>', contentType: 'html' },
    dueDateTime: { dateTime: '2026-11-27T00:00:00', timeZone: 'UTC' },
  })
  todo.addTask(maria, 'Tasks', { title: 'Thank the dealers' })
  const planner = tenant.service(plannerState)
  const plan = planner.addPlan(planner.addGroup('Fair'), 'Spring fair')
  planner.addBucket(plan, 'To do')
  const task = { title: 'Book the stand', bucket: 'To do', assignees: [maria], description: 'Hall 3, near the door' }
  planner.addTask(plan, task)
}

function plantNotes(tenant: TenantState): void {
  const all = tenantNotes(tenant)
  all.appOnly = 'allow'
  const notes = all.of(maria)
  const section = notes.addSection(notes.addNotebook('Work', true), 'Ideas')
  notes.addPage(section, {
    title: 'Names for the blue lamp',
    body: '<p>Harbour, Quay, <b>Lantern</b></p><ul><li>short</li><li>easy to say</li></ul>',
  })
}

function plantChats(tenant: TenantState): void {
  const chats = tenantChats(tenant)
  const chat = chats.addChat({ topic: 'Cover of the catalogue', members: [maria, jonas, aiko] })
  chats.send(chat, aiko, { html: '<p>The cover is ready: <b>blue</b> or green?</p>' })
  chats.send(chat, jonas, { text: 'Blue. The dealers like it.' })
  chats.send(chat, maria, { text: 'Blue it is.' })
}
