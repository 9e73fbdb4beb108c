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
import { filledText, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hasUnknownOutcome, outcomeOf } from '../item/outcome.ts'
import { contentKey } from './page-content.ts'
import { isCreatable, pageBody, pageName, pointsElsewhere } from './page-json.ts'
import { cost, pagePool, type PageSite } from './page-listing.ts'
import { TargetPages } from './target-pages.ts'

/** Times that a page is tried to be made: with another name if its own is taken, once more if an answer got lost. */
const attempts = 6

interface PagesTarget extends TargetContainer {
  readonly root: Root
  readonly options: RestoreOptions
  /** Undefined if the site cannot have pages. */
  readonly pages: TargetPages | undefined
}

/**
 * Restores pages as drafts: publishing them would show them to everybody, tell those who follow news and start approvals,
 * so that is left to people. A site has one place for pages, so the target folder makes no difference: a page whose name is
 * taken by another one comes beside it as "name (restored).aspx". A page that shows the same is a duplicate. Web parts come
 * back as they were: those that show something of the site they come from go on doing so.
 *
 * https://learn.microsoft.com/graph/api/sitepage-create
 */
export function pagesRestorer(client: GraphClient): DataTypeRestorer {
  return {
    folder: 'pages',
    concurrency: 2,
    requests: () => 1,
    begin: async (root, options, signal) => {
      const target: PagesTarget = {
        id: root.id,
        path: 'Site Pages',
        root,
        options,
        pages: await TargetPages.load({ client, id: root.id, signal }),
      }
      return target
    },
    container: (parent) => Promise.resolve(parent),
    item: (container, item, signal) => {
      const target = asPagesTarget(container)
      return outcomeOf(() => restorePage({ client, id: target.root.id, signal }, target, item))
    },
  }
}

function asPagesTarget(target: TargetContainer): PagesTarget {
  if (!('pages' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with pages.
  return target as PagesTarget
}

async function restorePage(
  site: PageSite,
  { options, pages }: PagesTarget,
  { metadata }: RestoreItem,
): Promise<ItemOutcome> {
  const page = propertiesOf(metadata)
  if (pages === undefined) return { kind: 'skipped', code: 'site-without-pages' }
  if (!isCreatable(page)) return { kind: 'skipped', code: 'page-kind-not-restored' }
  const name = pageName(page)
  const key = contentKey(page)
  if (!options.ignoreExisting && (await pages.findSame(site, name, key)) !== undefined) return { kind: 'duplicate' }
  if (options.dryRun) return created('', remarksOf(site, page, pages.isTaken(name)))
  const made = await makePage(site, pages, { page, name, key })
  return created(made.id, [...remarksOf(site, page, made.name !== name), ...made.remarks])
}

function created(id: string, remarks: readonly RestoreRemark[]): ItemOutcome {
  return { kind: 'created', id, ...(remarks.length === 0 ? {} : { remarks }) }
}

function remarksOf({ id }: PageSite, page: JsonObject, isRenamed: boolean): readonly RestoreRemark[] {
  const source = text(record(page, 'parentReference') ?? {}, 'siteId')
  const wasPublished = text(record(page, 'publishingState') ?? {}, 'level') === 'published'
  return [
    ...(isRenamed ? [{ code: 'name-taken' }] : []),
    ...(wasPublished ? [{ code: 'page-restored-as-draft' }] : []),
    ...(source !== id && pointsElsewhere(page) ? [{ code: 'page-parts-point-to-source' }] : []),
  ]
}

interface PageWork {
  readonly page: JsonObject
  readonly name: string
  readonly key: string
}

interface Made {
  readonly id: string
  readonly name: string
  readonly remarks: readonly RestoreRemark[]
}

async function makePage(site: PageSite, pages: TargetPages, { page, name, key }: PageWork): Promise<Made> {
  let free = pages.takeName(name)
  let plain = false
  for (let attempt = 1; ; attempt += 1) {
    try {
      const id = await postPage(site, pageBody(page, free, plain))
      pages.made(id)
      return { id, name: free, remarks: plain ? [{ code: 'page-title-area-lost' }] : [] }
    } catch (error) {
      if (attempt === attempts) throw error
      if (hasUnknownOutcome(error)) {
        const id = await pages.findMade(site, free, key)
        if (id !== undefined) {
          pages.made(id)
          return { id, name: free, remarks: [] }
        }
      } else if (isEngineError(error, 'graph.conflict')) free = pages.takeName(name)
      else if (isEngineError(error, 'graph.request-refused') && !plain) plain = true
      else throw error
    }
  }
}

async function postPage({ client, id, signal }: PageSite, body: JsonObject): Promise<string> {
  const path = graphPath`/sites/${id}/pages`
  const page = await client.json<JsonObject>({
    method: 'POST',
    path,
    body,
    pool: pagePool,
    cost: cost.write,
    signal,
  })
  return filledText(page, 'id') ?? ''
}
