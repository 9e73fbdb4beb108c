import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { SealingKey } from '../crypto/seal.ts'
import { EngineError } from '../model/errors.ts'
import type {
  FromOpenWorker,
  MarkMemory,
  OpenAnswers,
  OpenRequest,
  OpenWorkerData,
  ToOpenWorker,
} from './open-messages.ts'
import { workerFile } from './worker-file.ts'

const MAX_WORKERS = 8

export interface OpenPoolOptions {
  readonly workers?: number
  /** For requests that mark what trees refer to. */
  readonly marks?: MarkMemory
}
const REQUESTS_PER_WORKER = 2

interface OpenThread {
  readonly worker: Worker
  outstanding: number
}

interface Waiting {
  readonly thread: OpenThread
  readonly resolve: (answer: OpenAnswers[keyof OpenAnswers]) => void
  readonly reject: (error: Error) => void
}

/** Worker threads that open, decompress and compare blobs. Whoever uses it keeps to `places` requests at a time. */
export class OpenPool {
  readonly #threads: OpenThread[]
  readonly #waiting = new Map<number, Waiting>()
  readonly #memoryBytes: number
  readonly #spares: ArrayBuffer[] = []
  #next = 1
  #failure: Error | undefined

  /** `memoryBytes`: what requests usually need. */
  constructor(key: SealingKey, memoryBytes: number, { workers = defaultWorkers(), marks }: OpenPoolOptions = {}) {
    this.#memoryBytes = memoryBytes
    const workerData: OpenWorkerData = { key, ...(marks === undefined ? {} : { marks }) }
    this.#threads = Array.from({ length: workers }, () => this.#startThread(workerData))
  }

  /** How many requests keep all threads busy. */
  get places(): number {
    return this.#threads.length * REQUESTS_PER_WORKER
  }

  /** Memory for a pack or a range of it, used again: fresh memory costs the system as much as reading into it. */
  memory(): ArrayBuffer {
    return this.#spares.pop() ?? new ArrayBuffer(this.#memoryBytes)
  }

  /** Gives back memory that was not handed over by `run`. */
  giveBack(memory: ArrayBuffer): void {
    if (memory.byteLength === this.#memoryBytes && this.#spares.length < this.places) this.#spares.push(memory)
  }

  /** Runs the request in a thread; its memory is handed over and given back by the thread. */
  run<K extends OpenRequest['kind']>(request: OpenRequest & { kind: K }): Promise<OpenAnswers[K]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const thread = this.#threads.reduce((least, other) => (other.outstanding < least.outstanding ? other : least))
    const id = this.#next++
    thread.outstanding++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { thread, resolve: resolve as Waiting['resolve'], reject })
      const message: ToOpenWorker = { id, request }
      thread.worker.postMessage(message, [request.memory])
    })
  }

  async close(): Promise<void> {
    this.#fail(new EngineError('cancelled'))
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #startThread(workerData: OpenWorkerData): OpenThread {
    const worker = new Worker(workerFile(import.meta.url, 'open-worker'), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    worker.on('message', (message: FromOpenWorker) => {
      this.#receive(message)
    })
    worker.on('error', (error) => {
      this.#fail(new EngineError('internal', { cause: error, context: { part: 'open worker' } }))
    })
    return { worker, outstanding: 0 }
  }

  #receive({ id, answer, failure, memory }: FromOpenWorker): void {
    this.giveBack(memory)
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    waiting.thread.outstanding--
    if (answer !== undefined) waiting.resolve(answer)
    else waiting.reject(new EngineError(failure?.code ?? 'internal'))
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.values()) reject(this.#failure)
    this.#waiting.clear()
  }
}

function defaultWorkers(): number {
  return Math.min(availableParallelism(), MAX_WORKERS)
}

/** The memory that holds the bytes at its start: their own, unless they are a view of something else. */
export function wholeMemory(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteOffset === 0 ? bytes.buffer : bytes.slice().buffer
}
