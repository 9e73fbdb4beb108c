import { EngineError, type ErrorContext } from '../../engine/model/errors.ts'
import type { DrivePlace } from './place.ts'

/** A destination as a person names it. */
export interface GraphDestination {
  /** The name of the account that signs in; undefined for the only one, or an application. */
  readonly authid: string | undefined
  readonly place: DrivePlace
}

type Scheme = 'onedrivev2' | 'msgroup' | 'sharepoint'

const parameters: Readonly<Record<Scheme, readonly string[]>> = {
  onedrivev2: ['authid', 'drive-id', 'user'],
  msgroup: ['authid', 'group-id', 'group-email'],
  sharepoint: ['authid', 'site-id', 'drive-id'],
}

const examples: Readonly<Record<Scheme, string>> = {
  onedrivev2: 'onedrivev2://Backups/Holdfast',
  msgroup: 'msgroup://Backups/Holdfast?group-email=team@example.com',
  sharepoint: 'sharepoint://example.sharepoint.com/sites/it/Documents/Holdfast',
}

/** Whether the text names a place in Microsoft 365. */
export function isGraphDestination(text: string): boolean {
  return schemeOf(text) !== undefined
}

/**
 * Reads `onedrivev2://<folder>`, `msgroup://<folder>` and `sharepoint://<host>/<site path>/<library>/<folder>`, each with
 * `?name=value&...` behind it. Names and values are percent-decoded and nothing more: "+" is a plus sign, and "#" is a
 * character like others. Rejects with `usage`; its `reason` says what is wrong.
 */
export function parseGraphDestination(text: string): GraphDestination {
  const scheme = schemeOf(text)
  if (scheme === undefined) throw usage('destination-scheme')
  const rest = text.slice(text.indexOf('://') + 3)
  const mark = rest.indexOf('?')
  const names = namesIn(scheme, mark < 0 ? rest : rest.slice(0, mark))
  const given = mark < 0 ? new Map<string, string>() : valuesIn(scheme, rest.slice(mark + 1))
  return { authid: given.get('authid'), place: placeOf(scheme, names, given) }
}

function schemeOf(text: string): Scheme | undefined {
  const word = /^@?([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  return (Object.keys(parameters) as Scheme[]).find((scheme) => scheme === word)
}

function placeOf(scheme: Scheme, names: readonly string[], given: ReadonlyMap<string, string>): DrivePlace {
  switch (scheme) {
    case 'onedrivev2':
      return oneDrive(someFolder(scheme, names), given.get('drive-id'), given.get('user'))
    case 'msgroup':
      return group(someFolder(scheme, names), given.get('group-id'), given.get('group-email'))
    case 'sharepoint':
      return sharePoint(names, given.get('site-id'), given.get('drive-id'))
  }
}

function oneDrive(folder: readonly string[], driveId: string | undefined, user: string | undefined): DrivePlace {
  if (driveId !== undefined && user !== undefined) throw usage('destination-drive-and-user')
  const drive = driveId === undefined ? {} : { driveId }
  return { kind: 'onedrive', ...drive, ...(user === undefined ? {} : { user }), folder }
}

function group(folder: readonly string[], groupId: string | undefined, groupEmail: string | undefined): DrivePlace {
  if (groupId === undefined && groupEmail === undefined) throw usage('destination-no-group')
  const id = groupId === undefined ? {} : { groupId }
  return { kind: 'group', ...id, ...(groupEmail === undefined ? {} : { groupEmail }), folder }
}

/** Host and library at least: which of the names is which, SharePoint says. */
function sharePoint(
  [host = '', ...path]: readonly string[],
  siteId: string | undefined,
  driveId: string | undefined,
): DrivePlace {
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(host) || path.length === 0)
    throw usage('destination-no-library', { example: examples.sharepoint })
  const site = siteId === undefined ? {} : { siteId }
  return {
    kind: 'sharepoint',
    host: host.toLowerCase(),
    path,
    ...site,
    ...(driveId === undefined ? {} : { driveId }),
  }
}

/** The root of somebody's drive has folders of its own, which would be taken for the repository's. */
function someFolder(scheme: Scheme, names: readonly string[]): readonly string[] {
  if (names.length === 0) throw usage('destination-no-folder', { scheme, example: examples[scheme] })
  return names
}

/** What no name in a drive may have. https://support.microsoft.com/office/64883a5d-228e-48f5-b3d2-eb39e07630fa */
const forbidden = /["*:<>?/\\|\p{Cc}]/u

function namesIn(scheme: Scheme, path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '')
  return parts.map((part) => {
    const name = decoded(scheme, part)
    const isOdd = name.trim() !== name || /^\.{1,2}$/.test(name) || name.endsWith('.')
    if (isOdd || forbidden.test(name)) throw usage('destination-name', { name })
    return name
  })
}

function valuesIn(scheme: Scheme, query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const equals = pair.indexOf('=')
    const parameter = decoded(scheme, equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decoded(scheme, pair.slice(equals + 1)).trim()
    const known = parameters[scheme]
    if (!known.includes(parameter)) throw usage('destination-parameter', { scheme, parameter, known: known.join(', ') })
    if (value === '') throw usage('destination-parameter-empty', { parameter })
    if (values.has(parameter)) throw usage('destination-parameter-twice', { parameter })
    values.set(parameter, value)
  }
  return values
}

function decoded(scheme: Scheme, text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A URIError says no more than this.
    throw usage('destination-percent', { scheme })
  }
}

/** The place as it is shown to a person, in the form that is read again. */
export function shownPlace(place: DrivePlace): string {
  const query = shownQuery(place)
  const tail = query === '' ? '' : `?${query}`
  switch (place.kind) {
    case 'onedrive':
      return `onedrivev2://${shownPath(place.folder)}${tail}`
    case 'group':
      return `msgroup://${shownPath(place.folder)}${tail}`
    case 'sharepoint':
      return `sharepoint://${place.host}/${shownPath(place.path)}${tail}`
  }
}

function shownQuery(place: DrivePlace): string {
  const given: readonly (readonly [string, string | undefined])[] = [
    ['drive-id', place.kind === 'group' ? undefined : place.driveId],
    ['user', place.kind === 'onedrive' ? place.user : undefined],
    ['group-id', place.kind === 'group' ? place.groupId : undefined],
    ['group-email', place.kind === 'group' ? place.groupEmail : undefined],
    ['site-id', place.kind === 'sharepoint' ? place.siteId : undefined],
  ]
  return given
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value.replaceAll(/[%&\s]/g, encoded)}`]))
    .join('&')
}

const shownPath = (names: readonly string[]): string => names.map((name) => name.replaceAll(/[%?]/g, encoded)).join('/')

const encoded = (character: string): string => encodeURIComponent(character)

function usage(reason: string, context: ErrorContext = {}): EngineError {
  return new EngineError('usage', { context: { ...context, reason } })
}
