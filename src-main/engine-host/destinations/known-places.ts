import { folderPath } from '../../commands/parts/destination.ts'
import { isGraphDestination, parseGraphDestination } from '../../destinations/graph-drive/urls.ts'
import type { DrivePlace } from '../../destinations/graph-drive/place.ts'
import { keptDestination } from '../../settings/destination-name.ts'
import { readSettings } from '../../settings/settings-file.ts'
import type { HostState, KnownPlace } from '../host-state.ts'

export interface NamedPlace {
  readonly place: string
  readonly title: string
  readonly known: KnownPlace
}

/** Places that somebody made, opened or plans to write to. */
export async function knownPlaces({
  profile,
  state,
}: {
  readonly profile: string
  readonly state: HostState
}): Promise<readonly NamedPlace[]> {
  const { places } = await state.read()
  const { plans } = await readSettings(profile)
  const all = new Map<string, KnownPlace>(Object.entries(places))
  for (const { destination } of plans) if (!all.has(destination)) all.set(destination, {})
  return [...all].map(([place, known]) => ({ place, title: known.title ?? titleOf(place), known }))
}

/** A place as it is to be kept: as a plan keeps it, unless it is known by this name already. */
export async function keptPlace(services: Parameters<typeof knownPlaces>[0], place: string): Promise<string> {
  const isKnown = (await knownPlaces(services)).some((known) => known.place === place)
  return isKnown ? place : keptDestination(place)
}

export type PlaceKind = 'folder' | 'onedrive' | 'group' | 'sharepoint'

/** What is no place counts as a folder: it is told when it is used. */
export function kindOf(place: string): PlaceKind {
  return parsed(place)?.kind ?? 'folder'
}

/** A path; of a drive the folder, and whose it is. */
export function titleOf(place: string): string {
  const drive = parsed(place)
  if (drive === undefined) return isGraphDestination(place) ? place : pathOf(place)
  if (drive.place.kind === 'sharepoint') return [drive.place.host, ...drive.place.path].join('/')
  return joined(drive.place.folder, whose(drive.place) ?? drive.authid)
}

export function joined(folder: readonly string[], whose: string | undefined): string {
  const path = folder.join('/')
  return whose === undefined || whose === '' ? path : `${path} · ${whose}`
}

function whose(place: Exclude<DrivePlace, { readonly kind: 'sharepoint' }>): string | undefined {
  return place.kind === 'group' ? (place.groupEmail ?? place.groupId) : place.user
}

function parsed(
  place: string,
): { readonly kind: PlaceKind; readonly place: DrivePlace; readonly authid: string | undefined } | undefined {
  if (!isGraphDestination(place)) return undefined
  try {
    const { place: drive, authid } = parseGraphDestination(place)
    return { kind: drive.kind, place: drive, authid }
  } catch {
    // What is wrong with it is told when it is used.
    return undefined
  }
}

function pathOf(place: string): string {
  try {
    return folderPath(place, 'The destination')
  } catch {
    return place
  }
}
