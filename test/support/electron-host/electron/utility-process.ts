import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { ForkOptions, UtilityProcess } from 'electron'
import type { RecordedHost } from '../control/recorded.ts'
import { app } from './app.ts'
import { createEvent } from './event.ts'
import { changed, contribute } from './recorder.ts'

const register = join(import.meta.dirname, '../utility-register.ts')
const started: StandInUtility[] = []

/** A real child process. Electron's options of Chromium's own (session, partition ...) mean nothing to it. */
class StandInUtility extends EventEmitter {
  readonly stdout: NodeJS.ReadableStream | null
  readonly stderr: NodeJS.ReadableStream | null
  readonly #child: ChildProcess
  readonly #modulePath: string
  readonly #serviceName: string
  readonly #number = started.length
  #isRunning = true
  #isKilled = false
  #isUnheard = false

  constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super()
    this.#modulePath = modulePath
    this.#serviceName = options.serviceName ?? 'Node Utility Process'
    const { stdio = 'inherit', cwd } = options
    this.#child = fork(modulePath, args, {
      env: { ...(options.env ?? process.env) },
      execArgv: ['--import', register, ...(options.execArgv ?? [])],
      serialization: 'advanced',
      stdio: [...streams(stdio), 'ipc'],
      ...(cwd === undefined ? {} : { cwd }),
    })
    this.stdout = this.#child.stdout
    this.stderr = this.#child.stderr
    this.#listen()
    started.push(this)
    changed()
  }

  get pid(): number | undefined {
    return this.#isRunning ? this.#child.pid : undefined
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send([message] satisfies [unknown])
  }

  kill(): boolean {
    this.#isKilled = true
    return this.#child.kill()
  }

  /** With the app: nobody is told any more. */
  async end(): Promise<void> {
    if (!this.#isRunning) return
    this.#isUnheard = true
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    this.kill()
    await ended
  }

  recorded(): RecordedHost {
    const [number, serviceName, modulePath] = [this.#number, this.#serviceName, this.#modulePath]
    return { number, pid: this.pid, serviceName, modulePath, running: this.#isRunning }
  }

  #listen(): void {
    this.#child.on('spawn', () => void this.emit('spawn'))
    this.#child.on('message', (message) => void this.emit('message', (message as [unknown])[0]))
    // A write to a process that is ending: its end tells it all.
    this.#child.on('error', () => undefined)
    this.#child.on('exit', (code, signal) => this.#end(code, signal))
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    this.#isRunning = false
    if (this.#isUnheard) return
    const exitCode = code ?? (signal === null ? 1 : constants.signals[signal])
    const reason = this.#isKilled
      ? 'killed'
      : signal !== null
        ? 'crashed'
        : exitCode === 0
          ? 'clean-exit'
          : 'abnormal-exit'
    const [serviceName, name] = [this.#serviceName, this.#serviceName]
    this.emit('exit', exitCode)
    app.emit('child-process-gone', createEvent(), { type: 'Utility', reason, exitCode, serviceName, name })
    changed()
  }
}

StandInUtility satisfies new (
  ...given: never
) => Pick<UtilityProcess, 'kill' | 'pid' | 'postMessage' | 'stderr' | 'stdout'>

type Stream = 'pipe' | 'ignore' | 'inherit'

function streams(stdio: NonNullable<ForkOptions['stdio']>): readonly Stream[] {
  const [stdin = 'ignore', stdout = 'inherit', stderr = 'inherit'] =
    typeof stdio === 'string' ? (['ignore', stdio, stdio] as Stream[]) : stdio
  return [stdin, stdout, stderr]
}

export const utilityProcess = {
  fork: (modulePath: string, args: readonly string[] = [], options: ForkOptions = {}) => {
    if (!app.isReady()) throw new Error('utilityProcess cannot be created before app is ready.')
    return new StandInUtility(modulePath, args, options)
  },
}

contribute('hosts', () => started.map((utility) => utility.recorded()))
app.onExit(async () => {
  await Promise.all(started.map((utility) => utility.end()))
})
