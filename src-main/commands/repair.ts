import { formatCount } from '../../src-shared/text/amounts.ts'
import { errorSentence } from '../../src-shared/text/errors.ts'
import { printable } from '../../src-shared/text/printable.ts'
import {
  repairConfig,
  repairIndex,
  repairPacks,
  repairSnapshots,
  resolveSnapshot,
  type HexId,
  type OpenRepository,
  type RepairProgress,
  type RepairSnapshotsReport,
} from '../engine/index.ts'
import { openDestination } from './parts/destination.ts'
import { withPlace } from './parts/error-place.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { itemReference, referenceText } from './parts/item-reference.ts'
import type { Output } from './parts/output.ts'
import { openRepositoryAt, whileLocked, type OpenedRepository } from './parts/repository.ts'
import { requiredArgument, type Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'

const SHORT = 8
const STAGES: Readonly<Record<RepairProgress['stage'], string>> = {
  index: 'reading the index',
  packs: 'reading packs',
  snapshots: 'looking at snapshots',
  delete: 'removing files',
}

/** What every repair takes. */
interface Common {
  readonly repository: OpenRepository
  readonly dryRun: boolean
  readonly confirmLock: () => Promise<void>
  readonly signal: AbortSignal
  readonly onProgress: (progress: RepairProgress) => void
}

/** Mends an index, packs, snapshots or the config, as far as they can be read. */
export async function repair(session: Session): Promise<ExitCode> {
  const what = requiredArgument(session, 0)
  const ids = session.args.slice(2)
  if (what === 'config') return mendConfig(session)
  if (what === 'packs' && ids.length === 0)
    throw new UsageError('It is not clear which packs: name them, as "holdfast check --read-data" does.')
  const opened = await openRepositoryAt(session, requiredArgument(session, 1), { mayBeCached: false })
  if (what === 'index') return whileMending(session, opened, true, (common) => mendIndex(session, common))
  if (what === 'packs') return whileMending(session, opened, true, (common) => mendPacks(session, common, ids))
  const forgets = session.values.flag('forget') === true
  return whileMending(session, opened, forgets, (common) => mendSnapshots(session, common, ids, forgets))
}

async function whileMending(
  session: Session,
  opened: OpenedRepository,
  removes: boolean,
  work: (common: Common) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { values, progress } = session
  const dryRun = values.flag('dry-run') === true
  const onProgress = ({ stage, done, total }: RepairProgress): void =>
    progress.update(() => ({ current: STAGES[stage], items: done, expected: total }))
  const choice = { exclusive: removes && !dryRun, readsOnly: dryRun }
  return whileLocked(session, opened, choice, (signal, confirmLock) =>
    work({ repository: opened.repository, dryRun, confirmLock, signal, onProgress }),
  ).finally(() => progress.stop())
}

async function mendConfig(session: Session): Promise<ExitCode> {
  const { output, signal } = session
  const { store } = await openDestination(session, requiredArgument(session, 1), { mayBeCached: false })
  try {
    const config = await repairConfig({ store, passphrase: await session.passphrase('open'), signal })
    output.summary(config === undefined ? 'The config is sound.' : 'The config was written anew.')
    output.object({ message_type: 'summary', repaired: config !== undefined, ...(config && { id: config.id }) })
    return exitCodes.done
  } catch (error) {
    throw withPlace(error, store.location)
  }
}

async function mendIndex({ output, values, progress }: Session, common: Common): Promise<ExitCode> {
  const report = await repairIndex({ ...common, readAllPacks: values.flag('read-all-packs') === true })
  progress.stop()
  const { damagedIndexes, missingPacks, readPacks, unreadablePacks, indexFiles } = report
  const verb = common.dryRun ? 'would be' : 'were'
  if (damagedIndexes.length > 0)
    output.summary(`${formatCount(damagedIndexes.length, 'damaged index file')} ${verb} removed.`)
  if (readPacks.length > 0)
    output.summary(`${formatCount(readPacks.length, 'pack')} ${verb} listed from their own headers.`)
  for (const id of missingPacks) output.warn(`Pack ${id} is missing.`)
  for (const { id, code } of unreadablePacks) output.warn(`Pack ${id} cannot be read. ${errorSentence(code)}`)
  const changed = damagedIndexes.length + missingPacks.length + readPacks.length
  if (changed === 0) output.summary('The index is sound.')
  output.object({
    message_type: 'summary',
    dry_run: common.dryRun,
    damaged_indexes: damagedIndexes,
    missing_packs: missingPacks,
    packs_read: readPacks.length,
    unreadable_packs: unreadablePacks,
    index_files_removed: indexFiles.removed,
    index_files_written: indexFiles.written,
  })
  return missingPacks.length + unreadablePacks.length > 0 ? exitCodes.incomplete : exitCodes.done
}

async function mendPacks({ output, progress }: Session, common: Common, names: readonly string[]): Promise<ExitCode> {
  const { repository, signal, dryRun } = common
  await repository.loadIndex(signal)
  const report = await repairPacks({ ...common, packs: names.map((name) => packNamed(repository, name)) })
  progress.stop()
  const { packs, saved, lost } = report
  if (dryRun) output.summary(`${formatCount(packs.length, 'pack')} would be replaced.`)
  else {
    output.summary(`${formatCount(packs.length, 'pack')} replaced, ${formatCount(saved, 'blob')} saved.`)
    if (lost.length > 0)
      output.warn(
        `${formatCount(lost.length, 'blob')} could not be read: "holdfast repair snapshots" makes snapshots without them.`,
      )
  }
  output.object({ message_type: 'summary', dry_run: dryRun, packs, blobs_saved: saved, blobs_lost: lost })
  return lost.length > 0 ? exitCodes.incomplete : exitCodes.done
}

/** Throws UsageError. */
function packNamed({ packs }: OpenRepository, name: string): HexId {
  const [id, ...others] = packs.ids().filter((pack) => pack.startsWith(name.toLowerCase()))
  if (id === undefined) throw new UsageError(`The index knows no pack "${name}".`)
  if (others.length > 0) throw new UsageError(`Several packs begin with "${name}": give more digits.`)
  return id
}

async function mendSnapshots(
  { output, progress }: Session,
  common: Common,
  names: readonly string[],
  removeOriginals: boolean,
): Promise<ExitCode> {
  const { repository, signal } = common
  const ids: HexId[] = []
  for (const name of names) ids.push((await resolveSnapshot(repository.store, repository.sealer, name, {}, signal)).id)
  const report = await repairSnapshots({ ...common, removeOriginals, ...(ids.length === 0 ? {} : { ids }) })
  progress.stop()
  tellSnapshots(output, report, common.dryRun)
  return report.lost.length + report.damaged.length > 0 ? exitCodes.incomplete : exitCodes.done
}

function tellSnapshots(output: Output, report: RepairSnapshotsReport, dryRun: boolean): void {
  const { sound, repaired, lost, damaged, removed } = report
  for (const { source, target, items, paths } of repaired) {
    const made = target === undefined ? 'would be replaced' : `replaced by ${target.slice(0, SHORT)}`
    output.line(
      `Snapshot ${source.slice(0, SHORT)} ${made}, without ${formatCount(items, 'file or folder', 'files and folders')}:`,
    )
    for (const path of paths) output.line(`  ${printable(referenceText(itemReference(path)))}`)
    if (paths.length < items) output.line(`  and ${String(items - paths.length)} more`)
    output.object({ message_type: 'repaired_snapshot', source, target, items })
  }
  for (const id of lost) output.warn(`Nothing of snapshot ${id.slice(0, SHORT)} can be read.`)
  for (const { code, context } of damaged) output.warn(errorSentence(code, context))
  output.summary(
    `${formatCount(sound, 'snapshot')} sound, ${formatCount(repaired.length, 'snapshot')} repaired, ${String(removed.length)} removed.`,
  )
  output.object({
    message_type: 'summary',
    dry_run: dryRun,
    sound,
    repaired: repaired.length,
    lost,
    damaged: damaged.length,
    removed,
  })
}
