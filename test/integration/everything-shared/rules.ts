import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import { isObject, list, text } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { listDirectory } from '../../support/graph-simulator/services/lists/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { teamDirectory } from '../../support/graph-simulator/services/teams/state.ts'
import { by, inCommonTerms, objects, type Terms } from '../everything/common-terms.ts'
import { comparable, type Comparable, type Rules, type Side } from '../everything/comparison.ts'
import { asRestored } from '../everything/server-assigned.ts'
import type { SnapshotItem } from '../everything/stored.ts'
import { sharedAssigned } from './server-assigned.ts'
import type { SharedTenant } from './tenants.ts'

/** Types that are the same for users, by what users call them. */
const ofUsers: Readonly<Record<string, string>> = { files: 'onedrive', libraries: 'onedrive' }

const sharedTerms: Readonly<Record<string, Terms>> = {
  'group item': (facts) => inOrder(facts, ['members', 'owners'], 'userPrincipalName'),
  'teams container': (facts) => inOrder(facts, ['members'], 'email'),
  'teams item': (facts) => withNamedPictures(inOrder(facts, ['members'], 'email')),
  'lists container': (facts) => inOrder(facts, ['columns', 'contentTypes'], 'name'),
  'lists item': (facts) => inOrder(facts, ['columns', 'contentTypes'], 'name'),
}

const sharedRules: Rules = {
  assigned: sharedAssigned,
  inCommonTerms: (kind, folder) => sharedTerms[`${folder} ${kind}`] ?? inCommonTerms(kind, ofUsers[folder] ?? folder),
  asRestored: (folder, kind, item) => {
    const form = changedForms[`${folder} ${kind}`]
    return form === undefined ? asRestored(ofUsers[folder] ?? folder, kind, item) : form(item)
  },
}

type Form = (item: SnapshotItem) => SnapshotItem | undefined

/** What Graph cannot take back as it was: the form in which the restore gives it back instead; undefined: not at all. */
const changedForms: Readonly<Record<string, Form>> = {
  // A term set belongs to its tenant: no column for its terms can be made in another one.
  'lists container': withoutTerms,
  'lists item': (item) => {
    const type = propertiesOf(item.metadata).contentType
    // Graph makes no folders in lists; what is in them stands at the top.
    return isObject(type) && type.name === 'Folder' ? undefined : withoutTerms(item)
  },
}

function withoutTerms(item: SnapshotItem): SnapshotItem {
  const properties = propertiesOf(item.metadata)
  if (!('columns' in properties)) return item
  const columns = objects(properties, 'columns').filter((column) => !('term' in column))
  return { ...item, metadata: { ...item.metadata, properties: { ...properties, columns } } }
}

/** Some lists mean the same in any order. */
function inOrder(facts: JsonObject, names: readonly string[], key: string): JsonObject {
  const sorted = names
    .filter((name) => list(facts, name) !== undefined)
    .map((name) => [name, objects(facts, name).sort(by((one) => text(one, key) ?? ''))])
  return { ...facts, ...(Object.fromEntries(sorted) as JsonObject) }
}

/** Pictures are named by ids, in texts too. */
function withNamedPictures(facts: JsonObject): JsonObject {
  let shown = JSON.stringify(facts)
  for (const picture of objects(facts, 'hostedContents'))
    shown = shown.replaceAll(text(picture, 'id') ?? '', text(picture, 'name') ?? '')
  // Teams writes what it imports as XHTML.
  return JSON.parse(shown.replaceAll(' />', '>')) as JsonObject
}

/** What is restored into something of another name is compared as if it had the same. */
const otherNames = [
  ['Machines', 'Engines'],
  ['machines', 'engines'],
] as const

/** Ids and addresses of a tenant, and the words that stand for them. */
function commonWords({ simulator: { tenant } }: SharedTenant): readonly (readonly [string, string])[] {
  const sites = siteDirectory(tenant)
  const teams = teamDirectory(tenant)
  const channels = teams
    .all()
    .flatMap((team) => team.channels.map(({ id, displayName }) => [id, `channel ${displayName}`] as const))
  return [
    ...sites.all().map(({ id, displayName }) => [id, `site ${displayName}`] as const),
    ...groupDirectory(tenant)
      .all()
      .map(({ id, displayName }) => [id, `group ${displayName}`] as const),
    ...sites
      .all()
      .flatMap((site) =>
        [...listDirectory(tenant).of(site).values()].map(({ id, displayName }) => [id, `list ${displayName}`] as const),
      ),
    ...channels,
    ...channels.map(([id, words]) => [encodeURIComponent(id), words] as const),
    [teams.tenantId, 'tenant'],
    [sites.host, 'sharepoint.example'],
    ...otherNames,
  ]
}

/** Everything of one data type of a group or site that both sides have to have in common. */
export function comparableShared(
  side: Omit<Side, 'tenant' | 'rules' | 'words'> & { readonly tenant: SharedTenant; readonly root: Root },
  folder: string,
): Promise<Comparable> {
  return comparable({ ...side, rules: sharedRules, words: commonWords(side.tenant) }, folder)
}
