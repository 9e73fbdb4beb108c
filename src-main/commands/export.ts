import { resolve } from 'node:path'
import { formatCount } from '../../src-shared/text/amounts.ts'
import {
  RecentTrees,
  restoreToFolder,
  storedFile,
  walkTree,
  nodeAt,
  walkNode,
  type OpenRepository,
} from '../engine/index.ts'
import { rootOf } from '../engine/model/root-path.ts'
import type { SavedSnapshot } from '../engine/model/snapshot.ts'
import { describers } from './parts/data-types.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { formats, type ItemFormat } from './export/formats.ts'
import { storedContainers } from './export/stored-items.ts'
import { TargetFiles } from './export/target-files.ts'
import { zipStream, type ZipEntry } from './export/zip.ts'
import { findSnapshot } from './parts/find-snapshot.ts'
import type { exportFormats } from './parts/keeping-syntax.ts'
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
  const { output, signal, progress } = session
  const paths = outermost(session.args.slice(2))
  const asked = { name: requiredArgument(session, 1), paths }
  const snapshot = await findSnapshot(session, repository, asked, signal)
  await repository.ensureIndex(signal)
  await findPaths(repository, snapshot.tree, paths, signal)
  const outcome = await written(session, format, { repository, snapshot, paths, folder })
  progress.stop()
  if (outcome.items === 0 && outcome.skipped === 0)
    output.note(`There is nothing of that format (${format}): "holdfast ls" shows what the snapshot has.`)
  if (outcome.skipped > 0)
    output.warn(`${formatCount(outcome.skipped, 'item')} could not be said in that format, and stay in the repository.`)
  output.summary(`Wrote ${formatCount(outcome.items, 'item')} into ${formatCount(outcome.files, 'file')} in ${folder}`)
  const { items, files, skipped } = outcome
  output.object({ message_type: 'summary', snapshot_id: snapshot.id, format, folder, items, files, skipped })
  return outcome.skipped > 0 ? exitCodes.incomplete : exitCodes.done
}

function written(session: Session, format: ExportFormat, asked: Asked): Promise<Outcome> {
  if (format === 'html') return writePages(session, asked)
  if (format === 'zip') return writeZip(session, asked)
  return writeItems(session, format, asked)
}

async function writeItems(
  { progress, signal }: Session,
  format: ItemFormat,
  { repository, snapshot, paths, folder }: Asked,
): Promise<Outcome> {
  const { takes, write } = formats[format]
  const target = new TargetFiles(folder)
  const total = { items: 0, skipped: 0 }
  const containers = storedContainers({
    repository,
    tree: snapshot.tree,
    paths,
    describer: (kind, name) => describers[kind].find((one) => one.folder === name && takes(one)),
    signal,
  })
  for await (const container of containers) {
    const { items, skipped } = await write(container, target, signal)
    total.items += items
    total.skipped += skipped
    progress.update(() => ({ current: container.path, items: total.items }))
  }
  return { ...total, files: target.written }
}

/** Transcripts, and the files that they show or link to. */
async function writePages({ signal }: Session, { repository, snapshot, paths, folder }: Asked): Promise<Outcome> {
  const { tree } = snapshot
  const wants = (): boolean => true
  const pages = await writeTranscripts({ repository, tree, paths, wants, target: folder, signal })
  const report = await restoreToFolder({
    repository,
    tree,
    paths,
    target: folder,
    // A folder comes to be with what is in it.
    wants: (path, node) => node.type === 'dir' || (path.includes(PARTS) && isOfTranscript(path)),
    signal,
  })
  return { items: pages, files: pages + report.files, skipped: 0 }
}

function isOfTranscript(path: string): boolean {
  const rooted = rootOf(path)
  return transcriptTypes.some(({ kind, describer }) => kind === rooted?.kind && describer.folder === rooted.rest[0])
}

/** Everything that was asked for, as it is stored, in one zip. */
async function writeZip({ signal, progress }: Session, asked: Asked): Promise<Outcome> {
  const target = new TargetFiles(asked.folder)
  let items = 0
  const entries = async function* (): AsyncGenerator<ZipEntry, void, undefined> {
    for await (const entry of zipEntries(asked, signal)) {
      if (entry.data !== undefined) items++
      progress.update(() => ({ current: entry.name, items }))
      yield entry
    }
  }
  await target.write([], `holdfast ${asked.snapshot.id.slice(0, SHORT)}`, '.zip', async (append) => {
    for await (const part of zipStream(entries())) await append(part)
  })
  return { items, files: target.written, skipped: 0 }
}

async function* zipEntries(
  { repository, snapshot, paths }: Asked,
  signal: AbortSignal,
): AsyncGenerator<ZipEntry, void, undefined> {
  const nodes = (await findPaths(repository, snapshot.tree, paths, signal)).flatMap((found) => found.nodes)
  const trees = new RecentTrees(repository)
  for (const path of nodes.length === 0 ? [''] : nodes) {
    const node = await nodeAt(trees, snapshot.tree, path, signal)
    const walk =
      node === undefined ? walkTree(repository, snapshot.tree, '', signal) : walkNode(repository, node, path, signal)
    for await (const walked of walk) {
      if (walked.failure !== undefined) throw walked.failure
      if (walked.leaving === true) continue
      const { type, size = 0, mtime } = walked.node
      const time = Date.parse(mtime)
      if (type === 'dir') yield { name: `${walked.path}/`, time, size: 0 }
      else if (type === 'file')
        yield { name: walked.path, time, size, data: storedFile(repository, walked.node).stream(signal) }
    }
  }
}
