import { resolve } from 'node:path'
import { formatCount } from '../../src-shared/text/amounts.ts'
import { restoreToFolder, type OpenRepository } from '../engine/index.ts'
import { rootOf } from '../engine/model/root-path.ts'
import type { SavedSnapshot } from '../engine/model/snapshot.ts'
import { describers } from './parts/data-types.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { formats, type ItemFormat } from './export/formats.ts'
import { storedContainers } from './export/stored-items.ts'
import { writeStoredZip } from './export/stored-zip.ts'
import { TargetFiles } from './export/target-files.ts'
import { FailureList } from './parts/failure-list.ts'
import { findSnapshot } from './parts/find-snapshot.ts'
import { itemReference, referenceText } from './parts/item-reference.ts'
import type { exportFormats } from './parts/keeping-syntax.ts'
import { listFailures } from './parts/list-failures.ts'
import { openNamedRepository, readLock, whileLocked } from './parts/repository.ts'
import { requiredArgument, type Session } from './parts/session.ts'
import { findPaths, outermost } from './parts/snapshot-paths.ts'
import { transcriptTypes } from './parts/transcript-types.ts'
import { writeTranscripts } from './parts/transcripts.ts'
import { UsageError } from './parts/usage-error.ts'

type ExportFormat = (typeof exportFormats)[number]

const SHORT = 8
const PARTS = '/attachments/'

interface Asked {
  readonly repository: OpenRepository
  readonly snapshot: SavedSnapshot
  readonly paths: readonly string[]
  readonly folder: string
  readonly failures: FailureList
}

interface Outcome {
  readonly items: number
  readonly files: number
  readonly skipped: number
}

/** Writes items in formats that other programs read. */
export async function exportItems(session: Session): Promise<ExitCode> {
  const { values } = session
  const format = values.text('format') as ExportFormat | undefined
  const to = values.text('to')
  if (format === undefined) throw new UsageError('The format is missing: give --format, e.g. --format mbox.')
  if (to === undefined) throw new UsageError('It is not clear where the files go: name a folder with --to.')
  const opened = await openNamedRepository(session)
  return await whileLocked(session, opened, readLock, (signal) =>
    exportOpened({ ...session, signal }, opened.repository, format, resolve(to)),
  )
}

async function exportOpened(
  session: Session,
  repository: OpenRepository,
  format: ExportFormat,
  folder: string,
): Promise<ExitCode> {
  const { output, signal } = session
  const paths = outermost(session.args.slice(2))
  const asked = { name: requiredArgument(session, 1), paths }
  const snapshot = await findSnapshot(session, repository, asked, signal)
  await repository.ensureIndex(signal)
  await findPaths(repository, snapshot.tree, paths, signal)
  const failures = new FailureList()
  const outcome = await writtenAndListed(session, format, { repository, snapshot, paths, folder, failures })
  const { items, files, skipped } = outcome
  const failed = failures.size
  if (items === 0 && skipped === 0 && failed === 0)
    output.note(`There is nothing of that format (${format}): "holdfast ls" shows what the snapshot has.`)
  if (skipped > 0)
    output.warn(`${formatCount(skipped, 'item')} could not be said in that format, and stay in the repository.`)
  output.summary(`Wrote ${formatCount(items, 'item')} into ${formatCount(files, 'file')} in ${folder}`)
  output.object({ message_type: 'summary', snapshot_id: snapshot.id, format, folder, items, files, skipped, failed })
  return skipped > 0 || failed > 0 ? exitCodes.incomplete : exitCodes.done
}

/** What failed is listed, even if something ends the export early. */
async function writtenAndListed(session: Session, format: ExportFormat, asked: Asked): Promise<Outcome> {
  try {
    return await written(session, format, asked)
  } finally {
    session.progress.stop()
    const failures = asked.failures.all.map(({ path, code }) => ({ item: referenceText(itemReference(path)), code }))
    listFailures(session.output, 'item', 'export', failures, { elsewhere: '--json lists all of them' })
  }
}

function written(session: Session, format: ExportFormat, asked: Asked): Promise<Outcome> {
  if (format === 'html') return writePages(session, asked)
  if (format === 'zip') return writeZip(session, asked)
  return writeItems(session, format, asked)
}

async function writeItems(
  { progress, signal }: Session,
  format: ItemFormat,
  { repository, snapshot, paths, folder, failures }: Asked,
): Promise<Outcome> {
  const { takes, write } = formats[format]
  const target = new TargetFiles(folder)
  const total = { items: 0, skipped: 0 }
  const containers = storedContainers({
    repository,
    tree: snapshot.tree,
    paths,
    describer: (kind, name) => describers[kind].find((one) => one.folder === name && takes(one)),
    failures,
    signal,
  })
  for await (const container of containers) {
    const { items, skipped } = await write(container, { target, failures, signal })
    total.items += items
    total.skipped += skipped
    progress.update(() => ({ current: container.path, items: total.items }))
  }
  return { ...total, files: target.written }
}

/** Transcripts, and the files that they show or link to. */
async function writePages(
  { signal }: Session,
  { repository, snapshot, paths, folder, failures }: Asked,
): Promise<Outcome> {
  const what = { repository, tree: snapshot.tree, paths, target: folder, signal }
  const pages = await writeTranscripts({ ...what, wants: () => true, failures })
  const report = await restoreToFolder({
    ...what,
    // A folder comes to be with what is in it.
    wants: (path, node) =>
      node.type === 'dir' ? leadsToTranscripts(path) : path.includes(PARTS) && isOfTranscript(path),
  })
  for (const { path, code } of report.findings) failures.add(path, code)
  return { items: pages, files: pages + report.files, skipped: 0 }
}

function leadsToTranscripts(path: string): boolean {
  const rooted = rootOf(path)
  return rooted === undefined || rooted.rest.length === 0 || isOfTranscript(path)
}

function isOfTranscript(path: string): boolean {
  const rooted = rootOf(path)
  return transcriptTypes.some(({ kind, describer }) => kind === rooted?.kind && describer.folder === rooted.rest[0])
}

/** Everything that was asked for, as it is stored, in one zip. */
async function writeZip({ signal, progress }: Session, asked: Asked): Promise<Outcome> {
  const { repository, snapshot, paths, folder, failures } = asked
  const target = new TargetFiles(folder)
  const items = await writeStoredZip(
    {
      repository,
      tree: snapshot.tree,
      paths,
      place: { target, failures, signal },
      onFile: (current, files) => progress.update(() => ({ current, items: files })),
    },
    `holdfast ${snapshot.id.slice(0, SHORT)}`,
  )
  return { items, files: target.written, skipped: 0 }
}
