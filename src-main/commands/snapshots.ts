import { formatMoment } from '../../src-shared/text/amounts.ts'
import { errorSentence } from '../../src-shared/text/errors.ts'
import { displayWidth } from '../../src-shared/text/printable.ts'
import { listSnapshots } from '../engine/index.ts'
import type { SavedSnapshot } from '../engine/model/snapshot.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { tableLines, type Message } from './parts/output.ts'
import { openNamedRepository } from './parts/repository.ts'
import type { Session } from './parts/session.ts'

const HEADINGS = ['ID', 'Time', 'Host', 'Paths', 'Parent', 'Tags']
const SHORT = 8
const SHOWN_PATHS = 3

/** Lists the snapshots, oldest first. */
export async function snapshots(session: Session): Promise<ExitCode> {
  const { output, signal } = session
  const { repository } = await openNamedRepository(session)
  const { snapshots: list, damaged } = await listSnapshots(repository.store, repository.sealer, signal)
  if (output.json) for (const snapshot of list) output.object(asObject(snapshot))
  else for (const line of asTable(list)) output.line(line)
  for (const { code, context } of damaged) {
    const message = errorSentence(code, context)
    if (output.json) output.object({ message_type: 'error', error: { message }, code })
    else output.warn(message)
  }
  output.object({ message_type: 'summary', snapshots: list.length, damaged: damaged.length })
  return damaged.length > 0 ? exitCodes.incomplete : exitCodes.done
}

/** restic's object, all fields as they are stored. */
function asObject(snapshot: SavedSnapshot): Message {
  return { message_type: 'snapshot', ...snapshot, short_id: snapshot.id.slice(0, SHORT) }
}

function asTable(list: readonly SavedSnapshot[]): string[] {
  if (list.length === 0) return ['The repository has no snapshot yet.']
  const rows = list.map(({ id, time, hostname, paths, parent, tags }) => [
    id.slice(0, SHORT),
    formatMoment(Date.parse(time)),
    hostname,
    shownPaths(paths),
    parent?.slice(0, SHORT) ?? '',
    tags?.join(',') ?? '',
  ])
  return tableLines([HEADINGS, ...rows], displayWidth)
}

function shownPaths(paths: readonly string[]): string {
  const more = paths.length - SHOWN_PATHS
  return `${paths.slice(0, SHOWN_PATHS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
