import { EngineError, type ErrorCode } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import { listSnapshots, loadSnapshot } from '../../repository/snapshots.ts'
import type { ChosenCopies, CopiedSnapshot, CopyOptions } from './model.ts'
import { KnownCopies } from './same-snapshot.ts'

type Chooser = Pick<CopyOptions, 'from' | 'to' | 'ids' | 'signal'>

/** Reads both indexes anew and finds out what the target lacks. Rejects as `copySnapshots` does. */
export async function chooseCopies(options: Chooser): Promise<ChosenCopies> {
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
  return { missing, present, failed }
}

/** Oldest first. */
async function chosenSnapshots({ from, ids, signal }: Chooser): Promise<{
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
