import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import { isDamage } from '../../repository/damage.ts'
import { removeFiles } from '../../repository/removal.ts'
import { listSnapshots, matches, snapshotName } from '../../repository/snapshots.ts'
import { planPrune } from '../prune/plan.ts'
import type { ForgetOptions, ForgetReport, ForgottenGroup } from './model.ts'
import { groupSnapshots } from './groups.ts'
import { applyPolicy, isEmptyPolicy } from './policy.ts'

const SERIES = ['host', 'paths'] as const

/**
 * Removes the snapshots that the policy does not keep; what only they need stays until a prune. The caller holds an
 * exclusive lock (none for a dry run). Rejects with `usage` (context: reason) if the policy is empty, since then
 * everything would go; with repository.nothing-kept (context: paths) if it would leave a series without any snapshot, before
 * anything is removed; with repository.lock-lost or the store's error. What was removed before stays removed; the same
 * call goes on.
 */
export async function forgetSnapshots(options: ForgetOptions): Promise<ForgetReport> {
  const { repository, policy, dryRun = false, confirmLock, signal } = options
  if (isEmptyPolicy(policy)) throw new EngineError('usage', { context: { reason: 'empty retention policy' } })
  const { store, sealer } = repository
  const { snapshots, damaged } = await listSnapshots(store, sealer, signal)
  const { filter = {}, groupBy = SERIES, clock } = options
  const now = clock.now()
  const groups = groupSnapshots(
    snapshots.filter((snapshot) => matches(snapshot, filter)),
    groupBy,
  ).map(({ snapshots: own, ...common }): ForgottenGroup => ({ ...common, ...applyPolicy(own, policy, now) }))
  const emptied = groups.find(({ keep, remove }) => keep.length === 0 && remove.length > 0)
  if (emptied !== undefined)
    throw new EngineError('repository.nothing-kept', { context: { paths: emptied.remove[0]?.paths.join(', ') ?? '' } })
  const removed = groups.flatMap(({ remove }) => remove.map(({ id }) => id))
  const planned = await plannedPrune(options, new Set(removed))
  if (!dryRun) await removeFiles(store, removed.map(snapshotName), { confirmLock, signal })
  return { dryRun, groups, removed, damaged, ...planned }
}

async function plannedPrune(
  { repository, limits, countBytes = true, signal, onProgress }: ForgetOptions,
  without: ReadonlySet<HexId>,
): Promise<Pick<ForgetReport, 'prune' | 'pruneFailure'>> {
  if (!countBytes) return { prune: undefined, pruneFailure: undefined }
  const optional = { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) }
  try {
    const { figures } = await planPrune({ ...limits, ...optional, repository, without })
    return { prune: figures, pruneFailure: undefined }
  } catch (error) {
    if (!isDamage(error)) throw error
    return { prune: undefined, pruneFailure: error }
  } finally {
    repository.forgetIndex()
  }
}
