import { access } from 'node:fs/promises'
import type { RunRecord } from '../../settings/run-history.ts'
import { readSettings } from '../../settings/settings-file.ts'
import { UsageError } from '../../commands/parts/usage-error.ts'
import type { Handlers } from '../context.ts'
import { readReport } from '../operations/read-report.ts'
import type { HostServices } from '../services.ts'
import { openRunNotes, reportPath } from './run-notes.ts'
import { pastRuns, runRow } from './run-rows.ts'

const PAGE = 50

type Figures = Record<string, string | number | boolean>

export function runHandlers(services: HostServices): Handlers<'runs.list' | 'runs.get' | 'runs.lines'> {
  const { profile } = services
  return {
    'runs.list': async ({ plan, cursor }) => {
      const { plans } = await readSettings(profile)
      const runs = (await pastRuns(services)).filter((run) => plan === null || run.plan === plan).reverse()
      const begin = cursor === null ? 0 : beginBehind(runs, cursor)
      const rows = runs.slice(begin, begin + PAGE)
      const last = begin + PAGE < runs.length ? rows.at(-1) : undefined
      return { rows: rows.map((run) => runRow(run, plans)), next: last === undefined ? null : cursorOf(last) }
    },
    'runs.get': async ({ run: id }) => {
      const { plans } = await readSettings(profile)
      const run = await requireRun(services, id)
      const reportFile = await existing(reportPath(profile, (await openRunNotes(profile).all()).get(id)))
      const reports = Object.entries(run.reports).map(([step, figures]) => [step, plainFigures(figures)] as const)
      return { row: runRow(run, plans), reports: Object.fromEntries(reports), reportFile }
    },
    'runs.lines': async ({ run, offset, limit }, { signal }) => {
      const note = (await openRunNotes(profile).all()).get(run)
      const page = await readReport(reportPath(profile, note), { offset, limit, failedOnly: true }, signal)
      const rows = page.rows.flatMap(({ path, problem }) => (problem === null ? [] : [{ path, problem }]))
      return { count: page.count, rows }
    },
  }
}

/** A report can be removed by hand. */
async function existing(path: string | null): Promise<string | null> {
  if (path === null) return null
  return await access(path).then(
    () => path,
    () => null,
  )
}

/** Runs that come while somebody scrolls do not move the pages. */
function cursorOf({ started, run }: RunRecord): string {
  return `${String(started)} ${run}`
}

function beginBehind(runs: readonly RunRecord[], cursor: string): number {
  const at = runs.findIndex((run) => cursorOf(run) === cursor)
  if (at >= 0) return at + 1
  const started = Number(cursor.split(' ')[0])
  const older = runs.findIndex((run) => run.started < started)
  return older < 0 ? runs.length : older
}

async function requireRun(services: HostServices, id: string): Promise<RunRecord> {
  const found = (await pastRuns(services)).find(({ run }) => run === id)
  if (found === undefined) throw new UsageError('The history does not have that run any more.')
  return found
}

function plainFigures(figures: Readonly<Record<string, unknown>>): Figures {
  const plain: Figures = {}
  for (const [name, value] of Object.entries(figures))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') plain[name] = value
  return plain
}
