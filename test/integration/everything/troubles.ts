import type { FaultRule, GraphSimulator } from '../../support/graph-simulator/index.ts'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { contactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { tenantChats } from '../../support/graph-simulator/services/chats/state.ts'
import { tenantNotes } from '../../support/graph-simulator/services/onenote/state.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { todoState } from '../../support/graph-simulator/services/todo/state.ts'
import { owner } from './scenario.ts'

/** Something that cannot be read. */
export interface Trouble {
  readonly what: string
  readonly fault?: FaultRule
  /** How the report names it; undefined if it is no failure. */
  readonly folder?: string
  readonly code?: string
  /** Items that the snapshot lacks, by data type, container and title. */
  readonly missing?: readonly string[]
  /** Items that are stored without something of theirs. */
  readonly partial?: readonly string[]
  readonly heal?: () => void
}

export interface Beset {
  readonly all: readonly Trouble[]
  /** Numbers of the rules in force. */
  readonly faults: readonly number[]
  /** By an item's Graph id: what happens just before it is read. */
  readonly vanishing: ReadonlyMap<string, () => void>
}

/** Lets something of each kind be unreadable. */
export function beset(simulator: GraphSimulator): Beset {
  const gone = vanishing(simulator)
  const all = [
    ...mailTroubles(simulator),
    ...calendarTroubles(simulator),
    ...contactTroubles(simulator),
    ...driveTroubles(simulator),
    ...todoTroubles(simulator),
    ...plannerTroubles(simulator),
    ...otherTroubles(simulator),
  ]
  const faults = all.flatMap(({ fault }) => (fault === undefined ? [] : [simulator.faults.add(fault)]))
  return { all, faults, vanishing: gone }
}

const at = (folder: string): string => `users/${owner}/${folder}`
const encoded = (id: string): string => encodeURIComponent(id).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** A mail and a file go while they are about to be read: no failure, there is nothing left to back up. */
function vanishing({ tenant }: GraphSimulator): ReadonlyMap<string, () => void> {
  const drives = drivesOf(tenant)
  const [mail] = tenant.messages(owner, 'archive')
  const file = drives.itemId(owner, 'Shared/by name.txt')
  let [hasMail, hasFile] = [true, true]
  return new Map([
    [
      mail?.id ?? '',
      () => {
        if (hasMail) tenant.deleteMessage(owner, mail?.id ?? '', { permanent: true })
        hasMail = false
      },
    ],
    [
      `${drives.driveIds(owner)[0] ?? ''}/${file}`,
      () => {
        if (hasFile) drives.delete(owner, file)
        hasFile = false
      },
    ],
  ])
}

function mailTroubles({ tenant }: GraphSimulator): readonly Trouble[] {
  const [corrupt] = tenant.messages(owner, 'sentitems')
  const folder = tenant.folder(owner, 'Duplicate')
  const [twin] = tenant.messages(owner, 'Duplicate')
  const kept = `mailbox/Duplicate/${twin?.subject ?? ''}`
  return [
    {
      what: 'a message that is damaged in the mailbox',
      fault: { kind: 'corrupt', match: { items: [corrupt?.id ?? ''] } },
      folder: at('mailbox/Sent Items'),
      code: 'graph.item-unreadable',
      missing: [`mailbox/Sent Items/${corrupt?.subject ?? ''}`],
    },
    {
      what: 'a folder that is closed to us',
      fault: {
        kind: 'status',
        status: 403,
        code: 'ErrorAccessDenied',
        match: { path: `mailFolders/${encoded(folder.id)}/messages` },
      },
      folder: at('mailbox/Duplicate'),
      code: 'graph.forbidden',
      missing: [kept, `${kept} (2)`],
    },
  ]
}

function calendarTroubles({ tenant }: GraphSimulator): readonly Trouble[] {
  const desk = new CalendarDesk(tenant)
  const idOf = (calendar: string, subject: string): string =>
    String(desk.events(owner, calendar).find((event) => event.subject === subject)?.id)
  const path = (id: string): string => `events/${encoded(id)}`
  return [
    {
      what: 'a series that is damaged',
      fault: { kind: 'corrupt', match: { path: `${path(idOf('Projects', 'Stand-up'))}\\?\\$select` } },
      folder: at('calendar/Projects'),
      code: 'graph.item-unreadable',
      missing: ['calendar/Projects/Stand-up'],
    },
    {
      what: 'an attachment that is damaged',
      fault: {
        kind: 'corrupt',
        match: { path: `${path(idOf('Calendar', 'Design review'))}/attachments/.*value` },
      },
      folder: at('calendar/Calendar'),
      code: 'graph.item-unreadable',
      partial: ['calendar/Calendar/Design review'],
    },
  ]
}

function contactTroubles({ tenant }: GraphSimulator): readonly Trouble[] {
  const uncle = contactsState(tenant)
    .contacts(owner)
    .find(({ properties }) => properties.displayName === 'Uncle Bob')
  return [
    {
      what: 'a photo that is damaged',
      fault: { kind: 'corrupt', match: { path: `${encoded(uncle?.id ?? '')}/photo` } },
      folder: at('contacts/Contacts/Family'),
      code: 'graph.item-unreadable',
      partial: ['contacts/Contacts/Family/Uncle Bob'],
    },
  ]
}

function driveTroubles({ tenant }: GraphSimulator): readonly Trouble[] {
  const drives = drivesOf(tenant)
  drives.setFacets(owner, 'Documents/plain.txt', { malware: { description: 'found' } })
  const forbidden = drives.itemId(owner, 'at the top.txt')
  return [
    {
      what: 'a file that is held back as malware',
      folder: at('onedrive/OneDrive/files/Documents'),
      code: 'graph.item-infected',
      missing: ['onedrive/OneDrive/files/Documents/plain.txt'],
      heal: () => {
        const item = drives.item(owner, 'Documents/plain.txt')
        item.facets = {}
        drives.setFacets(owner, 'Documents/plain.txt', {})
      },
    },
    {
      what: 'a file that is closed to us',
      fault: { kind: 'status', status: 403, code: 'accessDenied', match: { items: [forbidden] } },
      folder: at('onedrive/OneDrive/files'),
      code: 'graph.forbidden',
      missing: ['onedrive/OneDrive/files/at the top.txt'],
    },
    // A notebook among the files is read with the notes: it is stored as what it is, with a notice.
    { what: 'a notebook', folder: at('onedrive/OneDrive/files/Notebooks'), code: 'package' },
    { what: 'a shortcut', folder: at('onedrive/OneDrive/files'), code: 'shortcut' },
  ]
}

function todoTroubles({ tenant }: GraphSimulator): readonly Trouble[] {
  const [move, water] = tenant.service(todoState).list(owner, 'Tasks').tasks
  return [
    {
      what: 'a file of a task that is damaged',
      fault: { kind: 'corrupt', match: { path: `/attachments/${encoded(move?.files[0]?.id ?? '')}/` } },
      folder: at('tasks/Tasks'),
      code: 'graph.item-unreadable',
      partial: ['tasks/Tasks/Plan the move'],
    },
    {
      what: 'a task that is damaged',
      fault: { kind: 'corrupt', match: { path: `/tasks/${encoded(water?.id ?? '')}/extensions` } },
      folder: at('tasks/Tasks'),
      code: 'graph.item-unreadable',
      missing: ['tasks/Tasks/Water plants'],
    },
  ]
}

function plannerTroubles({ tenant }: GraphSimulator): readonly Trouble[] {
  const planner = tenant.service(plannerState)
  const [house] = planner.tasks
  const club = planner.plan('Club')
  planner.forbidden.add(club.id)
  return [
    {
      what: 'a task that is closed to us',
      fault: { kind: 'status', status: 403, match: { path: `${house?.id ?? ''}/progressTaskBoardFormat` } },
      folder: at('planner/Move'),
      code: 'graph.forbidden',
      missing: ['planner/Move/Find a house'],
    },
    {
      what: 'a plan that is closed to us',
      // Nobody told us its name.
      folder: at(`planner/${club.id}`),
      code: 'graph.forbidden',
      missing: ['planner/Club/Summer party'],
      heal: () => {
        planner.forbidden.delete(club.id)
      },
    },
  ]
}

function otherTroubles({ tenant }: GraphSimulator): readonly Trouble[] {
  const [picture = ''] = tenantNotes(tenant).of(owner).resources.keys()
  const chat = tenantChats(tenant)
    .of(owner)
    .find(({ chatType }) => chatType === 'group')
  const message = chat?.messages.find(({ hosted }) => hosted.size > 0)
  return [
    {
      what: 'a picture of a page that is closed to us',
      fault: { kind: 'status', status: 403, code: '40003', match: { path: `/resources/${encoded(picture)}` } },
      folder: at('notes/Work/Plans'),
      code: 'graph.forbidden',
      partial: ['notes/Work/Plans/Shopping & more'],
    },
    {
      what: 'a picture in a chat that is closed to us',
      fault: { kind: 'status', status: 403, code: 'Forbidden', match: { path: `${message?.id ?? ''}/hostedContents` } },
      folder: at('chats/Engines & machines'),
      code: 'graph.forbidden',
      partial: ['chats/Engines & machines/See Grace Hopper a pixel'],
    },
    {
      what: 'a photo of a person that is damaged',
      fault: { kind: 'corrupt', match: { path: String.raw`users/[^/]+/photo/\$value` } },
      folder: at('profile/user'),
      code: 'graph.item-unreadable',
      partial: ['profile/user/Ada Lovelace'],
    },
  ]
}
