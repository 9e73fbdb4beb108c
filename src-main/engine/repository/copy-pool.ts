import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { EngineError } from '../model/errors.ts'
import { releaseMemory } from '../release-memory.ts'
import type {
  CopyAnswer,
  CopyBlobs,
  CopyWorkerData,
  FinishPacks,
  FromCopyWorker,
  ToCopyWorker,
} from './copy-messages.ts'
import { SLOT_RANGE_BYTES } from './slots-by-pack.ts'
import { workerFile } from './worker-file.ts'

// Each has memory for two packs besides what is on its way.
const MAX_WORKERS = 4
const REQUESTS_PER_WORKER = 2
const SPARE_PACKS = 2

interface CopyThread {
  readonly worker: Worker
  outstanding: number
}

interface Waiting {
  readonly thread: CopyThread
  readonly resolve: (answer: CopyAnswer) => void
  readonly reject: (error: Error) => void
}

/** Worker threads that take blobs over into new packs. Whoever uses it keeps to `places` requests at a time. */
export class CopyPool {
  readonly #threads: CopyThread[]
  readonly #waiting = new Map<number, Waiting>()
  readonly #memories: ArrayBuffer[] = []
  readonly #packs: ArrayBuffer[] = []
  #next = 1
  #failure: Error | undefined

  constructor(workerData: CopyWorkerData, workers = Math.min(availableParallelism(), MAX_WORKERS)) {
    this.#threads = Array.from({ length: workers }, () => this.#startThread(workerData))
  }

  /** How many requests keep all threads busy. */
  get places(): number {
    return this.#threads.length * REQUESTS_PER_WORKER
  }

  /** Memory for a range of a pack, used again. */
  memory(): ArrayBuffer {
    return this.#memories.pop() ?? new ArrayBuffer(SLOT_RANGE_BYTES)
  }

  giveBack(memory: ArrayBuffer): void {
    if (memory.byteLength === SLOT_RANGE_BYTES && this.#memories.length < this.places) this.#memories.push(memory)
    else releaseMemory(new Uint8Array(memory))
  }

  /** Gives back the memory of a pack that was stored. */
  giveBackPack(memory: ArrayBuffer): void {
    if (this.#packs.length < SPARE_PACKS) this.#packs.push(memory)
    else releaseMemory(new Uint8Array(memory))
  }

  /** Opens the blobs and puts them into new packs; gives those that were completed by it. Hands the memory over. */
  copy(request: Omit<CopyBlobs, 'kind' | 'spares'>): Promise<CopyAnswer> {
    const thread = this.#threads.reduce((least, other) => (other.outstanding < least.outstanding ? other : least))
    const spare = this.#packs.pop()
    const spares = spare === undefined ? [] : [spare]
    return this.#run(thread, { kind: 'copy', ...request, spares }, [request.memory, ...spares])
  }

  /** Closes the packs that are open. When nothing else is under way. */
  async finish(): Promise<CopyAnswer['packs']> {
    const answers = await Promise.all(this.#threads.map((thread) => this.#run(thread, { kind: 'finish' }, [])))
    return answers.flatMap(({ packs }) => packs)
  }

  async close(): Promise<void> {
    this.#fail(new EngineError('cancelled'))
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #run(thread: CopyThread, request: CopyBlobs | FinishPacks, transfer: ArrayBuffer[]): Promise<CopyAnswer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const id = this.#next++
    thread.outstanding++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { thread, resolve, reject })
      const message: ToCopyWorker = { id, request }
      thread.worker.postMessage(message, transfer)
    })
  }

  #startThread(workerData: CopyWorkerData): CopyThread {
    const worker = new Worker(workerFile(import.meta.url, 'copy-worker'), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    worker.on('message', (message: FromCopyWorker) => {
      this.#receive(message)
    })
    worker.on('error', (error) => {
      this.#fail(new EngineError('internal', { cause: error, context: { part: 'copy worker' } }))
    })
    return { worker, outstanding: 0 }
  }

  #receive({ id, answer, failure, memory }: FromCopyWorker): void {
    if (memory !== undefined) this.giveBack(memory)
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    waiting.thread.outstanding--
    if (answer !== undefined) waiting.resolve(answer)
    else waiting.reject(new EngineError(failure?.code ?? 'internal', { context: failure?.context ?? {} }))
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.values()) reject(this.#failure)
    this.#waiting.clear()
  }
}
