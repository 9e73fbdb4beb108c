import type { ByRootKind } from '../../engine/ports/data-type.ts'
import { directoryNeeds, groupDirectoryNeeds, siteDirectoryNeeds } from '../../graph/directory/permissions.ts'
import type { Need } from '../../graph/item/permissions.ts'
import { chosenTypes, permissionsOf, typeFolders } from './data-types.ts'
import { rootKinds } from './root-filter.ts'
import { readIncludedTypes } from './source-options.ts'
import type { OptionValues } from './option-values.ts'

/** A permission of an application, and what it is for. */
export interface NeededPermission {
  readonly name: string
  readonly for: readonly string[]
}

export interface LoginPurpose {
  readonly types: ByRootKind<string>
  /** Words of --types that end in "-destination". */
  readonly destinations: readonly string[]
  readonly restore: boolean
}

/** What a person needs for storing repositories there. */
const destinationScopes: Readonly<Record<string, readonly string[]>> = {
  'onedrive-destination': ['Files.ReadWrite'],
  'group-destination': ['Files.ReadWrite.All', 'Group.Read.All'],
  'sharepoint-destination': ['Files.ReadWrite.All', 'Sites.Read.All'],
}

const applicationDestinations: Readonly<Record<string, readonly string[]>> = {
  'onedrive-destination': ['Files.ReadWrite.All'],
  'group-destination': ['Files.ReadWrite.All', 'Group.Read.All'],
  'sharepoint-destination': ['Files.ReadWrite.All', 'Sites.Read.All'],
}

const listNeeds: ByRootKind<Need> = { user: directoryNeeds, group: groupDirectoryNeeds, site: siteDirectoryNeeds }
const none: ByRootKind<string> = { user: [], group: [], site: [] }

/** What --types and --for-restore say. Without --types it is all of a person's types, or of a tenant's. */
export function readPurpose(values: OptionValues, who: 'person' | 'application'): LoginPurpose {
  const words = (values.text('types') ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const destinations = words.map((word) => word.toLowerCase()).filter((word) => word in destinationScopes)
  const includedTypes = words.filter((word) => !destinations.includes(word.toLowerCase()))
  const types = includedTypes.length === 0 && destinations.length > 0 ? none : typesFor(values, includedTypes, who)
  return { types, destinations, restore: values.flag('for-restore') === true }
}

/** A person's own things are meant where a person has them, unless the options name groups or sites. */
function typesFor(values: OptionValues, words: readonly string[], who: 'person' | 'application'): ByRootKind<string> {
  const { kinds, types } = readIncludedTypes(values)
  const ofAll = who === 'application' || values.has('office365-included-root-types')
  if (ofAll) return chosenTypes({ kinds, types }, { includedTypes: words, excludedTypes: [] })
  if (words.length === 0)
    return { ...none, user: chosenTypes({ kinds, types }, { includedTypes: [], excludedTypes: [] }).user }
  const named = words.map((word) => typeFolders(word, 'types'))
  const own = named.map((folders) => (folders.user.length > 0 ? { ...none, user: folders.user } : folders))
  const merged = (kind: keyof ByRootKind<string>): readonly string[] => [
    ...new Set(own.flatMap((folders) => folders[kind])),
  ]
  return { user: merged('user'), group: merged('group'), site: merged('site') }
}

/**
 * The permissions that a person is asked for: the least powerful that do. `personal`: what personal accounts do not
 * have is left out.
 */
export function personScopes({ types, destinations, restore }: LoginPurpose, personal: boolean): readonly string[] {
  const scopes = new Set(['User.Read'])
  // Groups and sites have to be found first; a person is known.
  const kinds = (['group', 'site'] as const).filter((kind) => types[kind].length > 0)
  const lists = kinds.flatMap((kind) => listNeeds[kind]).map((need) => ({ need }))
  for (const { need } of [...needsOf(types, restore), ...lists]) {
    const offered = personal ? need.delegated.filter(isForPersonal) : need.delegated
    if (offered[0] !== undefined && !offered.some((name) => scopes.has(name))) scopes.add(offered[0])
  }
  for (const name of destinations.flatMap((word) => destinationScopes[word] ?? []))
    if (!personal || isForPersonal(name)) scopes.add(name)
  return [...scopes]
}

/** The permissions that an application needs to be granted. */
export function applicationPermissions({ types, destinations, restore }: LoginPurpose): readonly NeededPermission[] {
  const permissions = new Map<string, Set<string>>()
  const add = (name: string, purpose: string): void => {
    permissions.set(name, (permissions.get(name) ?? new Set()).add(purpose))
  }
  const needs = [
    ...rootKinds.filter((kind) => types[kind].length > 0).flatMap((kind) => listNeeds[kind]),
    ...needsOf(types, restore).map(({ need }) => need),
  ]
  for (const { what, application } of needs) {
    const name = application.find((offered) => permissions.has(offered)) ?? application[0]
    if (name !== undefined) add(name, what)
  }
  for (const word of destinations)
    for (const name of applicationDestinations[word] ?? []) add(name, 'store repositories')
  return [...permissions].map(([name, purposes]) => ({ name, for: [...purposes] }))
}

function needsOf(types: ByRootKind<string>, restore: boolean): readonly { readonly need: Need }[] {
  return rootKinds.flatMap((kind) =>
    permissionsOf(kind, types[kind]).flatMap(({ permissions }) =>
      // What restoring needs often covers reading: it comes first.
      [...(restore ? permissions.restore : []), ...permissions.backUp].map((need) => ({ need })),
    ),
  )
}

/** https://learn.microsoft.com/graph/permissions-reference: "delegated (personal Microsoft account)". */
function isForPersonal(name: string): boolean {
  return /^(Mail|Calendars|Contacts|Tasks|MailboxSettings|User|Notes)\.Read(Write)?$|^Files\.Read(Write)?(\.All)?$/.test(
    name,
  )
}
