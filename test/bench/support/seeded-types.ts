import type { TenantState } from '../../support/graph-simulator/index.ts'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { tenantChats } from '../../support/graph-simulator/services/chats/state.ts'
import { contactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { tenantNotes } from '../../support/graph-simulator/services/onenote/state.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { todoState } from '../../support/graph-simulator/services/todo/state.ts'

export const user = 'ada@contoso.example'
const colleague = 'bob@contoso.example'

/** A data type as the bench fills it: always the same containers, whatever the number of items. */
export interface SeededType {
  /** The data type's folder in a snapshot. */
  readonly folder: string
  readonly name: string
  readonly items: number
  /** Graph tells what changed, so that what did not change must cost nothing. */
  readonly hasDelta: boolean
  /** Requests per item in every run of the reference system. */
  readonly reference?: number
  readonly seed: (tenant: TenantState, items: number) => void
  /** Edits, additions and removals, `count` in all. */
  readonly change: (tenant: TenantState, count: number) => void
}

export const people = [user, colleague].map((userPrincipalName) => ({ userPrincipalName }))

const each = (count: number, act: (number: number) => void): void => {
  for (let number = 0; number < count; number++) act(number)
}
const every = (step: number, number: number): boolean => number % step === 0

/** Of a hundred changes: eighty edits, ten additions, ten removals. */
interface Shares {
  readonly edit: (place: number) => void
  readonly add: (number: number) => void
  readonly remove: (place: number) => void
}

function changes(count: number, { edit, add, remove }: Shares): void {
  const tenth = Math.floor(count / 10)
  each(tenth, (number) => {
    remove(number)
  })
  each(count - 2 * tenth, edit)
  each(tenth, (number) => {
    add(1_000_000 + number)
  })
}

/** The one at a place of a list, which is long enough. */
function at<T>(all: readonly T[], place: number): T {
  const found = all[place]
  if (found === undefined) throw new RangeError(`nothing at ${String(place)}`)
  return found
}

const mimeOf = (number: number): string =>
  [
    'From: Bob <bob@contoso.example>',
    'To: Ada <ada@contoso.example>',
    `Subject: Mail ${String(number)}`,
    'Date: Tue, 5 Mar 2024 08:00:59 +0000',
    `Message-ID: <${String(number)}@contoso.example>`,
    '',
    `Text of mail ${String(number)}`,
    '',
  ].join('\r\n')

const mailFolders = Array.from({ length: 10 }, (_, number) => `Folder ${String(number)}`)

const mail: SeededType = {
  folder: 'mailbox',
  name: 'mail',
  items: 1_000,
  hasDelta: true,
  reference: 2,
  seed: (tenant, items) => {
    for (const displayName of mailFolders) tenant.addFolder(user, { displayName })
    each(items, (number) => tenant.addMessage(user, at(mailFolders, number % 10), mimeOf(number)))
  },
  change: (tenant, count) => {
    const all = tenant.messages(user)
    changes(count, {
      remove: (place) => {
        tenant.deleteMessage(user, at(all, place).id, { permanent: true })
      },
      edit: (place) => {
        tenant.setRead(user, at(all, 300 + place).id, true)
      },
      add: (number) => tenant.addMessage(user, 'Folder 1', mimeOf(number)),
    })
  },
}

const files: SeededType = {
  folder: 'onedrive',
  name: 'files',
  items: 1_000,
  hasDelta: true,
  reference: 1,
  seed: (tenant, items) => {
    const drives = drivesOf(tenant)
    each(items, (number) => {
      const path = pathOf(number)
      drives.addFile(user, path, `content ${String(number)}`)
      if (every(20, number)) drives.addVersion(user, path, 'an older content')
      if (every(10, number)) drives.share(user, path, { to: colleague, role: 'read' })
    })
  },
  change: (tenant, count) => {
    const drives = drivesOf(tenant)
    changes(count, {
      remove: (place) => {
        drives.delete(user, pathOf(place))
      },
      edit: (place) => {
        drives.edit(user, pathOf(300 + place), `edited ${String(place)}`)
      },
      add: (number) => drives.addFile(user, pathOf(number), 'new'),
    })
  },
}

const pathOf = (number: number): string => `Folder ${String(number % 20)}/file ${String(number)}.txt`

const eventOf = (number: number): Readonly<Record<string, unknown>> => ({
  subject: `Event ${String(number)}`,
  start: { dateTime: `2024-05-${String((number % 27) + 1).padStart(2, '0')}T09:00:00`, timeZone: 'UTC' },
  end: { dateTime: `2024-05-${String((number % 27) + 1).padStart(2, '0')}T10:00:00`, timeZone: 'UTC' },
})

const events: SeededType = {
  folder: 'calendar',
  name: 'events',
  items: 500,
  hasDelta: true,
  reference: 3,
  seed: (tenant, items) => {
    const desk = new CalendarDesk(tenant)
    desk.addCalendar(user, { name: 'Projects' })
    each(items, (number) => {
      const id = desk.addEvent(user, every(2, number) ? 'Calendar' : 'Projects', eventOf(number))
      if (!every(10, number)) return
      const contentBytes = Buffer.from(`file ${String(number)}`).toString('base64')
      desk.attach(user, id, { '@odata.type': '#microsoft.graph.fileAttachment', name: 'notes.txt', contentBytes })
    })
  },
  change: (tenant, count) => {
    const desk = new CalendarDesk(tenant)
    const all = desk.ids(user)
    changes(count, {
      remove: (place) => {
        desk.deleteEvent(user, at(all, place))
      },
      edit: (place) => {
        desk.changeEvent(user, at(all, 300 + place), { subject: 'Changed' })
      },
      add: (number) => desk.addEvent(user, 'Calendar', eventOf(number)),
    })
  },
}

const contacts: SeededType = {
  folder: 'contacts',
  name: 'contacts',
  items: 500,
  hasDelta: true,
  reference: 4,
  seed: (tenant, items) => {
    const state = contactsState(tenant)
    state.addFolder(user, 'Family')
    each(items, (number) => {
      const photo = every(4, number) ? Buffer.from(`GIF89a photo ${String(number)}`) : undefined
      state.add(user, every(2, number) ? '' : 'Family', { displayName: `Person ${String(number)}` }, photo)
    })
  },
  change: (tenant, count) => {
    const state = contactsState(tenant)
    const all = state.contacts(user)
    changes(count, {
      remove: (place) => {
        state.remove(user, at(all, place).id)
      },
      edit: (place) => {
        state.update(user, at(all, 300 + place).id, { jobTitle: 'Director' })
      },
      add: (number) => state.add(user, '', { displayName: `Person ${String(number)}` }),
    })
  },
}

const todo: SeededType = {
  folder: 'tasks',
  name: 'To Do tasks',
  items: 300,
  hasDelta: true,
  reference: 5,
  seed: (tenant, items) => {
    const state = tenant.service(todoState)
    state.addList(user, 'Home')
    each(items, (number) => {
      state.addTask(user, every(2, number) ? 'Tasks' : 'Home', {
        title: `Task ${String(number)}`,
        ...(every(3, number) ? { checklistItems: [{ displayName: 'a step' }] } : {}),
        ...(every(10, number) ? { attachments: [{ name: 'a.txt', bytes: Buffer.from('a file') }] } : {}),
      })
    })
  },
  change: (tenant, count) => {
    const state = tenant.service(todoState)
    const all = state.book(user).lists.flatMap(({ tasks }) => tasks)
    changes(count, {
      remove: (place) => {
        state.removeTask(user, at(all, place))
      },
      edit: (place) => {
        state.changeTask(user, at(all, 200 + place), { title: 'Changed' })
      },
      add: (number) => state.addTask(user, 'Tasks', { title: `Task ${String(number)}` }),
    })
  },
}

const planner: SeededType = {
  folder: 'planner',
  name: 'Planner tasks',
  items: 200,
  hasDelta: false,
  reference: 4,
  seed: (tenant, items) => {
    const state = tenant.service(plannerState)
    const group = state.addGroup('everybody')
    const plans = ['One', 'Two'].map((title) => state.addPlan(group, title))
    for (const plan of plans) state.addBucket(plan, 'To do')
    each(items, (number) =>
      state.addTask(at(plans, number % 2), {
        title: `Task ${String(number)}`,
        bucket: 'To do',
        assignees: [user],
        ...(every(2, number) ? { description: 'What to do' } : {}),
      }),
    )
  },
  change: (tenant, count) => {
    const state = tenant.service(plannerState)
    const all = [...state.tasks]
    changes(count, {
      remove: (place) => {
        state.removeTask(at(all, place))
      },
      edit: (place) => {
        state.changeTitle(at(all, 100 + place), 'Changed')
      },
      add: (number) => state.addTask(state.plan('One'), { title: `Task ${String(number)}`, assignees: [user] }),
    })
  },
}

const notes: SeededType = {
  folder: 'notes',
  name: 'note pages',
  items: 50,
  hasDelta: false,
  seed: (tenant, items) => {
    const all = tenantNotes(tenant).of(user)
    const notebook = all.addNotebook('Work', true)
    const sections = Array.from({ length: 5 }, (_, number) => all.addSection(notebook, `Section ${String(number)}`))
    each(items, (number) => all.addPage(at(sections, number % 5), pageOf(number)))
  },
  change: (tenant, count) => {
    const all = tenantNotes(tenant).of(user)
    const pages = [...all.pages.values()]
    changes(count, {
      remove: (place) => {
        all.deletePage(at(pages, place))
      },
      edit: (place) => {
        all.editPage(at(pages, 10 + (place % 40)), { title: 'Changed', body: `<p>edit ${String(place)}</p>` })
      },
      add: (number) => all.addPage(at(all.sections(), 0), pageOf(number)),
    })
  },
}

const pageOf = (number: number): { readonly title: string; readonly body: string } => ({
  title: `Page ${String(number)}`,
  body: `<p>text of page ${String(number)}</p>`,
})

const chats: SeededType = {
  folder: 'chats',
  name: 'chat messages',
  items: 500,
  hasDelta: false,
  seed: (tenant, items) => {
    const state = tenantChats(tenant)
    const all = Array.from({ length: 20 }, (_, number) =>
      state.addChat({ topic: `Chat ${String(number)}`, members: [user, colleague] }),
    )
    each(items, (number) => state.send(at(all, number % 20), user, { text: `Message ${String(number)}` }))
  },
  change: (tenant, count) => {
    const state = tenantChats(tenant)
    const some = state.of(user).slice(0, 5)
    each(count, (number) => state.send(at(some, number % 5), colleague, { text: `Answer ${String(number)}` }))
  },
}

export const seededTypes: readonly SeededType[] = [mail, files, events, contacts, todo, planner, notes, chats]
