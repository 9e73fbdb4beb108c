import type { DifferenceRow } from '../../../src-shared/ipc/contract/browse.ts'
import type { Catalog, Difference, HexId } from '../../engine/index.ts'
import type { Handlers, HostContext } from '../context.ts'
import { cursorAt, offsetOf } from './offset-cursor.ts'
import { withPlace } from './with-place.ts'

type Totals = Record<Difference['kind'], number>

interface Comparison {
  readonly rows: readonly DifferenceRow[]
  readonly totals: Readonly<Totals>
}

const PAGE = 500
/** Comparisons that stay in memory, and rows of all of them together. */
const MOST_PAIRS = 4
const MOST_ROWS = 400_000
/** So many differences are read before others get their turn. */
const BREATH = 5_000

/**
 * What became of everything from one snapshot to another. The first page needs the totals, so all of it is read then;
 * the pages after that come from memory as long as nobody compares much else.
 */
export function compareSnapshots(context: HostContext): Handlers<'browse.compare'>['browse.compare'] {
  const known = new Map<string, Comparison>()
  return async ({ place, from, to, cursor }, { signal }) =>
    await withPlace(context, place, signal, async ({ catalog, repository }) => {
      const offset = offsetOf(cursor)
      const pair = `${repository.config.id}/${from}/${to}`
      const comparison = known.get(pair) ?? (await compared(catalog, from as HexId, to as HexId, signal))
      keep(known, pair, comparison)
      const { rows, totals } = comparison
      const next = offset + PAGE < rows.length ? cursorAt(offset + PAGE) : null
      return { rows: rows.slice(offset, offset + PAGE), next, totals }
    })
}

async function compared(catalog: Catalog, from: HexId, to: HexId, signal: AbortSignal): Promise<Comparison> {
  const rows: DifferenceRow[] = []
  const totals: Totals = { added: 0, changed: 0, moved: 0, deleted: 0 }
  for (const difference of catalog.differences(from, to)) {
    totals[difference.kind]++
    rows.push(rowOf(difference))
    if (rows.length % BREATH !== 0) continue
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
  }
  return { rows, totals }
}

function rowOf(difference: Difference): DifferenceRow {
  const { what, kind, type, path, size } = difference
  return { what, kind, type, path, size, from: 'from' in difference ? (difference.from ?? null) : null }
}

/** The one that was asked for last stays in any case. */
function keep(known: Map<string, Comparison>, pair: string, comparison: Comparison): void {
  known.delete(pair)
  known.set(pair, comparison)
  const rows = (): number => [...known.values()].reduce((sum, one) => sum + one.rows.length, 0)
  for (const oldest of known.keys()) {
    if (known.size <= 1 || (known.size <= MOST_PAIRS && rows() <= MOST_ROWS)) return
    known.delete(oldest)
  }
}
