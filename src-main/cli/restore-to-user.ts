import { formatBytes, formatCount, formatDuration } from '../../src-shared/text/amounts.ts'
import { reasonText } from '../../src-shared/text/reasons.ts'
import {
  EngineError,
  isEngineError,
  restoreToTenant,
  type RestoredItem,
  type TenantRestoreReport,
} from '../engine/index.ts'
import type { Root } from '../engine/ports/data-type.ts'
import { restorersOf } from './data-types.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { itemReference, referenceText } from './item-reference.ts'
import { listFailures } from './list-failures.ts'
import { createReportFile, type ReportFile } from './report-file.ts'
import type { RestorePlace } from './restore-place.ts'
import type { AskedRestore } from './restore-to-disk.ts'
import { findPath, foldersIn } from './snapshot-paths.ts'
import { systemClock } from './system-clock.ts'
import { openTenant, type Tenant } from './tenant.ts'
import { UsageError } from './usage-error.ts'

type UserPlace = Extract<RestorePlace, { readonly kind: 'user' }>

const USERS = 'users'
const NAMED = 5

/** Creates the items of a snapshot in the account of a user. */
export async function restoreToUser(asked: AskedRestore, place: UserPlace): Promise<ExitCode> {
  if ('secret' in place.source.credential) asked.session.secrets.add(place.source.credential.secret)
  const paths = await choosePaths(asked)
  const tenant = await openTenant(place.source)
  try {
    const target = await findTarget(tenant, place.user, asked.signal)
    return await create(asked, { place, tenant, target, paths })
  } catch (error) {
    throw tenant.explain(error)
  } finally {
    await tenant.client.close()
  }
}

/** The paths to restore: all of one user, so that nobody gets another one's mail by mistake. Throws UsageError. */
async function choosePaths({ repository, snapshot, paths, signal }: AskedRestore): Promise<readonly string[]> {
  if (paths.every((path) => path === '' || path === USERS)) return [await onlyUser(repository, snapshot.tree, signal)]
  const owners = new Set(paths.map((path) => path.split('/', 2).join('/')))
  const [owner = ''] = owners
  if (owners.size > 1 || !owner.startsWith(`${USERS}/`))
    throw new UsageError(
      'The paths are not all of one user: restore one user at a time, with paths that begin with users/<name>/.',
    )
  const found = await Promise.all(paths.map((path) => findPath(repository, snapshot.tree, path, signal)))
  return [...new Set(found.map(({ path, item }) => item ?? path))]
}

async function onlyUser(
  repository: AskedRestore['repository'],
  tree: AskedRestore['snapshot']['tree'],
  signal: AbortSignal,
): Promise<string> {
  const users = await foldersIn(repository, tree, USERS, signal)
  const [user] = users
  if (user === undefined) throw new EngineError('restore.nothing-to-restore')
  if (users.length === 1) return `${USERS}/${user}`
  const some = users.slice(0, NAMED).join(', ')
  const more = users.length > NAMED ? ` and ${users.length - NAMED} more` : ''
  throw new UsageError(
    `The snapshot has several users (${some}${more}): say whose data it is, with a path like users/${user}.`,
  )
}

async function findTarget({ users }: Tenant, name: string, signal: AbortSignal): Promise<Root> {
  try {
    return await users.root(name, signal)
  } catch (error) {
    if (!isEngineError(error, 'restore.target-not-found')) throw error
    throw new EngineError(error.code, { context: { target: name }, cause: error })
  }
}

interface Creation {
  readonly place: UserPlace
  readonly tenant: Tenant
  readonly target: Root
  readonly paths: readonly string[]
}

async function create(asked: AskedRestore, creation: Creation): Promise<ExitCode> {
  const { session, snapshot, dryRun } = asked
  const started = systemClock.now()
  const reportFile = createReportFile(session.profile, 'restore', started)
  try {
    const target = { kind: creation.target.kind, id: creation.target.id }
    reportFile.add({ kind: 'restore', started: new Date(started).toISOString(), snapshot: snapshot.id, target, dryRun })
    const report = await run(asked, creation, reportFile)
    tellReport(asked, creation, report, reportFile, systemClock.now() - started)
    return report.failed > 0 ? exitCodes.incomplete : exitCodes.done
  } catch (error) {
    session.progress.stop()
    session.output.note(`What was done until then is in ${reportFile.path}`)
    throw error
  } finally {
    reportFile.close()
  }
}

async function run(
  { session: { progress, output }, repository, snapshot, dryRun, signal }: AskedRestore,
  { place, tenant: { client }, target, paths }: Creation,
  reportFile: ReportFile,
): Promise<TenantRestoreReport> {
  const { ignoreExisting, targetFolder } = place
  const report = await restoreToTenant({
    repository,
    tree: snapshot.tree,
    paths,
    target,
    restorers: restorersOf(client, systemClock),
    dryRun,
    ignoreExisting,
    targetFolder,
    signal,
    onItem: (item) => {
      const line = itemLine(item)
      reportFile.add(line)
      output.object({ message_type: 'item', ...line })
    },
    onProgress: ({ created, duplicates, failed, bytes }) =>
      progress.update(() => {
        const { requests, throttledMs } = client.accounting()
        return {
          current: `restoring to ${target.name}`,
          items: created + duplicates + failed,
          bytes,
          requests,
          throttledMs,
        }
      }),
  })
  progress.stop()
  return report
}

function itemLine({ path, outcome }: RestoredItem): Readonly<Record<string, unknown>> {
  const { kind, ...more } = outcome
  const message = outcome.kind === 'failed' ? { message: reasonText(outcome.code, outcome.detail) } : {}
  const { id: created, ...rest } = { id: undefined, ...more }
  return { ...itemReference(path), outcome: kind, ...rest, ...(created === undefined ? {} : { created }), ...message }
}

function tellReport(
  { session: { output }, snapshot, dryRun }: AskedRestore,
  { target, tenant }: Creation,
  report: TenantRestoreReport,
  reportFile: ReportFile,
  durationMs: number,
): void {
  const { created, duplicates, failed, containers, bytes, failures, place } = report
  reportFile.add({
    kind: 'summary',
    ended: new Date(systemClock.now()).toISOString(),
    created,
    duplicates,
    failed,
    containers,
    bytes,
  })
  listFailures(output, 'item', 'restore', failures.map(asFailure))
  const where = `${target.name}, folder ${place === '' ? '/' : place}`
  const amount = `${formatCount(created, 'item')}, ${formatBytes(bytes)}`
  output.summary(
    dryRun ? `Would create ${amount}, in ${where}. Nothing was changed.` : `Created ${amount}, in ${where}.`,
  )
  if (duplicates > 0) output.summary(`${formatCount(duplicates, 'item is', 'items are')} there already.`)
  const { requests, throttledMs } = tenant.client.accounting()
  output.summary(`${formatCount(requests, 'request')} in ${formatDuration(durationMs)}. Report: ${reportFile.path}`)
  output.object({
    message_type: 'summary',
    dry_run: dryRun,
    snapshot_id: snapshot.id,
    target: target.id,
    target_folder: place,
    items_created: created,
    items_existing: duplicates,
    items_failed: failed,
    folders: containers,
    total_bytes: bytes,
    requests,
    throttled_seconds: throttledMs / 1000,
    total_duration: durationMs / 1000,
    report: reportFile.path,
  })
}

function asFailure({ path, outcome }: RestoredItem): Parameters<typeof listFailures>[3][number] {
  const item = referenceText(itemReference(path))
  if (outcome.kind !== 'failed') return { item, code: 'internal' }
  return { item, code: outcome.code, ...(outcome.detail === undefined ? {} : { detail: outcome.detail }) }
}
