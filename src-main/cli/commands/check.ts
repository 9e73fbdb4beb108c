import { formatBytes, formatCount } from '../../../src-shared/text/amounts.ts'
import { findingText } from '../../../src-shared/text/check-findings.ts'
import { checkRepository, type CheckProgress, type CheckReport } from '../../engine/index.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { itemReference, referenceText } from '../item-reference.ts'
import { openNamedRepository, whileLocked } from '../repository.ts'
import type { Session } from '../session.ts'

const STAGES: Readonly<Record<CheckProgress['stage'], { readonly current: string; readonly unit: string }>> = {
  index: { current: 'reading the index', unit: 'files' },
  trees: { current: 'checking snapshots', unit: 'snapshots' },
  packs: { current: 'reading all data', unit: 'packs' },
}

/** Looks for damage in the repository. */
export async function check(session: Session): Promise<ExitCode> {
  const { values, progress } = session
  const readData = values.flag('read-data') === true
  const opened = await openNamedRepository(session)
  // Exclusive, as restic does it: a run that writes meanwhile would look like damage.
  const report = await whileLocked(session, opened, { exclusive: true, readsOnly: true }, async (signal) => {
    const onProgress = ({ stage, done, total }: CheckProgress): void =>
      progress.update(() => ({ ...STAGES[stage], items: done, expected: total }))
    return checkRepository({ repository: opened.repository, readData, signal, onProgress })
  })
  progress.stop()
  printReport(session, report, readData)
  return report.findings.length > 0 ? exitCodes.failed : exitCodes.done
}

function printReport({ output }: Session, report: CheckReport, readData: boolean): void {
  const { findings, snapshots, packs, blobs, unusedPacks, bytesRead } = report
  for (const finding of findings) {
    const place = finding.path === undefined ? undefined : referenceText(itemReference(finding.path))
    const message = findingText(finding, place)
    if (output.json)
      output.object({ message_type: 'error', error: { message }, during: 'check', ...finding, path: place })
    else output.line(message)
  }
  const read = readData ? `, ${formatBytes(bytesRead)} read and compared` : ''
  const looked = [formatCount(snapshots, 'snapshot'), formatCount(packs, 'pack'), formatCount(blobs, 'blob')]
  output.summary(`Checked ${looked.join(', ')}${read}.`)
  if (unusedPacks > 0)
    output.summary(`${formatCount(unusedPacks, 'pack')} of an interrupted run: harmless, the next prune removes them.`)
  output.summary(findings.length === 0 ? 'No damage was found.' : `${formatCount(findings.length, 'problem')} found.`)
  const counts = { snapshots, packs, blobs, unused_packs: unusedPacks, bytes_read: bytesRead }
  output.object({ message_type: 'summary', num_errors: findings.length, read_data: readData, ...counts })
}
