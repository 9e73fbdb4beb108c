import type { PlanDraft, PlanRow } from '../../../../src-shared/ipc/index.ts'
import { texts } from '../../lib/texts/index.ts'
import { plural } from '../../lib/texts/plural.ts'

const words = texts.plans
/** Names that are told of each list. */
const most = 3

/** What the sources of a plan read, in a line. */
export function sourcesLine(sources: PlanDraft['sources']): string {
  const [first, ...others] = sources
  if (first === undefined) return words.unknown
  const rest = others.length === 0 ? [] : [plural(others.length, words.source.more)]
  return [words.source.from(whatOf(first), first.account), ...rest].join('; ')
}

function whatOf({ kinds, roots, types }: PlanDraft['sources'][number]): string {
  const kindNames = kinds.map((kind) => texts.dataTypes.kinds[kind].toLowerCase())
  const who =
    roots === null ? words.source.all(words.source.listed(kindNames)) : shortList(roots.map(({ name }) => name))
  return types === null ? who : words.source.types(who, shortList(types.map(texts.dataTypes.type)))
}

function shortList(names: readonly string[]): string {
  const rest = names.length - most
  if (rest <= 0) return words.source.listed(names)
  return `${names.slice(0, most).join(', ')} ${plural(rest, texts.pickers.roots.more)}`
}

/** When a plan runs, in a line. */
export function scheduleLine({ recurrence, quiet }: PlanRow['schedule']): string {
  const when = recurrenceLine(recurrence)
  return quiet === null || recurrence === null ? when : words.quietBetween(when, quiet.from, quiet.to)
}

function recurrenceLine(recurrence: PlanRow['schedule']['recurrence']): string {
  const known = texts.wizard.summary
  if (recurrence === null) return known.manual
  if (recurrence.kind === 'daily') return known.daily(recurrence.at)
  if (recurrence.kind === 'hours') return plural(recurrence.hours, known.hours)
  return known.weekly(recurrence.on.map((day) => texts.wizard.schedule.weekdays[day]).join(', '), recurrence.at)
}

const parts = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly', 'within'] as const

/** Which snapshots stay, in a line. */
export function retentionLine(retention: PlanDraft['retention']): string {
  const lines = parts.flatMap((part) => {
    const count = retention[part]
    return count === null ? [] : [plural(count, words.keepParts[part])]
  })
  return lines.length === 0 ? words.keepAll : lines.join(', ')
}
