import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { isGraphDestination } from '../../destinations/graph-drive/urls.ts'
import type { RetentionPolicy } from '../../engine/index.ts'
import { isEmptyPolicy } from '../../engine/index.ts'
import { weekdays, type AfterRun, type QuietHours, type Recurrence, type Weekday } from '../../engine/model/schedule.ts'
import { keptDestination } from '../../settings/destination-name.ts'
import type { Plan, SourceSettings } from '../../settings/model.ts'
import { isSecretOption } from '../../settings/read-plan.ts'
import { parsePercent } from './amount-options.ts'
import { APPEND_ONLY, rulesRefused } from './append-only-plan.ts'
import { folderPath } from './destination.ts'
import { parseNotice } from './mass-change.ts'
import { parseWhole } from './moments.ts'
import { environmentName, type OptionValues } from './option-values.ts'
import { readRetention } from './retention.ts'
import { sourceOptionNames } from './source-options.ts'
import { DRILL_SAMPLES, parseSamples } from './drill-options.ts'
import { UsageError } from './usage-error.ts'

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/
const MOST_HOURS = 24 * 366
const MOST_DAYS = 10_000
const CHECK_DAYS = 7

/** What of the command line a plan keeps. */
const kept = [
  ...sourceOptionNames,
  'office365-included-root-types',
  'office365-included-user-types',
  'office365-included-group-types',
  'store-metadata-content-in-database',
  'include',
  'exclude',
  'file-versions',
  'compression-level',
  'pack-size',
  'limit-upload',
  'limit-download',
  APPEND_ONLY,
  'permanent-delete',
  'cache',
  'fragment-size',
  'fragment-retry-count',
  'fragment-retry-delay',
  'passphrase-file',
  'vault',
  'vault-passphrase-file',
] as const

/** Those that name a file, which a plan has to find wherever it runs. */
const paths: ReadonlySet<string> = new Set([
  'office365-certificate-path',
  'passphrase-file',
  'vault',
  'vault-passphrase-file',
])

/** The plan that "plan add" describes. Throws UsageError. */
export function readNewPlan(name: string, destination: string, values: OptionValues, now: number): Plan {
  refuseForeign(values)
  const recurrence = readRecurrence(values)
  const quiet = readQuiet(values)
  const retention = readRetention(values)
  if (values.flag(APPEND_ONLY) === true && !isEmptyPolicy(retention)) throw rulesRefused()
  const notice = values.text('notice-changes')
  return {
    id: randomBytes(8).toString('hex'),
    name,
    created: now,
    destination: readDestination(destination),
    sources: [readSource(values)],
    schedule: { ...(recurrence === undefined ? {} : { recurrence }), ...(quiet === undefined ? {} : { quiet }) },
    ...(isEmptyPolicy(retention) ? {} : { retention }),
    after: readAfter(values, retention),
    ...(notice === undefined ? {} : { notice: parseNotice(notice, 0) }),
  }
}

/** What another action of "plan" takes. */
function refuseForeign(values: OptionValues): void {
  if (values.isFromCommandLine('until'))
    throw new UsageError('--until is about a pause: leave it out, and run "holdfast plan pause" with it.')
}

/** What no backup could be made to is refused before the plan is there. */
function readDestination(destination: string): string {
  return isGraphDestination(destination) ? destination : keptDestination(folderPath(destination, 'The destination'))
}

/** Only what the command line says: the environment speaks for itself at each run. Throws UsageError for secrets. */
function readSource(values: OptionValues): SourceSettings {
  const given: Record<string, SourceSettings[string]> = {}
  for (const name of kept) {
    if (!values.isFromCommandLine(name)) continue
    if (isSecretOption(name))
      throw new UsageError(
        `A plan keeps no secrets: leave out --${name}, and set ${environmentName(name)} where the plan runs.`,
      )
    const value = keptValue(name, values)
    if (typeof value === 'boolean' || value.length > 0) given[name] = value
  }
  return given
}

function keptValue(name: string, values: OptionValues): SourceSettings[string] {
  const text = values.text(name)
  if (text === undefined) return values.flag(name) ?? values.list(name)
  return paths.has(name) && text !== '' ? resolve(text) : text
}

function readRecurrence(values: OptionValues): Recurrence | undefined {
  const [every, daily, weekly, at] = ['every', 'daily-at', 'weekly-on', 'at'].map((name) => values.text(name))
  if ([every, daily, weekly].filter((value) => value !== undefined).length > 1)
    throw new UsageError('A plan has one schedule: give one of --every, --daily-at and --weekly-on.')
  if ((weekly === undefined) !== (at === undefined))
    throw new UsageError('--weekly-on and --at belong together: --weekly-on monday,friday --at 02:30.')
  if (every !== undefined) return { kind: 'hours', hours: parseWhole('every', every.replace(/h$/, ''), 1, MOST_HOURS) }
  if (daily !== undefined) return { kind: 'daily', at: parseTime('daily-at', daily) }
  if (weekly === undefined || at === undefined) return undefined
  return { kind: 'weekly', on: parseDays(weekly), at: parseTime('at', at) }
}

function parseDays(text: string): readonly Weekday[] {
  const words = text.split(',').map((word) => word.trim().toLowerCase())
  return words.map((word) => {
    const day = weekdays.find((name) => name === word || (word.length >= 2 && name.startsWith(word)))
    if (day === undefined) throw new UsageError(`--weekly-on takes days like monday,friday, not "${word}".`)
    return day
  })
}

function parseTime(option: string, text: string): string {
  const [, hours, minutes] = TIME.exec(text.trim()) ?? []
  if (hours === undefined || minutes === undefined)
    throw new UsageError(`--${option} takes a time like 02:30, not "${text}".`)
  return `${hours.padStart(2, '0')}:${minutes}`
}

function readQuiet(values: OptionValues): QuietHours | undefined {
  const text = values.text('quiet-hours')
  if (text === undefined) return undefined
  const [from = '', to = '', ...more] = text.split('-')
  if (more.length > 0 || to === '') throw new UsageError(`--quiet-hours takes 08:00-18:00, not "${text}".`)
  return { from: parseTime('quiet-hours', from), to: parseTime('quiet-hours', to) }
}

function readAfter(values: OptionValues, retention: RetentionPolicy): AfterRun {
  const forget = !isEmptyPolicy(retention)
  const prune = values.text('prune-every')
  if (prune !== undefined && !forget)
    throw new UsageError('Without rules nothing is forgotten, and nothing to prune: add e.g. --keep-daily 7.')
  const percent = values.text('check-percent')
  if (percent === undefined && values.isFromCommandLine('check-every'))
    throw new UsageError('--check-every is about a check: say with --check-percent how much of the data it reads.')
  const drill = readDrill(values)
  return {
    forget,
    ...(prune === undefined ? {} : { pruneEveryDays: readDays('prune-every', prune) }),
    ...(percent === undefined ? {} : { check: { percent: readPercent(percent), everyDays: readCheckDays(values) } }),
    ...(drill === undefined ? {} : { drill }),
  }
}

function readDrill(values: OptionValues): AfterRun['drill'] {
  const every = values.text('drill-every')
  const samples = values.text('drill-items')
  if (every === undefined && samples !== undefined)
    throw new UsageError('--drill-items is about a restore drill: say with --drill-every after how many days.')
  if (every === undefined) return undefined
  return {
    samples: samples === undefined ? DRILL_SAMPLES : parseSamples(samples),
    everyDays: readDays('drill-every', every),
  }
}

function readPercent(text: string): number {
  return parsePercent('check-percent', text.endsWith('%') ? text : `${text}%`) ?? 0
}

function readCheckDays(values: OptionValues): number {
  const text = values.text('check-every')
  return text === undefined ? CHECK_DAYS : readDays('check-every', text)
}

/** "30" or "30d". */
function readDays(option: string, text: string): number {
  return parseWhole(option, text.replace(/d$/, ''), 0, MOST_DAYS)
}
