import { chooseCopies } from './choose-snapshots.ts'
import { CopyRun } from './copy-run.ts'
import type { CopyOptions, CopyReport } from './model.ts'

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
  const { missing, present, failed } = await chooseCopies(options)
  const run = new CopyRun(options, missing.length + present.length, present.length)
  try {
    for (const snapshot of missing) await run.copy(snapshot)
    const done = await run.finish()
    return { ...done, present, failed: [...failed, ...done.failed] }
  } finally {
    await run.close()
    options.to.forgetIndex()
  }
}
