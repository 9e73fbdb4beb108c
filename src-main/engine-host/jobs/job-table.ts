import { randomBytes } from 'node:crypto'
import type { Job } from '../../../src-shared/ipc/contract/jobs.ts'
import type { ExitCode } from '../../commands/parts/exit-codes.ts'
import type { Output } from '../../commands/parts/output.ts'
import type { Progress } from '../../commands/parts/progress.ts'
import { EngineError } from '../../engine/index.ts'
import type { HostSession, Jobs, JobWish, JobWork } from '../context.ts'
import { JobReport } from './job-report.ts'
import { RunningJob, type JobResult } from './job.ts'

export interface JobTableParts {
  readonly profile: string
  readonly now: () => number
  readonly openSession: (wish: JobWish, output: Output, progress: Progress, signal: AbortSignal) => HostSession
  /** What goes on, whole: when it changes, at most ten times a second. */
  readonly onJobs: (jobs: Job[]) => void
  /** What came of it is noted before anybody is told. */
  readonly afterJob: (job: RunningJob) => Promise<void>
  readonly onEnded: (result: JobResult) => void
}

/** Between two tellings. */
const EVERY_MS = 100

/** All jobs of the process: those under way, and what came of the others. */
export class JobTable implements Jobs {
  readonly #parts: JobTableParts
  readonly #running = new Map<string, { readonly job: RunningJob; readonly done: Promise<void> }>()
  readonly #ended = new Map<string, RunningJob>()
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  #toldAt = -Infinity

  constructor(parts: JobTableParts) {
    this.#parts = parts
  }

  /** Rejects with `settings.busy` while something goes on that the job must not meet, or `cancelled` when all is ending. */
  start(wish: JobWish, work: (job: JobWork) => Promise<ExitCode>): Promise<{ readonly job: string }> {
    return new Promise((resolve) => {
      resolve({ job: this.begin(wish, work).id })
    })
  }

  /** The same; throws. */
  begin(wish: JobWish, work: (job: JobWork) => Promise<ExitCode>): RunningJob {
    if (this.#isClosed) throw new EngineError('cancelled')
    if (wish.alone !== undefined && this.isBusy(wish.alone)) {
      const context = { reason: 'job', pid: process.pid, hostname: 'localhost' }
      throw new EngineError('settings.busy', { retry: 'later', context })
    }
    const { profile, now, openSession } = this.#parts
    const job = new RunningJob({
      id: randomBytes(8).toString('hex'),
      wish,
      now,
      report: new JobReport(profile, wish.kind, now),
      openSession: (output, progress, signal) => openSession(wish, output, progress, signal),
      onChange: () => {
        this.#changed()
      },
    })
    // The id is known before anything of the job is.
    const done = Promise.resolve()
      .then(() => job.run(work))
      .then(() => this.#over(job))
    this.#running.set(job.id, { job, done })
    this.#tell()
    return job
  }

  /** Whether something goes on that was started to be alone at that. */
  isBusy(alone: string): boolean {
    return this.running().some(({ wish }) => wish.alone === alone)
  }

  running(): readonly RunningJob[] {
    return [...this.#running.values()].map(({ job }) => job)
  }

  /** Undefined for a job that there never was in this process. */
  find(id: string): RunningJob | undefined {
    return this.#running.get(id)?.job ?? this.#ended.get(id)
  }

  /** Nothing happens if it is over. */
  stop(id: string): void {
    this.#running.get(id)?.job.stop(new EngineError('cancelled'))
  }

  /** Ends all jobs in good order and resolves when they have ended; none begins any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#running.values()]
    for (const { job } of all) job.stop(new EngineError('cancelled'))
    await Promise.all(all.map(({ done }) => done))
    clearTimeout(this.#timer)
  }

  async #over(job: RunningJob): Promise<void> {
    this.#running.delete(job.id)
    this.#ended.set(job.id, job)
    await this.#parts.afterJob(job)
    this.#tell()
    this.#parts.onEnded(job.result())
  }

  #changed(): void {
    if (this.#timer !== undefined) return
    const wait = Math.max(0, this.#toldAt + EVERY_MS - this.#parts.now())
    this.#timer = setTimeout(() => {
      this.#tell()
    }, wait)
  }

  /** At once: a job has come or gone. */
  #tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#toldAt = this.#parts.now()
    this.#parts.onJobs(this.running().map((job) => job.shown()))
  }
}
