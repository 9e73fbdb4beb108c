import { formatCount, formatNumber } from '../../../src-shared/text/amounts.ts'
import { massChanges, type BackupReport, type Catalog, type MassChange } from '../../engine/index.ts'
import type { ChangeThresholds } from '../../settings/model.ts'
import { readSettings } from '../../settings/settings-file.ts'
import type { Output } from './output.ts'
import type { Session } from './session.ts'
import { UsageError } from './usage-error.ts'

const OPTION = 'notice-changes'
const FORM = /^(\d{1,3})%(?:,(\d{1,9}))?$/

/** From which on a run's changes are worth a notice: by --notice-changes, or by the settings. Undefined: never. */
export async function readNoticeLimits({ values, profile }: Session): Promise<ChangeThresholds | undefined> {
  const text = values.text(OPTION)
  if (text === 'off') return undefined
  const { notice } = await readSettings(profile)
  return text === undefined ? notice : parseNotice(text, notice.items)
}

/** Throws UsageError. */
export function parseNotice(text: string, usualItems: number): ChangeThresholds {
  const [, percent = '', items] = FORM.exec(text.trim()) ?? []
  if (percent === '' || Number(percent) > 100)
    throw new UsageError(`--${OPTION} takes percent and items like 20%,50, or off, not "${text}".`)
  return { percent: Number(percent), items: items === undefined ? usualItems : Number(items) }
}

/** What a backup took away or changed in such amounts; nothing for the first snapshot of a series. */
export function massChangesOf(
  catalog: Catalog,
  { parent, snapshot }: BackupReport,
  limits: ChangeThresholds | undefined,
): readonly MassChange[] {
  if (parent === undefined || limits === undefined) return []
  const known = new Set(catalog.snapshots().map(({ id }) => id))
  return known.has(parent) && known.has(snapshot) ? massChanges(catalog, parent, snapshot, limits) : []
}

/** Tells them, since a snapshot that is fine may be the sign of something that is not. */
export function tellMassChanges(output: Output, changes: readonly MassChange[], report: BackupReport): void {
  for (const change of changes) {
    const { kind, root, type, items, of } = change
    const what = kind === 'deleted' ? 'are gone' : 'have another content'
    const message = `${root}/${type}: ${formatNumber(items)} of ${formatCount(of, 'item')} ${what} since the snapshot before`
    output.object({ message_type: 'notice', code: `mass-${kind}`, message, root, type, items, of })
    if (!output.json) output.warn(`${message}.`)
  }
  if (changes.length > 0 && !output.json)
    output.warn(
      `If nobody meant that: "holdfast diff" tells what, and "holdfast restore" brings it back from snapshot ${report.parent?.slice(0, 8) ?? ''}.`,
    )
}
