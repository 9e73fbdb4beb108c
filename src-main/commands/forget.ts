import { formatBytes, formatCount, formatMoment } from '../../src-shared/text/amounts.ts'
import { errorSentence } from '../../src-shared/text/errors.ts'
import { displayWidth } from '../../src-shared/text/printable.ts'
import {
  forgetSnapshots,
  prune,
  type ForgetOptions,
  type ForgetReport,
  type ForgottenGroup,
  type GroupField,
  type PruneReport,
} from '../engine/index.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import type { OptionValues } from './parts/option-values.ts'
import { tableLines, type Output } from './parts/output.ts'
import { pruneFigures, readPruneLimits, reportPrune, showPruneProgress } from './parts/prune-report.ts'
import { openNamedRepository, whileLocked, type OpenedRepository } from './parts/repository.ts'
import { requireRetention } from './parts/retention.ts'
import type { Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'

const SHORT = 8
const FIELDS: readonly GroupField[] = ['host', 'paths', 'tags']

/** Which snapshots, by what rules, and whether a prune follows. */
export type AskedForget = Pick<ForgetOptions, 'policy' | 'filter' | 'groupBy' | 'limits' | 'dryRun'> & {
  readonly prune: boolean
}

export interface Forgotten {
  readonly report: ForgetReport
  readonly pruned: PruneReport | undefined
}

/** Removes snapshots by rules, and with --prune what only they needed. */
export async function forget(session: Session): Promise<ExitCode> {
  const asked = readAsked(session.values)
  const opened = await openNamedRepository(session, { mayBeCached: false })
  const { report, pruned } = await forgetOpened(session, opened, asked)
  reportForget(session.output, report)
  if (pruned !== undefined) reportPrune(session.output, pruned)
  return report.damaged.length > 0 ? exitCodes.incomplete : exitCodes.done
}

/** Takes the lock that it needs, one for both steps. */
export async function forgetOpened(
  session: Session,
  opened: OpenedRepository,
  { prune: alsoPrune, ...asked }: AskedForget,
): Promise<Forgotten> {
  const { repository } = opened
  const dryRun = asked.dryRun === true
  const onProgress = showPruneProgress(session)
  const choice = { exclusive: !dryRun, readsOnly: dryRun }
  try {
    return await whileLocked(session, opened, choice, async (signal, confirmLock) => {
      const common = { repository, confirmLock, signal, onProgress }
      // What a prune does is told by itself; finding out before would read all trees twice.
      const countBytes = dryRun || !alsoPrune
      const report = await forgetSnapshots({ ...asked, ...common, clock: systemClock, countBytes })
      const pruned = alsoPrune && !dryRun ? await prune({ ...asked.limits, ...common }) : undefined
      return { report, pruned }
    })
  } finally {
    session.progress.stop()
  }
}

function readAsked(values: OptionValues): AskedForget {
  const host = values.text('host')
  const groupBy = values.text('group-by')
  return {
    policy: requireRetention(values),
    filter: { ...(host === undefined ? {} : { host }), paths: values.list('path'), tags: values.list('tag') },
    ...(groupBy === undefined ? {} : { groupBy: parseFields(groupBy) }),
    limits: readPruneLimits(values),
    dryRun: values.flag('dry-run') === true,
    prune: values.flag('prune') === true,
  }
}

function parseFields(text: string): readonly GroupField[] {
  const words = text.split(',').filter((word) => word !== '')
  return words.map((word) => {
    const field = FIELDS.find((name) => name === word || name === `${word}s`)
    if (field === undefined) throw new UsageError(`--group-by takes host, paths and tags, not "${word}".`)
    return field
  })
}

/** Says which snapshots stay and why, which go, and what that frees. */
export function reportForget(output: Output, report: ForgetReport): void {
  const { groups, removed, damaged, dryRun, prune: would, pruneFailure } = report
  for (const group of groups) {
    if (!output.quiet) for (const line of groupLines(group, dryRun)) output.line(line)
    output.object(groupObject(group))
  }
  for (const { code, context } of damaged) {
    const message = errorSentence(code, context)
    output.warn(message)
    output.object({ message_type: 'error', error: { message }, during: 'forget', code })
  }
  const verb = dryRun ? 'would go' : 'removed'
  output.summary(`${formatCount(removed.length, 'snapshot')} ${verb}.`)
  if (would !== undefined && removed.length > 0)
    output.summary(`A prune ${dryRun ? 'would then free' : 'will free'} ${formatBytes(would.bytes.freed)}.`)
  if (pruneFailure !== undefined) output.warn(errorSentence(pruneFailure.code, pruneFailure.context))
  const figures = would === undefined ? {} : { prune: pruneFigures(would) }
  output.object({ message_type: 'summary', dry_run: dryRun, snapshots_removed: removed.length, ...figures })
}

function groupLines({ host, paths, tags, keep, remove }: ForgottenGroup, dryRun: boolean): readonly string[] {
  const words = [host === undefined ? '' : `of ${host}`, (paths ?? []).join(', '), (tags ?? []).join(', ')]
  const title = `Snapshots ${words.filter((word) => word !== '').join(': ')}`.trimEnd()
  const kept = keep.map(({ snapshot, reasons }) => [...rowOf(snapshot), 'stays', reasons.join(', ')])
  const gone = remove.map((snapshot) => [...rowOf(snapshot), dryRun ? 'would go' : 'removed', ''])
  const rows = [...kept, ...gone].sort((one, other) => ((one[1] ?? '') < (other[1] ?? '') ? 1 : -1))
  return [title, ...tableLines(rows, displayWidth).map((line) => `  ${line}`)]
}

function rowOf({ id, time }: { readonly id: string; readonly time: string }): readonly [string, string] {
  return [id.slice(0, SHORT), formatMoment(Date.parse(time))]
}

function groupObject({ host, paths, tags, keep, remove }: ForgottenGroup): { readonly message_type: string } {
  const name = { ...(host === undefined ? {} : { host }), ...(paths === undefined ? {} : { paths }) }
  return {
    message_type: 'forget_group',
    ...name,
    ...(tags === undefined ? {} : { tags }),
    keep: keep.map(({ snapshot, reasons }) => ({ id: snapshot.id, time: snapshot.time, reasons })),
    remove: remove.map(({ id, time }) => ({ id, time })),
  } as { readonly message_type: string }
}
