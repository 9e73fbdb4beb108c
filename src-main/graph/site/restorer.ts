import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type {
  DataTypeRestorer,
  ItemOutcome,
  RestoreItem,
  RestoreOptions,
  RestoreRemark,
  TargetContainer,
} from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, isObject, list, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import { cost, sitePool, type Site } from './site-reading.ts'

interface SiteTarget extends TargetContainer {
  readonly root: Root
  readonly options: RestoreOptions
}

/**
 * Restores which applications have access to a site, when it is asked for (`permissions`). Graph has no way to change
 * what a site is called; its columns and content types are not made again, lists come back with those that they use.
 *
 * https://learn.microsoft.com/graph/api/site-post-permissions
 */
export function siteRestorer(client: GraphClient): DataTypeRestorer {
  return {
    folder: 'site',
    concurrency: 1,
    requests: ({ metadata }) => grantsOf(metadata).length,
    begin: (root, options) => {
      const target: SiteTarget = { id: root.id, path: 'site', root, options }
      return Promise.resolve(target)
    },
    container: (parent) => Promise.resolve(parent),
    item: (container, item, signal) => {
      const { root, options } = asSiteTarget(container)
      return outcomeOf(() => restoreItem({ client, id: root.id, signal }, options, item))
    },
  }
}

function asSiteTarget(target: TargetContainer): SiteTarget {
  if (!('options' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with options.
  return target as SiteTarget
}

async function restoreItem(site: Site, options: RestoreOptions, { metadata }: RestoreItem): Promise<ItemOutcome> {
  switch (text(metadata, 'o365:Type')) {
    case 'sitePermissions':
      if (!options.onRequest.has('permissions')) return { kind: 'skipped', code: 'only-on-request' }
      return await restoreGrants(site, grantsOf(metadata), options)
    case 'siteColumns':
    case 'siteContentTypes':
      return { kind: 'skipped', code: 'site-schema-not-restored' }
    default:
      return { kind: 'skipped', code: 'site-settings-not-restored' }
  }
}

/** What one application may do in a site. */
interface Grant {
  readonly role: string
  readonly application: { readonly id: string; readonly displayName: string }
}

function grantsOf(metadata: JsonObject): readonly Grant[] {
  return (list(propertiesOf(metadata), 'value') ?? []).filter(isObject).flatMap(grantsIn)
}

function grantsIn(permission: JsonObject): readonly Grant[] {
  const identities = list(permission, 'grantedToIdentitiesV2') ?? list(permission, 'grantedToIdentities') ?? []
  const roles = (list(permission, 'roles') ?? []).filter((role) => typeof role === 'string')
  return identities.filter(isObject).flatMap((identity) => {
    const application = record(identity, 'application') ?? {}
    const id = filledText(application, 'id')
    if (id === undefined) return []
    const displayName = filledText(application, 'displayName') ?? id
    return roles.map((role) => ({ role, application: { id, displayName } }))
  })
}

/** Each grant that the site does not have; nobody is told of them. */
async function restoreGrants(site: Site, wanted: readonly Grant[], options: RestoreOptions): Promise<ItemOutcome> {
  const there = new Set((await readGrants(site)).map(keyOf))
  const missing = wanted.filter((grant) => !there.has(keyOf(grant)))
  if (missing.length === 0) return { kind: 'duplicate' }
  const remarks: RestoreRemark[] = []
  if (!options.dryRun) {
    for (const grant of missing) {
      if (!(await give(site, grant))) remarks.push({ code: 'site-grant-refused', detail: grant.application.id })
    }
  }
  if (remarks.length === missing.length) return { kind: 'skipped', code: 'site-grant-refused' }
  return { kind: 'created', id: site.id, ...(remarks.length === 0 ? {} : { remarks }) }
}

function keyOf({ role, application }: Grant): string {
  return `${application.id.toLowerCase()} ${role}`
}

async function readGrants({ client, id, signal }: Site): Promise<readonly Grant[]> {
  const request = { path: graphPath`/sites/${id}/permissions`, pool: sitePool, cost: cost.permissions, signal }
  const found: Grant[] = []
  for await (const page of client.pages<JsonObject>(request)) found.push(...page.value.flatMap(grantsIn))
  return found
}

/** False if Graph does not take it: mostly because the tenant has no such application. Giving it twice does no harm. */
async function give({ client, id, signal }: Site, { role, application }: Grant): Promise<boolean> {
  try {
    await client.json<JsonObject>({
      method: 'POST',
      path: graphPath`/sites/${id}/permissions`,
      body: { roles: [role], grantedToIdentities: [{ application }] },
      pool: sitePool,
      cost: cost.permissions,
      idempotent: true,
      signal,
    })
    return true
  } catch (error) {
    if (isEngineError(error, 'graph.request-refused') || isEngineError(error, 'graph.not-found')) return false
    throw error
  }
}
