import { UsageError } from '../../commands/parts/usage-error.ts'
import type { Handlers } from '../context.ts'
import type { RunningJob } from './job.ts'
import type { JobTable } from './job-table.ts'
import { readReport } from './read-report.ts'

export function jobHandlers(jobs: JobTable): Handlers<'jobs.list' | 'jobs.result' | 'jobs.lines' | 'jobs.stop'> {
  return {
    'jobs.list': () => Promise.resolve(jobs.running().map((job) => job.shown())),
    'jobs.result': ({ job }) => withJob(jobs, job, (found) => Promise.resolve(found.result())),
    'jobs.lines': ({ job, ...asked }, { signal }) =>
      withJob(jobs, job, async (found) => {
        const { count, rows } = await readReport(found.reportFile, asked, signal)
        return {
          count,
          rows: rows.map(({ problem, ...row }) => ({
            ...row,
            problem: problem === null ? null : { code: problem.code, params: { ...problem.params } },
          })),
        }
      }),
    'jobs.stop': ({ job }) => {
      jobs.stop(job)
      return Promise.resolve({})
    },
  }
}

/** Rejects with UsageError for one of another process: what came of it is in the history. */
async function withJob<T>(jobs: JobTable, id: string, work: (job: RunningJob) => Promise<T>): Promise<T> {
  const job = jobs.find(id)
  if (job === undefined) throw new UsageError('There is no such job any more: the history has what came of it.')
  return await work(job)
}
