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
import { filledText, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { ExistingEvents } from './existing-events.ts'
import { restorePermissions } from './restored-permissions.ts'
import { TargetCalendars } from './target-calendars.ts'

/** One restore into the calendars of one user. */
export interface Session {
  readonly root: Root
  readonly options: RestoreOptions
  readonly calendars: TargetCalendars
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
  /** Above all calendars; what lies there goes into the one that takes the default calendar. */
  readonly isTop: boolean
}

export function asCalendarTarget(target: TargetContainer): CalendarTarget {
  if (!('session' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with a session.
  return target as CalendarTarget
}

/** Looks at the calendars that are there; calendars are made when something goes into them. */
export async function begin(mailbox: Mailbox, root: Root, options: RestoreOptions): Promise<CalendarTarget> {
  const folder = options.targetFolder
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' - ')
  const session: Session = {
    root,
    options,
    calendars: await TargetCalendars.load(mailbox),
    folder: folder === '' ? undefined : folder,
    claims: new Map(),
    containers: new Map(),
    existing: new Map(),
  }
  return { session, id: undefined, path: folder, remarks: [], isTop: true }
}

/** The calendar that a stored calendar goes into; asked again, the same. */
export function findCalendar(mailbox: Mailbox, top: CalendarTarget, stored: RestoreContainer): Promise<CalendarTarget> {
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
export function defaultTarget(mailbox: Mailbox, top: CalendarTarget): Promise<CalendarTarget> {
  const metadata: JsonObject = { 'o365:Id': 'default', properties: { isDefaultCalendar: true } }
  return findCalendar(mailbox, top, { dirName: 'Calendar', metadata })
}

async function openCalendar(
  mailbox: Mailbox,
  session: Session,
  stored: RestoreContainer,
  source: string,
): Promise<CalendarTarget> {
  const properties = stored.metadata === undefined ? {} : propertiesOf(stored.metadata)
  const { calendars, options, folder } = session
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
  mailbox: Mailbox,
  target: CalendarTarget,
  properties: JsonObject,
): Promise<CalendarTarget> {
  const { options } = target.session
  if (target.id === undefined || options.dryRun || !options.onRequest.has('permissions')) return target
  target.remarks.push(...(await restorePermissions(mailbox, target.id, properties, options.people)))
  return target
}
