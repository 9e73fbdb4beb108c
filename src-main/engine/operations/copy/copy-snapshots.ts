import { EngineError, type ErrorCode } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import { listSnapshots, loadSnapshot } from '../../repository/snapshots.ts'
import { CopyRun } from './copy-run.ts'
import type { CopiedSnapshot, CopyOptions, CopyReport } from './model.ts'
import { KnownCopies } from './same-snapshot.ts'

/**
 * Brings snapshots that the target lacks, with the blobs they need: opened, compared with their hashes and sealed under
 * the target's key, not compressed again. Time, paths, tags and host stay; `original` names where it comes from. A
 * snapshot appears in the target once everything it needs is durable there; what an interrupted copy has stored is used
 * by the next one, if no prune comes between. A snapshot of which something is damaged is not copied, see `failed`.
 *
 * Rejects with `usage` if both are the same repository, repository.snapshot-not-found or .snapshot-damaged for what is
 * in `ids`, repository.index-damaged, repository.lock-lost, or the store's error.
 */
export async function copySnapshots(options: CopyOptions): Promise<CopyReport> {
  const { from, to, signal } = options
  if (from.config.id === to.config.id) throw new EngineError('usage', { context: { reason: 'same repository' } })
  for (const repository of [from, to]) {
    repository.forgetIndex()
    await repository.loadIndex(signal)
  }
  const { chosen, failed } = await chosenSnapshots(options)
  const known = new KnownCopies((await listSnapshots(to.store, to.sealer, signal)).snapshots)
  const present: CopiedSnapshot[] = []
  const missing: SavedSnapshot[] = []
  for (const snapshot of chosen) {
    const there = known.find(snapshot)
    if (there === undefined) missing.push(snapshot)
    else present.push({ source: snapshot.id, target: there.id })
  }
  const run = new CopyRun(options, chosen.length, present.length)
  try {
    for (const snapshot of missing) await run.copy(snapshot)
    const done = await run.finish()
    return { ...done, present, failed: [...failed, ...done.failed] }
  } finally {
    await run.close()
    to.forgetIndex()
  }
}

/** Oldest first. */
async function chosenSnapshots({ from, ids, signal }: CopyOptions): Promise<{
  readonly chosen: readonly SavedSnapshot[]
  readonly failed: readonly { readonly source: HexId; readonly code: ErrorCode }[]
}> {
  const { store, sealer } = from
  if (ids !== undefined) {
    const chosen: SavedSnapshot[] = []
    for (const id of new Set(ids)) chosen.push(await loadSnapshot(store, sealer, id, signal))
    return { chosen, failed: [] }
  }
  const { snapshots, damaged } = await listSnapshots(store, sealer, signal)
  const failed = damaged.map(({ code, context }) => {
    const file = String(context.file)
    return { source: file.slice(file.lastIndexOf('/') + 1) as HexId, code }
  })
  return { chosen: snapshots, failed }
}
