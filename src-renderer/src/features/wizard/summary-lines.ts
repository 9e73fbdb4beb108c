import { texts } from '../../lib/texts/index.ts'
import { plural } from '../../lib/texts/plural.ts'
import { retentionOf, type Answers, type Step } from './answers.ts'

export interface SummaryLine {
  readonly label: string
  readonly value: string
  /** Where it is changed. */
  readonly step: Step
}

const words = texts.wizard.summary

/** What the plan will do, in words. */
export function summaryLines(answers: Answers, isApplication: boolean): readonly SummaryLine[] {
  return [
    { label: words.account, value: answers.account ?? '', step: 'sign-in' },
    { label: words.what, value: whatLine(answers, isApplication), step: 'what' },
    { label: words.types, value: answers.types?.map(texts.dataTypes.type).join(', ') ?? words.allTypes, step: 'what' },
    { label: words.where, value: answers.placeTitle ?? answers.place ?? '', step: 'where' },
    { label: words.when, value: whenLine(answers), step: 'schedule' },
    { label: words.keep, value: keepLine(answers), step: 'schedule' },
    { label: words.checkLabel, value: answers.check ? words.checked : words.unchecked, step: 'schedule' },
  ]
}

function whatLine({ scope, kinds, roots }: Answers, isApplication: boolean): string {
  if (scope === 'chosen') return named(roots.map(({ title }) => title))
  if (!isApplication) return words.mine
  return words.everything(kinds.map((kind) => texts.dataTypes.kinds[kind].toLowerCase()).join(', '))
}

const most = 5

function named(titles: readonly string[]): string {
  const shown = titles.slice(0, most).join(', ')
  const rest = titles.length - most
  return rest > 0 ? `${shown} ${plural(rest, texts.pickers.roots.more)}` : shown
}

function whenLine({ when, at, hours, days }: Answers): string {
  if (when === 'daily') return words.daily(at)
  if (when === 'hours') return plural(hours ?? 1, words.hours)
  if (when === 'manual') return words.manual
  return words.weekly(days.map((day) => texts.wizard.schedule.weekdays[day]).join(', '), at)
}

const parts = ['last', 'daily', 'weekly', 'monthly', 'yearly'] as const

function keepLine(answers: Answers): string {
  const retention = retentionOf(answers)
  const lines = parts.flatMap((part) => {
    const count = retention[part]
    return count === null ? [] : plural(count, words.keepParts[part])
  })
  return lines.length === 0 ? words.keepAll : lines.join(', ')
}
