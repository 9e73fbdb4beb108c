import type { RouteCall } from '../../routes/context.ts'
import { withMailbox } from '../../routes/require-mailbox.ts'
import type { MailboxCall } from '../../routes/context.ts'
import { withGroup } from '../groups/calls.ts'
import { isUnified } from '../groups/properties.ts'
import { groupDirectory } from '../groups/state.ts'
import { makeUser } from '../../state/user.ts'
import type { StoredUser } from '../../state/user.ts'
import type { SimulatorClock } from '../../clock.ts'
import type { TenantState } from '../../state/tenant.ts'
import { GraphError, idMalformed, itemNotFound } from '../../http/errors.ts'
import { instanceOn } from './instances.ts'
import type { Instance } from './instances.ts'
import { MailboxCalendars } from './mailbox-calendars.ts'
import type { StoredCalendar, StoredGroup } from './model.ts'
import { asInstance, etagOf } from './render.ts'

/** The calendars of a tenant's users, and the one of each of its Microsoft 365 groups. */
export class CalendarState {
  /** Who counts as asking about groups: Graph gives people what it denies applications. The simulator has tokens of applications only. */
  caller: 'app' | 'person' = 'app'
  readonly tenant: TenantState
  readonly clock: SimulatorClock
  private readonly byUser = new Map<string, MailboxCalendars>()
  private readonly mailboxes = new Map<string, StoredUser>()

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
  }

  of(user: string): MailboxCalendars {
    const stored = this.tenant.findUser(user) ?? this.groupMailbox(user)
    if (stored === undefined) throw new Error(`No user ${user}`)
    const known = this.byUser.get(stored.id)
    if (known !== undefined) return known
    const address = stored.mail ?? stored.userPrincipalName
    const made = new MailboxCalendars(stored.id, { name: stored.displayName, address })
    this.byUser.set(stored.id, made)
    return made
  }

  /** The mailbox of a group, as if it were one of a user: undefined where there is none. */
  groupMailbox(id: string): StoredUser | undefined {
    const group = groupDirectory(this.tenant).get(id)
    if (group === undefined || group.mail === null || !isUnified(group)) return undefined
    const known = this.mailboxes.get(group.id)
    if (known !== undefined) return known
    const { displayName, mail } = group
    const made = makeUser({ id: group.id, userPrincipalName: mail, displayName }, this.clock.now())
    this.mailboxes.set(group.id, made)
    return made
  }
}

/** Made when it is first asked for; there is one per tenant. */
export function calendarState(tenant: TenantState, clock: SimulatorClock): CalendarState {
  return new CalendarState(tenant, clock)
}

/** A call about the calendars of a mailbox that exists. */
export interface CalendarCall extends MailboxCall {
  readonly calendars: MailboxCalendars
}

export function asCalendarCall(call: RouteCall): CalendarCall {
  const inMailbox = withMailbox(call)
  const calendars = call.context.tenant.service(calendarState).of(inMailbox.user.id)
  return { ...inMailbox, calendars }
}

/** A call about the calendar of a group. */
export function asGroupCall(call: RouteCall): CalendarCall {
  const { group } = withGroup(call)
  return inGroup(call, group.id)
}

function inGroup(call: RouteCall, group: string): CalendarCall {
  const state = call.context.tenant.service(calendarState)
  const user = state.groupMailbox(group)
  const mailbox = user?.mailbox
  if (user === undefined || mailbox === undefined) {
    throw new GraphError(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    )
  }
  return { ...call, user, mailbox, calendars: state.of(user.id) }
}

/** Outlook's own addresses name the mailbox of a group as that of a user. */
export function asSessionCall(call: RouteCall): CalendarCall {
  const { user = '' } = call.parameters
  return call.context.tenant.findUser(user) === undefined ? inGroup(call, user) : asCalendarCall(call)
}

/** The calendar that the path names; the default one when it names none (`/calendar/...`). */
export function calendarOf(call: CalendarCall): StoredCalendar {
  const wanted = call.parameters.calendar
  const found = call.calendars.calendars.find((calendar) =>
    wanted === undefined ? calendar.isDefault : call.calendars.calendarId(calendar) === wanted,
  )
  if (found !== undefined && isInNamedGroup(call, found)) return found
  throw wanted !== undefined && !wanted.startsWith('AQMkAD') ? idMalformed() : itemNotFound()
}

function isInNamedGroup(call: CalendarCall, calendar: StoredCalendar): boolean {
  const { calendarGroup } = call.parameters
  return calendarGroup === undefined || call.calendars.groupId(calendar.group) === calendarGroup
}

export function groupOf(call: CalendarCall): StoredGroup {
  const wanted = call.parameters.calendarGroup ?? ''
  const found = call.calendars.groups.find((group) => call.calendars.groupId(group) === wanted)
  if (found === undefined) throw wanted.startsWith('AQMkAD') ? itemNotFound() : idMalformed()
  return found
}

/** The event, series or day of a series that the path names; in a path through a calendar it must be in that one. */
export function eventOf(call: CalendarCall): Instance {
  const wanted = call.parameters.event ?? ''
  if (!/^AA[kM][A-Za-z0-9_=-]+$/.test(wanted)) throw idMalformed()
  const found = call.calendars.find(wanted)
  if (found === undefined) throw itemNotFound()
  if (call.parameters.calendar !== undefined && calendarOf(call) !== found.event.calendar) throw itemNotFound()
  const instance = found.date === undefined ? asInstance(found.event) : instanceOn(found.event, found.date)
  if (instance === undefined) throw itemNotFound()
  return instance
}

/** If-Match may be left out; when it is there it has to fit. */
export function refuseStale(call: CalendarCall, { event }: Instance): void {
  const wanted = call.request.headers['if-match']
  if (wanted === undefined || wanted === '*' || wanted === etagOf(call.calendars, event)) return
  throw new GraphError(
    412,
    'ErrorIrresolvableConflict',
    'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
  )
}
