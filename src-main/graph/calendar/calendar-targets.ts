import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type {
  RestoreContainer,
  RestoreOptions,
  RestoreRemark,
  TargetContainer,
} from '../../engine/ports/restore-target.ts'
import { filledText, list, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import type { CalendarOwner } from './calendar-owner.ts'
import { ExistingEvents } from './existing-events.ts'
import { openGroupCalendar, usualName } from './group-calendar.ts'
import { restorePermissions } from './restored-permissions.ts'
import { TargetCalendars } from './target-calendars.ts'

/** One restore into the calendars of one user, or into the one of a group. */
export interface Session {
  readonly root: Root
  readonly options: RestoreOptions
  /** Undefined for a group, which has one calendar and cannot have another. */
  readonly calendars: TargetCalendars | undefined
  /** What takes the default calendar; undefined: "/", everything goes where it was. */
  readonly folder: string | undefined
  /** Which stored calendar a name was given to. */
  readonly claims: Map<string, string>
  readonly containers: Map<string, Promise<CalendarTarget>>
  readonly existing: Map<string, Promise<ExistingEvents>>
}

/** A calendar of the target, with the restore that it belongs to. */
export interface CalendarTarget extends TargetContainer {
  readonly session: Session
  /** What is to be said of the calendar itself: with the next event that goes into it. */
  readonly remarks: RestoreRemark[]
  /** What tells its events from the others of the calendar, where that could not be one of its own. */
  readonly category?: string
  /** Above all calendars; what lies there goes into the one that takes the default calendar. */
  readonly isTop: boolean
}

export function asCalendarTarget(target: TargetContainer): CalendarTarget {
  if (!('session' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with a session.
  return target as CalendarTarget
}

/** Looks at the calendars that are there; calendars are made when something goes into them. */
export async function begin(owner: CalendarOwner, root: Root, options: RestoreOptions): Promise<CalendarTarget> {
  const folder = options.targetFolder
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' - ')
  const session: Session = {
    root,
    options,
    calendars: await targetCalendars(owner, root),
    folder: folder === '' ? undefined : folder,
    claims: new Map(),
    containers: new Map(),
    existing: new Map(),
  }
  return { session, id: undefined, path: folder, remarks: [], isTop: true }
}

async function targetCalendars(owner: CalendarOwner, root: Root): Promise<TargetCalendars | undefined> {
  if (root.kind !== 'group') return await TargetCalendars.load(owner)
  // Tells at once whether it can be reached.
  await openGroupCalendar(owner, root)
  return undefined
}

/** The calendar that a stored calendar goes into; asked again, the same. */
export function findCalendar(
  mailbox: CalendarOwner,
  top: CalendarTarget,
  stored: RestoreContainer,
): Promise<CalendarTarget> {
  const { containers } = top.session
  const source = (stored.metadata === undefined ? undefined : filledText(stored.metadata, 'o365:Id')) ?? stored.dirName
  const known = containers.get(source)
  if (known !== undefined) return known
  const found = openCalendar(mailbox, top.session, stored, source)
  containers.set(source, found)
  found.catch(() => containers.delete(source))
  return found
}

/** Where events go whose calendar is not known. */
export function defaultTarget(mailbox: CalendarOwner, top: CalendarTarget): Promise<CalendarTarget> {
  const metadata: JsonObject = { 'o365:Id': 'default', properties: { isDefaultCalendar: true } }
  return findCalendar(mailbox, top, { dirName: 'Calendar', metadata })
}

async function openCalendar(
  mailbox: CalendarOwner,
  session: Session,
  stored: RestoreContainer,
  source: string,
): Promise<CalendarTarget> {
  const properties = stored.metadata === undefined ? {} : propertiesOf(stored.metadata)
  const { calendars, options, folder } = session
  if (calendars === undefined) return inGroupCalendar(session, stored, properties)
  const target = (id: string | undefined, path: string): CalendarTarget => {
    return { session, id, path, remarks: [], isTop: false }
  }
  if (folder === undefined && properties.isDefaultCalendar === true) {
    const { id, name } = calendars.defaultCalendar()
    return await withPermissions(mailbox, target(id, name), properties)
  }
  const name = claimName(session, wantedName(stored, properties, folder), source)
  if (options.dryRun) return target(calendars.find(name), name)
  const group = folder === undefined ? properties.calendarGroup : undefined
  const made = await calendars.ensure(mailbox, name, text(properties, 'color'), group)
  if (made.isNew) session.existing.set(made.id, Promise.resolve(new ExistingEvents(made.id)))
  return await withPermissions(mailbox, target(made.id, made.name), properties)
}

/**
 * A group has no calendar but its own: everything goes there. What was in another calendar, or is asked for in a folder
 * of its own, can be told by a category of that name.
 */
function inGroupCalendar(session: Session, stored: RestoreContainer, properties: JsonObject): CalendarTarget {
  const { root, folder, options } = session
  const target = { session, id: root.id, isTop: false }
  if (folder === undefined && properties.isDefaultCalendar === true) return { ...target, path: usualName, remarks: [] }
  const category = wantedName(stored, properties, folder)
  const isShared = options.onRequest.has('permissions') && (list(properties, 'calendarPermissions') ?? []).length > 0
  const remarks = [{ code: 'group-has-one-calendar' }, ...(isShared ? [{ code: 'permission-refused' }] : [])]
  return { ...target, path: category, category, remarks }
}

/** "Restored" for the default calendar, "Projects (Restored)" for the calendar Projects. */
function wantedName(stored: RestoreContainer, properties: JsonObject, folder: string | undefined): string {
  const name = filledText(properties, 'name') ?? filledText(stored.metadata ?? {}, 'o365:Name') ?? stored.dirName
  if (folder === undefined) return name
  return properties.isDefaultCalendar === true ? folder : `${name} (${folder})`
}

/** Calendars of one name are not merged: the second one gets a number. */
function claimName({ claims }: Session, wanted: string, source: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted} (${number})`
    const holder = claims.get(nameKey(name)) ?? source
    claims.set(nameKey(name), holder)
    if (holder === source) return name
  }
}

async function withPermissions(
  mailbox: CalendarOwner,
  target: CalendarTarget,
  properties: JsonObject,
): Promise<CalendarTarget> {
  const { options } = target.session
  if (target.id === undefined || options.dryRun || !options.onRequest.has('permissions')) return target
  target.remarks.push(...(await restorePermissions(mailbox, target.id, properties, options.people)))
  return target
}
