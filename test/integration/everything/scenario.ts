import type { TenantState } from '../../support/graph-simulator/index.ts'
import { plantCraftedMails } from '../../support/graph-simulator/seeds/crafted-mails.ts'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { tenantChats, type TenantChats } from '../../support/graph-simulator/services/chats/state.ts'
import { contactsState, type ContactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import { drivesOf, type TenantDrives } from '../../support/graph-simulator/services/drive/index.ts'
import { tenantNotes, type UserNotes } from '../../support/graph-simulator/services/onenote/state.ts'
import { plannerState, type PlannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { mailboxSettingsState } from '../../support/graph-simulator/services/mailbox-settings/state.ts'
import { profilesState } from '../../support/graph-simulator/services/profile/state.ts'
import { todoState, type TodoState } from '../../support/graph-simulator/services/todo/state.ts'
import { readRealMail, realMailFiles } from '../../support/real-mails.ts'
import { plantLife } from '../calendar/calendar-fixture.ts'
import { fillChats } from '../chats/chats-fixture.ts'
import { fill as fillContacts, picture } from '../contacts/contacts-fixture.ts'
import { fillSettings } from '../mailbox-settings/settings-fixture.ts'
import { fillNotes } from '../onenote/notes-fixture.ts'
import { fillPlanner } from '../planner/scenario.ts'
import { account, editable, personal, photo } from '../profile/profile-fixture.ts'
import { fillTodo } from '../todo/scenario.ts'

const MiB = 1024 * 1024
const old = { createdDateTime: '2017-01-02T03:04:05Z', lastModifiedDateTime: '2018-02-03T04:05:06Z' }

/** The people of the source, the one whose data it is first. */
export const people = ['ada', 'grace', 'alan', 'bob', 'boss', 'mary'] as const

export const source = 'contoso.example'
export const owner = `ada@${source}`

/** Gives Ada everything that there is of every data type. */
export function fillEverything(tenant: TenantState): void {
  fillSettings(tenant)
  fillMail(tenant)
  fillCalendar(new CalendarDesk(tenant))
  fillContacts(contactsState(tenant), owner)
  fillDrive(tenant)
  fillTodo(tenant.service(todoState), owner)
  fillPlanner(tenant.service(plannerState))
  fillNotes(tenantNotes(tenant).of(owner))
  fillChats(tenantChats(tenant))
  fillProfile(tenant)
}

/** Folders on several levels, some of one name, real and crafted mails, flags, categories, drafts, copies. */
function fillMail(tenant: TenantState): void {
  tenant.addFolder(owner, { displayName: 'Duplicate' })
  tenant.addFolder(owner, { displayName: 'CON' })
  tenant.addFolder(owner, { displayName: 'a/b: c*d?', parent: ['Inbox', 'Projects'] })
  tenant.addFolder(owner, { displayName: 'Hidden', hidden: true })
  tenant.addFolder(owner, { displayName: 'Nothing in it' })
  const folders = ['inbox', ['Inbox', 'Projects', 'a/b: c*d?'], 'sentitems', 'archive', 'CON', 'Hidden', 'drafts']
  const files = realMailFiles()
  const mailNumber = (number: number): Buffer => readRealMail(files[number * 97] ?? '')
  for (const [index, folder] of folders.entries())
    for (const offset of [0, 1])
      tenant.addMessage(owner, folder, mailNumber(index * 2 + offset), {
        isRead: offset === 0,
        isDraft: folder === 'drafts',
      })
  // The same mail twice in one folder, and once in another.
  for (const folder of ['Duplicate', 'Duplicate', 'deleteditems', 'recoverableitemsdeletions'])
    tenant.addMessage(owner, folder, mailNumber(40))
  plantCraftedMails(tenant, { seed: 3, largestAttachment: 4 * MiB + 1 })
  const [first, second, third] = tenant.messages(owner, 'inbox')
  tenant.setCategories(owner, first?.id ?? '', ['Red category', 'Ünïcode'])
  tenant.setImportance(owner, first?.id ?? '', 'high')
  const at = (day: string) => ({ dateTime: `2024-05-${day}T00:00:00.0000000`, timeZone: 'UTC' })
  tenant.flagMessage(owner, second?.id ?? '', {
    flagStatus: 'flagged',
    startDateTime: at('01'),
    dueDateTime: at('03'),
  })
  tenant.flagMessage(owner, third?.id ?? '', { flagStatus: 'complete', completedDateTime: at('02') })
}

function fillCalendar(desk: CalendarDesk): void {
  plantLife({ desk, user: owner })
  desk.addCalendar(owner, { name: 'Nothing in it', color: 'lightRed' })
  const start = { dateTime: '2024-08-01T09:00:00', timeZone: 'UTC' }
  const end = { dateTime: '2024-08-01T10:00:00', timeZone: 'UTC' }
  desk.addEvent(owner, 'Calendar', { subject: 'In a zone of its own', start, end }, { customZone: true })
}

/** Files of all sizes and strange names, versions, links and grants, a notebook and a shortcut. */
function fillDrive(tenant: TenantState): void {
  const drives = drivesOf(tenant)
  drives.addFolder(owner, 'Documents', old)
  drives.setSpecial(owner, 'Documents', 'documents')
  drives.addFolder(owner, 'Documents/Nothing in it', old)
  drives.addFile(owner, 'Documents/plain.txt', 'plain', old)
  drives.addFile(owner, 'Documents/empty.txt', '', old)
  drives.addFile(owner, 'Documents/large.bin', { size: 11 * MiB, seed: 5 }, old)
  drives.addFile(owner, 'Documents/100% #1 + \u{1f389} O\u2019Brien.txt', 'strange', old)
  drives.addFile(owner, 'Documents/Cafe\u0301/Caf\u00e9.txt', 'composed', old)
  drives.addFile(owner, 'Documents/Caf\u00e9/Cafe\u0301.txt', 'decomposed', old)
  drives.addFile(owner, 'at the top.txt', 'top', old)
  drives.addVersion(owner, 'Documents/plain.txt', 'plainer', { lastModifiedDateTime: '2017-05-01T00:00:00Z' })
  drives.addVersion(owner, 'Documents/plain.txt', 'plainest', { lastModifiedDateTime: '2017-06-01T00:00:00Z' })
  drives.addFolder(owner, 'Shared', old)
  drives.shareByLink(owner, 'Shared', { type: 'edit', scope: 'organization' })
  drives.addFile(owner, 'Shared/by link.txt', 'linked', old)
  drives.addFile(owner, 'Shared/by name.txt', 'named', old)
  const grace = `grace@${source}`
  drives.shareByLink(owner, 'Shared/by link.txt', {
    type: 'view',
    scope: 'anonymous',
    expirationDateTime: '2095-01-01T00:00:00Z',
  })
  drives.shareByLink(owner, 'Shared/by link.txt', { type: 'edit', scope: 'users', to: [grace] })
  drives.share(owner, 'Shared/by name.txt', { to: grace, role: 'write' })
  drives.share(owner, 'Documents', { to: grace, role: 'read' })
  drives.addNotebook(owner, 'Notebooks/Work', old)
  drives.addFolder(grace, 'Hers', old)
  drives.addShortcut(owner, 'Of Grace', { drive: grace, item: 'Hers' })
}

function fillProfile(tenant: TenantState): void {
  const profiles = profilesState(tenant)
  profiles.set(owner, { ...editable, ...personal, ...account })
  profiles.setPhoto(owner, photo)
  profiles.setManager(owner, `boss@${source}`)
  profiles.setManager(`mary@${source}`, owner)
  profiles.setLicences(owner, [
    { id: 'x', skuId: 'b05e124f-c7cc-45a0-a6aa-8cf78c946968', skuPartNumber: 'EMS', servicePlans: [] },
  ])
}

/** What happens until the second run: something of each kind in each data type. */
export function changeEverything(tenant: TenantState): void {
  changeMail(tenant)
  changeSettings(tenant)
  changeCalendar(new CalendarDesk(tenant))
  changeContacts(contactsState(tenant))
  changeDrive(drivesOf(tenant))
  changeTodo(tenant.service(todoState))
  changePlanner(tenant.service(plannerState))
  changeNotes(tenantNotes(tenant).of(owner))
  changeChats(tenantChats(tenant))
  profilesState(tenant).set(owner, { jobTitle: 'Countess', mobilePhone: '+44 20 555 0199' })
  profilesState(tenant).setPhoto(owner, Buffer.from('\xff\xd8\xff\xe0 another picture', 'latin1'))
}

function changeMail(tenant: TenantState): void {
  const [first, second, third, fourth] = tenant.messages(owner, 'inbox')
  tenant.setRead(owner, first?.id ?? '', false)
  tenant.setCategories(owner, second?.id ?? '', ['Plain'])
  tenant.moveMessage(owner, third?.id ?? '', 'Nothing in it')
  tenant.deleteMessage(owner, fourth?.id ?? '', { permanent: true })
  tenant.addMessage(owner, 'inbox', readRealMail(realMailFiles()[4001] ?? ''))
  tenant.renameFolder(owner, 'CON', 'Console')
  tenant.moveFolder(owner, ['Inbox', 'Projects', 'a/b: c*d?'], 'Duplicate')
  const [draft] = tenant.messages(owner, 'drafts')
  tenant.editBody(owner, draft?.id ?? '', 'Written anew')
}

function changeSettings(tenant: TenantState): void {
  const state = mailboxSettingsState(tenant)
  const [, junk, off] = state.rules(owner)
  state.changeRule(owner, junk?.id ?? '', { displayName: 'Rubbish' })
  state.removeRule(owner, off?.id ?? '')
  state.addRule(owner, { displayName: 'New', actions: { markImportance: 'low' } })
  state.removeCategory(owner, 'Ünïcode')
  state.addCategory(owner, 'New', 'preset7')
  state.setSettings(owner, { timeZone: 'UTC' })
}

function changeCalendar(desk: CalendarDesk): void {
  const named = (calendar: string, subject: string): string => {
    const event = desk.events(owner, calendar).find((each) => each.subject === subject)
    return String(event?.id)
  }
  desk.changeEvent(owner, named('Calendar', 'Holiday'), { subject: 'Holidays', categories: ['Sun'] })
  const series = named('Projects', 'Stand-up')
  desk.cancelOccurrence(owner, series, '2024-04-08')
  desk.changeOccurrence(owner, series, '2024-04-15', { subject: 'Stand-up outside' })
  desk.deleteEvent(owner, named('Calendar', 'Long ago'))
  desk.moveEvent(owner, named('Calendar', 'Clocks'), 'Nothing in it')
  desk.addEvent(owner, 'Projects', {
    subject: 'New',
    start: { dateTime: '2024-09-01T09:00:00', timeZone: 'UTC' },
    end: { dateTime: '2024-09-01T10:00:00', timeZone: 'UTC' },
  })
}

function changeContacts(state: ContactsState): void {
  const [full, one, two] = state.contacts(owner)
  state.update(owner, full?.id ?? '', { jobTitle: 'Director', homePhones: [] })
  state.setPhoto(owner, one?.id ?? '', picture(9))
  state.setPhoto(owner, two?.id ?? '', undefined)
  state.remove(owner, state.contacts(owner).at(-1)?.id ?? '')
  state.add(owner, 'Empty', { displayName: 'New' }, picture(8))
  state.renameFolder(owner, 'Family', 'Relatives')
}

function changeDrive(drives: TenantDrives): void {
  drives.edit(owner, 'Documents/plain.txt', 'edited since', { lastModifiedDateTime: '2019-01-01T00:00:00Z' })
  drives.rename(owner, 'Documents', 'Papers')
  drives.move(owner, 'Shared/by name.txt', 'Papers')
  drives.delete(owner, 'Papers/large.bin')
  drives.addFile(owner, 'Papers/new.txt', 'new', old)
  drives.share(owner, 'at the top.txt', { to: `grace@${source}`, role: 'read' })
}

function changeTodo(todo: TodoState): void {
  const [move, water] = todo.list(owner, 'Tasks').tasks
  const [milk] = todo.list(owner, 'Shopping').tasks
  if (move === undefined || water === undefined || milk === undefined) throw new Error('no tasks')
  todo.addChecklistItem(owner, move, 'Van')
  todo.changeTask(owner, water, { title: 'Water all plants' })
  todo.removeTask(owner, milk)
  todo.renameList(owner, 'Shopping', 'Groceries')
  const [other] = todo.list(owner, 'Groceries').tasks
  if (other !== undefined) todo.moveTask(owner, other, 'Empty')
}

function changePlanner(planner: PlannerState): void {
  const [house, pack] = planner.tasks
  const anywhere = planner.tasks.find(({ title }) => title === 'Anywhere')
  if (house === undefined || pack === undefined || anywhere === undefined) throw new Error('no tasks')
  planner.changeDescription(house, 'In the hills')
  planner.changeTitle(pack, 'Pack everything')
  planner.removeTask(anywhere)
  planner.addTask(planner.plan('Club'), { title: 'Flowers', assignees: [owner] })
}

function changeNotes(notes: UserNotes): void {
  const [roses] = [...notes.pages.values()].filter(({ title }) => title === 'Roses')
  const [twin] = [...notes.pages.values()].filter(({ title }) => title === 'Twin')
  if (roses === undefined || twin === undefined) throw new Error('no pages')
  notes.editPage(roses, { title: 'Roses', body: '<p>in June</p>' })
  notes.deletePage(twin)
  notes.addPage(roses.section, { title: 'Tulips', body: '<p>in April</p>', createdDateTime: '2023-06-01T00:00:00Z' })
}

function changeChats(chats: TenantChats): void {
  const [pair] = chats.of(owner)
  const [hello] = pair?.messages ?? []
  if (pair === undefined || hello === undefined) throw new Error('no chats')
  chats.edit(hello, '<p>Good morning</p>')
  chats.send(pair, owner, { text: 'Good morning to you' })
}
