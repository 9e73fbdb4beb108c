import { EngineError, isEngineError, restoreToTenant, type TenantRestoreReport } from '../../engine/index.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import type { Root, RootKind } from '../../engine/ports/data-type.ts'
import type { DataTypeRestorer } from '../../engine/ports/restore-target.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { createChannelLedger } from './channel-ledger.ts'
import { closeLeftChannels } from './close-left-channels.ts'
import { describers, restorersOf, typeChoice } from './data-types.ts'
import { isOfTenant } from './directory-name.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { findPeople } from './people.ts'
import { createReportFile, type ReportFile } from './report-file.ts'
import type { RestorePlace } from './restore-place.ts'
import { itemLine, remarkMessages, summaryLine, tellRestore } from './restore-report.ts'
import type { AskedRestore } from './restore-to-disk.ts'
import { kindFolder } from './root-filter.ts'
import { findPaths } from './snapshot-paths.ts'
import { rootsOf } from './snapshot-roots.ts'
import { openTenant, type Tenant } from './tenant.ts'
import { UsageError } from './usage-error.ts'

type RootPlace = Extract<RestorePlace, { readonly kind: 'root' }>

const NAMED = 5
/** How long an interrupted restore may take to open a channel again. */
const UNLOCK_MS = 20_000

/** Creates the items of a snapshot in the account of a user, in a group or in a site. */
export async function restoreToRoot(asked: AskedRestore, place: RootPlace): Promise<ExitCode> {
  const paths = await choosePaths(asked, place.root)
  const tenant = await openTenant(asked.session, place.source)
  try {
    const target = await findTarget(tenant, place, asked.signal)
    return await create(asked, { place, tenant, target, paths })
  } catch (error) {
    throw tenant.explain(error)
  } finally {
    await leaveUnlocked(asked, tenant)
    await tenant.close()
  }
}

/** However the restore ended: a channel that it has locked for its members is opened again while we are here. */
async function leaveUnlocked({ session }: AskedRestore, tenant: Tenant): Promise<void> {
  const signal = AbortSignal.timeout(UNLOCK_MS)
  try {
    await closeLeftChannels({ ...session, signal }, tenant)
  } catch (error) {
    if (!isEngineError(error)) throw error
    session.output.warn(`It is not known whether a channel of Teams is still locked, the next command tries again.`)
  }
}

/** The paths to restore: all of one root, so that nobody gets another one's mail by mistake. Throws UsageError. */
async function choosePaths(asked: AskedRestore, kind: RootKind): Promise<readonly string[]> {
  const { repository, snapshot, paths, signal } = asked
  if (paths.every((path) => path === '' || path === kindFolder(kind))) return [await onlyRoot(asked, kind)]
  const roots = new Map(paths.map((path) => [rootOf(path)?.root, rootOf(path)]))
  const [root] = roots.values()
  if (root === undefined || roots.size > 1)
    throw new UsageError(
      `The paths are not all of one user, group or site: restore one at a time, with paths that begin with ${kindFolder(kind)}/<name>/.`,
    )
  if (root.kind !== kind)
    throw new UsageError(
      `"${root.root}" is a ${root.kind} and goes only into a ${root.kind}: give --restore-path="@office365://${kindFolder(root.kind)}/...".`,
    )
  const found = await findPaths(repository, snapshot.tree, paths, signal)
  return [...new Set(found.map(({ path, item }) => item ?? path))]
}

async function onlyRoot({ repository, snapshot, signal }: AskedRestore, kind: RootKind): Promise<string> {
  const paths: string[] = []
  for await (const { path } of rootsOf(repository, snapshot.tree, kind, signal)) {
    paths.push(path)
    if (paths.length > NAMED) break
  }
  const [only] = paths
  if (only === undefined) throw new EngineError('restore.nothing-to-restore')
  if (paths.length === 1) return only
  const names = paths.slice(0, NAMED).map((path) => path.slice(path.indexOf('/') + 1))
  const more = paths.length > NAMED ? ' and others' : ''
  throw new UsageError(
    `The snapshot has several ${kindFolder(kind)} (${names.join(', ')}${more}): say which one, with a path like ${only}.`,
  )
}

async function findTarget({ listers }: Tenant, { root, name }: RootPlace, signal: AbortSignal): Promise<Root> {
  try {
    return await listers[root].root(name, signal)
  } catch (error) {
    if (!isEngineError(error, 'restore.target-not-found') && !isEngineError(error, 'restore.target-ambiguous'))
      throw error
    throw new EngineError(error.code, { context: { ...error.context, target: name, kind: root }, cause: error })
  }
}

interface Creation {
  readonly place: RootPlace
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
    const told = { dryRun, snapshot: snapshot.id, target: creation.target, report, reportFile: reportFile.path }
    reportFile.add(summaryLine(report))
    tellRestore(session.output, {
      ...told,
      accounting: creation.tenant.client.accounting(),
      durationMs: systemClock.now() - started,
    })
    return report.failed > 0 ? exitCodes.incomplete : exitCodes.done
  } catch (error) {
    session.progress.stop()
    session.output.note(`What was done until then is in ${reportFile.path}`)
    throw error
  } finally {
    reportFile.close()
  }
}

function chosenRestorers(
  { session: { profile }, content }: AskedRestore,
  { place, tenant, target }: Creation,
): readonly DataTypeRestorer[] {
  const isType = typeChoice(content)
  const parts = {
    client: tenant.client,
    clock: systemClock,
    planGroup: place.planGroup,
    ledger: createChannelLedger(profile),
    tenant: tenant.tenantId,
    sharePoint: tenant.sharePoint,
    signedIn: tenant.as,
  }
  return restorersOf(target.kind, parts).filter(({ folder }) => isType(target.kind, folder))
}

async function run(asked: AskedRestore, creation: Creation, reportFile: ReportFile): Promise<TenantRestoreReport> {
  const { session, repository, snapshot, content, dryRun, signal } = asked
  const { progress, output } = session
  const { place, tenant, target, paths } = creation
  const { ignoreExisting, targetFolder, onRequest } = place
  const owner = target.kind === 'user' ? { from: paths[0]?.split('/')[1] ?? '', to: target } : undefined
  const isSameTenant = await isOfTenant(tenant, snapshot.hostname, signal)
  const people = await findPeople(tenant.listers.user, { owner, named: place.people, isSameTenant }, signal)
  const report = await restoreToTenant({
    repository,
    tree: snapshot.tree,
    paths,
    target,
    restorers: chosenRestorers(asked, creation),
    filter: content.filter,
    describers: describers[target.kind],
    dryRun,
    ignoreExisting,
    targetFolder,
    onRequest,
    people,
    signal,
    onItem: (item) => {
      const line = itemLine(item)
      reportFile.add(line)
      output.object({ message_type: 'item', ...line })
    },
    onContainer: ({ path, remarks }) => {
      const line = { container: path, messages: remarkMessages(remarks) }
      reportFile.add(line)
      output.object({ message_type: 'container', ...line })
    },
    onProgress: ({ created, duplicates, failed, bytes }) =>
      progress.update(() => {
        const { requests, throttledMs } = tenant.client.accounting()
        const items = created + duplicates + failed
        return { current: `restoring to ${target.name}`, items, bytes, requests, throttledMs }
      }),
  })
  progress.stop()
  return report
}
