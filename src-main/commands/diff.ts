import { formatCount, formatNumber } from '../../src-shared/text/amounts.ts'
import { displayWidth, printable } from '../../src-shared/text/printable.ts'
import {
  countDifference,
  diffSnapshots,
  resolveSnapshot,
  type Difference,
  type DifferenceCounts,
  type OpenRepository,
} from '../engine/index.ts'
import { rootOf } from '../engine/model/root-path.ts'
import { withCatalog } from './parts/catalog.ts'
import { typeFolders } from './parts/data-types.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { tableLines, type Output } from './parts/output.ts'
import { openNamedRepository, readLock, whileLocked } from './parts/repository.ts'
import { requiredArgument, type Session } from './parts/session.ts'

const MARKS: Readonly<Record<Difference['kind'], string>> = { added: '+', changed: 'M', moved: 'R', deleted: '-' }
const DRAINED_EVERY = 1_000
const kinds = ['added', 'changed', 'moved', 'deleted'] as const

/** Says what became of everything from one snapshot to another. */
export async function diff(session: Session): Promise<ExitCode> {
  const type = session.values.text('type')
  const folders = type === undefined ? undefined : typeFolders(type)
  const opened = await openNamedRepository(session)
  return await whileLocked(session, opened, readLock, (signal) =>
    diffOpened(session, opened.repository, folders, signal),
  )
}

async function diffOpened(
  session: Session,
  repository: OpenRepository,
  folders: ReturnType<typeof typeFolders> | undefined,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { output, values } = session
  const listed = values.flag('summary-only') !== true
  const [from, to] = [
    await resolveSnapshot(repository.store, repository.sealer, requiredArgument(session, 1), {}, signal),
    await resolveSnapshot(repository.store, repository.sealer, requiredArgument(session, 2), {}, signal),
  ]
  await repository.ensureIndex(signal)
  const counts = new Map<string, DifferenceCounts>()
  await withCatalog(session, repository, signal, async (catalog) => {
    let shown = 0
    for await (const difference of diffSnapshots({ repository, catalog, from, to, signal })) {
      const kind = rootOf(difference.path)?.kind
      if (folders !== undefined && (kind === undefined || !folders[kind].includes(difference.type))) continue
      countDifference(counts, difference)
      if (listed) print(output, difference)
      if (++shown % DRAINED_EVERY === 0) await output.drained()
    }
    await output.drained()
  })
  summarize(output, counts, from.id, to.id)
  return exitCodes.done
}

function print(output: Output, difference: Difference): void {
  const { kind, what, path } = difference
  const was = 'from' in difference ? difference.from : undefined
  const slash = what === 'folder' ? '/' : ''
  const text = was === undefined ? `${path}${slash}` : `${was}${slash} -> ${path}${slash}`
  output.line(`${MARKS[kind]}  ${printable(text)}`)
  output.object({ message_type: 'difference', ...difference })
}

function summarize(output: Output, counts: ReadonlyMap<string, DifferenceCounts>, from: string, to: string): void {
  const types = [...counts].sort(([one], [other]) => (one < other ? -1 : 1))
  const rows = types.map(([type, own]) => [type, ...kinds.map((kind) => `${formatNumber(own[kind])} ${kind}`)])
  for (const line of tableLines(rows, displayWidth)) output.summary(line)
  const total = types.reduce((sum, [, own]) => sum + kinds.reduce((part, kind) => part + own[kind], 0), 0)
  output.summary(total === 0 ? 'Nothing differs.' : `${formatCount(total, 'difference')}.`)
  output.object({ message_type: 'summary', from, to, differences: total, types: Object.fromEntries(counts) })
}
