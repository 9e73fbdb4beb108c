import { formatCount } from '../../../src-shared/text/amounts.ts'
import { printable } from '../../../src-shared/text/printable.ts'
import { reasonText } from '../../../src-shared/text/reasons.ts'
import type { Output } from './output.ts'

export interface ListedFailure {
  /** Its reference: no subject. */
  readonly item: string
  readonly code: string
  readonly detail?: string
}

/** Lines that are shown; all of them are in the report. */
const SHOWN = 100

interface ListWords {
  readonly verb?: string
  /** Where all of many are. */
  readonly elsewhere?: string
}

/** Lists what failed, as warnings or as objects. */
export function listFailures(
  output: Output,
  one: string,
  during: string,
  failures: readonly ListedFailure[],
  { verb = 'failed', elsewhere = 'see the report' }: ListWords = {},
): void {
  if (failures.length === 0) return
  if (output.json) {
    for (const { item, code, detail } of failures)
      output.object({ message_type: 'error', error: { message: reasonText(code, detail) }, during, code, item })
    return
  }
  const lines = failures
    .slice(0, SHOWN)
    .map(({ item, code, detail }) => `  ${printable(`${item}: ${reasonText(code, detail)}`)}`)
  const rest = failures.length - lines.length
  const more = rest > 0 ? [`  and ${rest} more, ${elsewhere}`] : []
  output.warn([`${formatCount(failures.length, one)} ${verb}:`, ...lines, ...more].join('\n'))
}
