import type { ValueOf } from '../../../src-shared/ipc/contract.ts'
import { listSnapshots } from '../../engine/index.ts'
import type { HostContext } from '../context.ts'

/** How much is in a repository, by its index and its snapshots. Rejects like `openPlace`. */
export async function placeFigures(
  context: HostContext,
  place: string,
  signal: AbortSignal,
): Promise<ValueOf<'destinations.figures'>> {
  const { repository, release } = await context.openPlace(place, signal)
  try {
    await repository.ensureIndex(signal)
    const { snapshots } = await listSnapshots(repository.store, repository.sealer, signal)
    const { packs } = repository
    const numbers = Array.from({ length: packs.count }, (_, at) => at)
    const times = snapshots.map(({ time }) => Date.parse(time))
    return {
      snapshots: snapshots.length,
      bytes: numbers.reduce((sum, number) => sum + packs.extent(number).end, 0),
      packs: packs.count,
      oldest: times.length === 0 ? null : times.reduce((one, other) => Math.min(one, other)),
      newest: times.length === 0 ? null : times.reduce((one, other) => Math.max(one, other)),
    }
  } finally {
    release()
  }
}
