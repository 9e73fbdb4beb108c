import { formatBytes, formatCount } from '../../src-shared/text/amounts.ts'
import { findingText } from '../../src-shared/text/check-findings.ts'
import {
  checkRepository,
  type CheckOptions,
  type CheckProgress,
  type CheckReport,
  type DrillReport,
} from '../engine/index.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import { openCheckHistory } from '../settings/check-history.ts'
import { takeTurn } from '../settings/turns.ts'
import { parsePercent } from './parts/amount-options.ts'
import { drill, keepDrill, tellDrill, tellLastDrill } from './parts/drill.ts'
import { DRILL_SAMPLES, parseSamples } from './parts/drill-options.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { itemReference, referenceText } from './parts/item-reference.ts'
import { keepRecord } from './parts/keep-record.ts'
import type { OptionValues } from './parts/option-values.ts'
import type { Output } from './parts/output.ts'
import { openNamedRepository, whileLocked, type OpenedRepository } from './parts/repository.ts'
import type { Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'

const SUBSET = 'read-data-subset'
const MOST_PARTS = 256
const SHOWN = 20
const SHORT = 8

const STAGES: Readonly<Record<CheckProgress['stage'], { readonly current: string; readonly unit: string }>> = {
  index: { current: 'reading the index', unit: 'files' },
  trees: { current: 'checking snapshots', unit: 'snapshots' },
  packs: { current: 'reading data', unit: 'packs' },
}

/** How much of the data is read: nothing, all, one of n parts, or so many percent, going round. */
export type AskedData = boolean | { readonly part: number; readonly of: number } | { readonly percent: number }

/** Looks for damage in the repository. */
export async function check(session: Session): Promise<ExitCode> {
  const { values } = session
  const asked = readAskedData(values)
  const sample = readSample(values)
  // What is kept here says nothing about what is there.
  const opened = await openNamedRepository(session, { mayBeCached: false })
  const { report, drilled } = await checkOpened(session, opened, asked, sample)
  if (drilled !== undefined) {
    tellDrill(session, drilled)
    await keepDrill(session, opened.repository.config.id, drilled)
  }
  printReport(session.output, report, asked)
  if (drilled === undefined) await tellLastDrill(session, opened.repository.config.id)
  return report.findings.length + (drilled?.bad.length ?? 0) > 0 ? exitCodes.failed : exitCodes.done
}

/** Takes the lock that it needs. `sample`: items of each type for a restore drill; undefined: none. */
export async function checkOpened(
  session: Session,
  opened: OpenedRepository,
  asked: AskedData,
  sample: number | undefined,
): Promise<{ readonly report: CheckReport; readonly drilled: DrillReport | undefined }> {
  const { progress, profile } = session
  const { repository } = opened
  const onProgress = ({ stage, done, total }: CheckProgress): void =>
    progress.update(() => ({ ...STAGES[stage], items: done, expected: total }))
  try {
    // Exclusive, as restic does it: a run that writes meanwhile would look like damage.
    return await whileLocked(session, opened, { exclusive: true, readsOnly: true }, async (signal) => {
      const readData = await subsetOf(profile, repository.config.id, asked)
      const report = await checkRepository({ repository, readData, signal, onProgress })
      await keepCheck(session, repository.config.id, report)
      const isWhole = !report.findings.some(({ subject }) => subject === 'index' || subject === 'tree')
      const drills = sample !== undefined && isWhole && report.snapshots > 0
      return { report, drilled: drills ? await drill(session, repository, { sample }, signal) : undefined }
    })
  } finally {
    progress.stop()
  }
}

async function keepCheck({ profile, output }: Session, repository: string, { findings }: CheckReport): Promise<void> {
  const entry = { repository, time: systemClock.now(), problems: findings.length }
  await keepRecord(output, 'check', { history: openCheckHistory(profile), entry })
}

async function subsetOf(profile: string, repositoryId: string, asked: AskedData): Promise<CheckOptions['readData']> {
  if (typeof asked === 'boolean' || 'part' in asked) return asked
  const { percent } = asked
  return { percent, turn: await takeTurn(profile, repositoryId) }
}

/** Throws UsageError. */
function readAskedData(values: OptionValues): AskedData {
  const text = values.text(SUBSET)
  const all = values.flag('read-data') === true
  if (text === undefined) return all
  if (all) throw new UsageError(`--read-data reads everything: leave it out, or --${SUBSET}.`)
  const percent = parsePercent(SUBSET, text)
  if (percent !== undefined) return { percent }
  const [part, of] = (/^(\d+)\/(\d+)$/.exec(text.trim()) ?? []).slice(1).map(Number)
  if (part === undefined || of === undefined || part < 1 || part > of || of > MOST_PARTS)
    throw new UsageError(`--${SUBSET} takes a percentage like 5%, or i/n like 2/7 with n up to 256, not "${text}".`)
  return { part, of }
}

/** Throws UsageError. */
function readSample(values: OptionValues): number | undefined {
  const text = values.text('drill-items')
  const items = text === undefined ? DRILL_SAMPLES : parseSamples(text)
  const drills = values.flag('drill') === true
  if (!drills && (text !== undefined || values.flag('live') === true))
    throw new UsageError('--live and --drill-items are about a restore drill: add --drill.')
  return drills ? items : undefined
}

/** Says what a check found, and how to mend it. */
export function printReport(output: Output, report: CheckReport, asked: AskedData): void {
  const { findings, snapshots, packs, blobs, unusedPacks, bytesRead, packsRead } = report
  for (const finding of findings) {
    const place = finding.path === undefined ? undefined : referenceText(itemReference(finding.path))
    const message = findingText(finding, place)
    if (output.json)
      output.object({ message_type: 'error', error: { message }, during: 'check', ...finding, path: place })
    else output.line(message)
  }
  printDamagedPacks(output, report)
  const part = asked === true || asked === false ? '' : ` of ${formatCount(packsRead, 'pack')}`
  const read = asked === false ? '' : `, ${formatBytes(bytesRead)}${part} read and compared`
  const looked = [formatCount(snapshots, 'snapshot'), formatCount(packs, 'pack'), formatCount(blobs, 'blob')]
  output.summary(`Checked ${looked.join(', ')}${read}.`)
  if (unusedPacks > 0)
    output.summary(`${formatCount(unusedPacks, 'pack')} of an interrupted run: harmless, the next prune removes them.`)
  output.summary(findings.length === 0 ? 'No damage was found.' : `${formatCount(findings.length, 'problem')} found.`)
  const counts = { snapshots, packs, blobs, unused_packs: unusedPacks, packs_read: packsRead, bytes_read: bytesRead }
  output.object({ message_type: 'summary', num_errors: findings.length, read_data: asked !== false, ...counts })
}

/** Which snapshots and items a damaged pack touches, and how to mend it. */
function printDamagedPacks(output: Output, { damagedPacks, damagedKeys }: CheckReport): void {
  for (const { id, code, snapshots } of damagedPacks) {
    const touched = snapshots.map(({ snapshot, items, paths }) => ({
      snapshot,
      items,
      paths: paths.slice(0, SHOWN).map((path) => referenceText(itemReference(path))),
    }))
    output.object({ message_type: 'damaged_pack', id, code, snapshots: touched })
    output.line(
      `Damaged pack ${id}: ${snapshots.length === 0 ? 'nothing in a snapshot needs what is damaged' : ''}`.trimEnd(),
    )
    for (const { snapshot, items, paths } of touched) {
      output.line(
        `  snapshot ${snapshot.slice(0, SHORT)}, ${formatCount(items, 'file or folder', 'files and folders')}:`,
      )
      for (const path of paths) output.line(`    ${path}`)
      if (items > paths.length) output.line(`    and ${String(items - paths.length)} more`)
    }
  }
  if (damagedPacks.length > 0)
    output.line(
      '"holdfast repair packs" saves what can be read of them, "holdfast repair snapshots" mends the snapshots.',
    )
  for (const id of damagedKeys)
    output.warn(
      `Key ${id.slice(0, SHORT)} is damaged: "holdfast key add" makes another, "holdfast key remove" removes it.`,
    )
}
