import { texts } from '../../lib/texts/index.ts'
import type { PlanEntries, SourceEntry } from './plan-entries.ts'

/** What is wrong with an entry and how to mend it, by the entry; of a source's, with its key ("kinds 2"). */
export type Problems = Readonly<Record<string, string>>

type Found = readonly (readonly [string, string])[]

const words = texts.plans

/** Empty if the plan can be saved. */
export function problemsOf(entries: PlanEntries): Problems {
  return Object.fromEntries([
    ...when(entries.name.trim() === '', 'name', words.editor.nameMissing),
    ...entries.sources.flatMap(sourceProblems),
    ...when(entries.place === null, 'place', words.place.missing),
    ...scheduleProblems(entries),
    ...retentionProblems(entries),
    ...afterProblems(entries),
    ...noticeProblems(entries),
  ])
}

function sourceProblems({ key, account, scope, kinds, roots, types, fileVersions }: SourceEntry): Found {
  const of = (name: string): string => `${name} ${String(key)}`
  return [
    ...when(account === '', of('account'), words.sources.accountMissing),
    ...when(scope === 'all' && kinds.length === 0, of('kinds'), words.sources.kindsMissing),
    ...when(scope === 'picked' && roots.length === 0, of('roots'), words.sources.rootsMissing),
    ...when(types?.length === 0, of('types'), words.sources.typesMissing),
    ...when(!isWhole(fileVersions, 0, 500), of('fileVersions'), words.sources.fileVersionsWrong),
  ]
}

function scheduleProblems({ when: recurs, hours, at, days, quiet, quietFrom, quietTo }: PlanEntries): Found {
  const known = texts.wizard.schedule
  const isTimed = recurs === 'daily' || recurs === 'weekly'
  return [
    ...when(recurs === 'hours' && !isWhole(hours, 1, 8784), 'hours', known.hoursMissing),
    ...when(isTimed && at === '', 'at', known.timeMissing),
    ...when(recurs === 'weekly' && days.length === 0, 'days', known.daysMissing),
    ...when(quiet && (quietFrom === '' || quietTo === ''), 'quiet', words.schedule.quietMissing),
    ...when(quiet && quietFrom !== '' && quietFrom === quietTo, 'quiet', words.schedule.quietSame),
  ]
}

function retentionProblems({ keep, rules }: PlanEntries): Found {
  if (keep === 'all') return []
  const counts = Object.values(rules).filter((count) => count !== null)
  if (counts.length === 0) return [['rules', words.retention.missing]]
  return when(!counts.every((count) => isWhole(count, 1, 100_000)), 'rules', words.retention.wrong)
}

function afterProblems({ prunes, pruneDays, checks, checkPercent, checkDays }: PlanEntries): Found {
  const { daysWrong, percentWrong } = words.after
  return [
    ...when(prunes && !isWhole(pruneDays, 1, 3650), 'pruneDays', daysWrong),
    ...when(checks && !isBetween(checkPercent, 0.1, 100), 'checkPercent', percentWrong),
    ...when(checks && !isWhole(checkDays, 1, 3650), 'checkDays', daysWrong),
  ]
}

function noticeProblems({ notices, noticePercent, noticeItems }: PlanEntries): Found {
  const { percentWrong, itemsWrong } = words.notice
  return [
    ...when(notices && !isBetween(noticePercent, 0, 100), 'noticePercent', percentWrong),
    ...when(notices && !isWhole(noticeItems, 0, Number.MAX_SAFE_INTEGER), 'noticeItems', itemsWrong),
  ]
}

function when(isWrong: boolean, entry: string, sentence: string): Found {
  return isWrong ? [[entry, sentence]] : []
}

function isBetween(value: number | null, least: number, most: number): boolean {
  return value !== null && value >= least && value <= most
}

function isWhole(value: number | null, least: number, most: number): boolean {
  return isBetween(value, least, most) && Number.isInteger(value)
}
