import { isEngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { RootKind } from '../../ports/data-type.ts'
import { saveSnapshot } from '../../repository/snapshots.ts'
import { RepositoryWriter } from '../../repository/writer.ts'
import { keepHeapSmall } from '../../small-heap.ts'
import { systemUser } from '../../system-user.ts'
import { beginRun } from './begin-run.ts'
import { Checkpoints } from './checkpoints.ts'
import type { RunContext } from './context.ts'
import { HOLDFAST_FOLDER, SNAPSHOT_TAG, directoryNode, fileNode, sorted } from './layout.ts'
import type { BackupOptions, BackupReport } from './model.ts'
import { collapsedNotices } from './notices.ts'
import { readRoots } from './read-roots.ts'
import { cursorsFile, runFile } from './snapshot-files.ts'
import { SnapshotTree } from './snapshot-tree.ts'

const CHECKPOINT_EVERY = 60_000
/** One seals faster than Graph gives, and each takes some 60 MiB. */
const SEAL_THREADS = 1

/**
 * Reads the roots and makes a snapshot: complete, from the previous one and what changed. A run that was interrupted
 * is continued. Rejects when nothing further can be done; then no snapshot is made, and the next run goes on.
 */
export async function backUp(options: BackupOptions): Promise<BackupReport> {
  keepHeapSmall()
  const writer = new RepositoryWriter(options.repository, options.seal, SEAL_THREADS)
  try {
    return await new Backup(options, writer).run()
  } finally {
    await writer.close()
  }
}

class Backup {
  readonly #stop = new AbortController()
  readonly #run: RunContext
  readonly #started: string
  #roots: ReadonlyMap<RootKind, number> = new Map()

  constructor(options: BackupOptions, writer: RepositoryWriter) {
    const { catalog, clock } = options
    const now = clock.now()
    const { seriesKey, seq, resumed } = beginRun(options)
    const counts = { roots: 0, containers: 0, changed: 0, contentRead: 0, contentBytes: 0, removed: 0 }
    let current = ''
    let expected = 0
    this.#started = new Date(now).toISOString()
    this.#run = {
      ...options,
      signal: AbortSignal.any([options.signal, this.#stop.signal]),
      stop: (reason) => {
        this.#stop.abort(reason)
      },
      writer,
      seriesKey,
      seq,
      base: catalog.base(seriesKey),
      checkpoints: new Checkpoints(writer, catalog, clock, options.checkpointEvery ?? CHECKPOINT_EVERY),
      counts,
      unread: [],
      notRefreshed: [],
      notices: resumed ? [{ path: '', code: 'continued' }] : [],
      tell: (path, items) => {
        current = path ?? current
        expected += items ?? 0
        options.onProgress?.({ ...counts, current, expected })
      },
    }
  }

  async run(): Promise<BackupReport> {
    try {
      return await this.#readAndSave()
    } catch (error) {
      await this.#keepWhatWasRead()
      // What came first; the rest only says that it was stopped.
      throw this.#stop.signal.aborted ? this.#stop.signal.reason : error
    }
  }

  /** The user said stop: what is recorded becomes durable, so that the next run does not read it again. */
  async #keepWhatWasRead(): Promise<void> {
    if (isEngineError(this.#run.signal.reason, 'cancelled')) await this.#run.checkpoints.now()
  }

  async #readAndSave(): Promise<BackupReport> {
    this.#roots = await readRoots(this.#run)
    this.#run.counts.removed = this.#run.catalog.countGone(this.#run.seq)
    const holdfast = directoryNode(HOLDFAST_FOLDER, await this.#holdfastTree(), this.#started)
    const tree = await new SnapshotTree(this.#run, this.#started).build([holdfast])
    await this.#run.checkpoints.now()
    return this.#saveSnapshot(tree)
  }

  async #holdfastTree(): Promise<HexId> {
    const { writer, clock } = this.#run
    const ended = new Date(clock.now()).toISOString()
    const files = { 'cursors.json': cursorsFile(this.#run), 'run.json': runFile(this.#run, this.#started, ended) }
    const nodes: TreeNode[] = []
    for (const [name, value] of Object.entries(files)) {
      const { blobs, size } = await writer.add(Buffer.from(JSON.stringify(value)), false)
      nodes.push(fileNode(name, blobs, size, ended))
    }
    return writer.addTree({ nodes: sorted(nodes) })
  }

  async #saveSnapshot(tree: HexId): Promise<BackupReport> {
    const { repository, catalog, seq, base, signal, checkpoints } = this.#run
    signal.throwIfAborted()
    await this.#run.confirmLock?.()
    const snapshot = this.#snapshot(tree)
    const id = await saveSnapshot(repository.store, repository.sealer, snapshot)
    await checkpoints.record(() => {
      catalog.finishRun(seq, { id, time: Date.parse(this.#started), tree })
      catalog.checkpoint()
    })
    return this.#report(id, tree, base?.id)
  }

  #snapshot(tree: HexId): Snapshot {
    const { series, base, program } = this.#run
    return {
      time: this.#started,
      ...(base === undefined ? {} : { parent: base.id }),
      tree,
      paths: series.paths,
      hostname: series.host,
      username: systemUser().username,
      tags: [SNAPSHOT_TAG],
      program_version: program,
    }
  }

  #report(snapshot: HexId, tree: HexId, parent: HexId | undefined): BackupReport {
    const { catalog, seriesKey, counts, writer, unread, notRefreshed, notices } = this.#run
    const { dataBlobs, treeBlobs, added, addedPacked } = writer.counts
    return {
      ...counts,
      ...catalog.totals(seriesKey),
      snapshot,
      tree,
      parent,
      newBlobs: dataBlobs + treeBlobs,
      added,
      addedPacked,
      unread,
      notRefreshed,
      notices: collapsedNotices(notices, this.#roots),
    }
  }
}
