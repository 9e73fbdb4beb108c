import { EngineError, isEngineError, restoreToTenant, type TenantRestoreReport } from '../engine/index.ts'
import type { Root } from '../engine/ports/data-type.ts'
import { chosenTypes, describers, restorersOf, userTypes } from './data-types.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { findPeople } from './people.ts'
import { createReportFile, type ReportFile } from './report-file.ts'
import type { RestorePlace } from './restore-place.ts'
import type { AskedRestore } from './restore-to-disk.ts'
import { itemLine, remarkMessages, summaryLine, tellRestore } from './restore-report.ts'
import { findPath, foldersIn } from './snapshot-paths.ts'
import { systemClock } from '../graph/client/system-clock.ts'
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

async function run(
  { session: { progress, output }, repository, snapshot, content, dryRun, signal }: AskedRestore,
  { place, tenant, target, paths }: Creation,
  reportFile: ReportFile,
): Promise<TenantRestoreReport> {
  const { ignoreExisting, targetFolder, onRequest } = place
  const types = chosenTypes(userTypes, content)
  const owner = { from: paths[0]?.split('/')[1] ?? '', to: target }
  const isSameTenant = snapshot.hostname === place.source.tenantId
  const people = await findPeople(tenant.users, { owner, named: place.people, isSameTenant }, signal)
  const report = await restoreToTenant({
    repository,
    tree: snapshot.tree,
    paths,
    target,
    restorers: restorersOf(tenant.client, systemClock, place).filter(({ folder }) => types.includes(folder)),
    filter: content.filter,
    describers,
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
