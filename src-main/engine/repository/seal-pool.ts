import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { MIN_BODY } from '../chunking/mime-bodies.ts'
import { releaseMemory } from '../release-memory.ts'
import { EngineError } from '../model/errors.ts'
import { Batch, BATCH_BYTES, type ContentIds } from './batch.ts'
import type { BlobTable, TableSegment } from './blob-table.ts'
import type { FinishedPack } from './pack-builder.ts'
import type { EntryKind, FromSealWorker, SealCounts, SealWorkerData, ToSealWorker } from './seal-messages.ts'
import { workerFile } from './worker-file.ts'

const MAX_WORKERS = 8
const BATCHES_PER_WORKER = 2
const MAX_SPARE_BUFFERS = 3
/** Packs on their way to the destination, however few threads there are: one that is far away wants several. */
const PACKS_ON_THE_WAY = 4
// Offsets and lengths cross to the workers as 32-bit numbers.
const MAX_CONTENT = 0x7fffffff

export interface SealPoolOptions extends Omit<SealWorkerData, 'segments'> {
  readonly table: BlobTable
  /** Stores the pack; its buffer goes back to the worker afterwards. */
  readonly store: (pack: FinishedPack) => Promise<void>
  readonly workers?: number
}

interface SealThread {
  readonly worker: Worker
  outstanding: number
  newSegments: TableSegment[]
}

/**
 * Worker threads that cut, hash, compress, seal and pack contents. Contents are gathered into batches; a batch goes
 * out when it is full or a thread has nothing to do. What waits is bounded: see `ready`.
 */
export class SealPool {
  readonly #options: SealPoolOptions
  readonly #size: number
  #threads: SealThread[] = []
  readonly #batches = new Map<number, { batch: Batch; blobBound: number }>()
  readonly #flushes = new Map<number, () => void>()
  readonly #spares: ArrayBuffer[] = []
  #waiters: (() => void)[] = []
  #open: Batch | undefined
  #next = 1
  readonly #storing = new Set<Promise<void>>()
  #promisedBlobs = 0
  #waitingBytes = 0
  #failure: Error | undefined
  #dispatchPlanned = false
  /** What was new, in total. */
  readonly counts: SealCounts = { dataBlobs: 0, treeBlobs: 0, added: 0, addedPacked: 0 }

  constructor(options: SealPoolOptions) {
    this.#options = options
    this.#size = options.workers ?? Math.min(availableParallelism(), MAX_WORKERS)
  }

  /** Whether there is room for more; if not, wait for `ready`. */
  get isReady(): boolean {
    const limit = this.#size * BATCHES_PER_WORKER
    // Bytes count too: a batch of one large content is larger than others.
    const hasRoom = this.#batches.size < limit && this.#waitingBytes < limit * BATCH_BYTES
    return hasRoom && this.#storing.size < Math.max(this.#size, PACKS_ON_THE_WAY)
  }

  /** Resolves when there is room for more contents. Rejects when the pool has failed. */
  async ready(): Promise<void> {
    this.#throwIfFailed()
    while (!this.isReady) await this.#change()
  }

  /**
   * Takes a content of `size` bytes (less than 2 GiB) that `fill` writes; gives the ids of its blobs once they are
   * sealed.
   */
  add(kind: EntryKind, size: number, fill: (target: Uint8Array<ArrayBuffer>) => void): Promise<ContentIds> {
    this.#throwIfFailed()
    if (size > MAX_CONTENT) throw new EngineError('internal', { context: { reason: 'content too large', size } })
    if (this.#open !== undefined && !this.#open.hasRoom(size)) this.#dispatch()
    this.#open ??= new Batch(this.#buffer(size))
    const ids = this.#open.add(kind, size, fill)
    if (this.#open.isFull) this.#dispatch()
    else this.#planDispatch()
    return ids
  }

  /** Stores everything that was added before this call, even in packs that are not full. */
  async flush(): Promise<void> {
    this.#dispatch()
    // A thread takes its messages in order, so all batches sent before are sealed when it answers.
    await Promise.all(this.#threads.map((thread) => this.#flushThread(thread)))
    await Promise.all(this.#storing)
    this.#throwIfFailed()
  }

  /** Stops the threads; resolves when nothing is being stored any more. */
  async close(): Promise<void> {
    this.#fail(new EngineError('cancelled'))
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
    await Promise.all(this.#storing)
  }

  /** Threads start with the first batch: a run that finds nothing new needs none. */
  #startThreads(): void {
    const { key, polynomial, level, selfCheck, packSize, table } = this.#options
    const workerData: SealWorkerData = { key, polynomial, level, selfCheck, packSize, segments: table.segments }
    this.#threads = Array.from({ length: this.#size }, () => this.#startThread(workerData))
  }

  #startThread(workerData: SealWorkerData): SealThread {
    const worker = new Worker(workerFile(import.meta.url, 'seal-worker'), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    const thread: SealThread = { worker, outstanding: 0, newSegments: [] }
    worker.on('message', (message: FromSealWorker) => {
      this.#receive(thread, message)
    })
    worker.on('error', (error) => {
      this.#fail(new EngineError('internal', { cause: error, context: { part: 'seal worker' } }))
    })
    return thread
  }

  #receive(thread: SealThread, message: FromSealWorker): void {
    if (message.kind === 'batch') this.#finishBatch(thread, message)
    else if (message.kind === 'pack') this.#storePack(thread, message)
    else if (message.kind === 'flushed') this.#flushes.get(message.flush)?.()
    else this.#fail(new EngineError(message.code, { context: message.context }))
  }

  #finishBatch(thread: SealThread, message: FromSealWorker & { kind: 'batch' }): void {
    thread.outstanding--
    const sent = this.#batches.get(message.batch)
    this.#batches.delete(message.batch)
    this.#promisedBlobs -= sent?.blobBound ?? 0
    this.#waitingBytes -= message.buffer.byteLength
    if (message.buffer.byteLength === BATCH_BYTES && this.#spares.length < MAX_SPARE_BUFFERS)
      this.#spares.push(message.buffer)
    else releaseMemory(new Uint8Array(message.buffer))
    addCounts(this.counts, message.counts)
    sent?.batch.resolve(message.blobs, message.ids)
    this.#planDispatch()
    this.#wake()
  }

  #storePack(thread: SealThread, pack: FinishedPack): void {
    const stored = this.#options
      .store(pack)
      .then(() => {
        post(thread, { kind: 'spare', buffer: pack.buffer }, [pack.buffer])
      })
      .catch((error: unknown) => {
        this.#fail(error instanceof Error ? error : new EngineError('internal', { cause: error }))
      })
      .finally(() => {
        this.#storing.delete(stored)
        this.#wake()
      })
    this.#storing.add(stored)
  }

  /** A batch that is not full goes out only to a thread without work, and after the caller has added what it has. */
  #planDispatch(): void {
    if (this.#dispatchPlanned || this.#open === undefined) return
    this.#dispatchPlanned = true
    setImmediate(() => {
      this.#dispatchPlanned = false
      if (this.#threads.length === 0 || this.#threads.some(({ outstanding }) => outstanding === 0)) this.#dispatch()
    })
  }

  #dispatch(): void {
    const batch = this.#open
    if (batch === undefined || this.#failure !== undefined) return
    const blobBound = batch.count + 2 * Math.ceil(batch.length / MIN_BODY)
    this.#reserve(blobBound)
    if (this.#threads.length === 0) this.#startThreads()
    const thread = this.#threads.reduce((least, other) => (other.outstanding < least.outstanding ? other : least))
    this.#open = undefined
    const id = this.#next++
    this.#batches.set(id, { batch, blobBound })
    this.#waitingBytes += batch.buffer.byteLength
    thread.outstanding++
    const segments = thread.newSegments
    thread.newSegments = []
    const { buffer, entries } = batch
    post(thread, { kind: 'batch', batch: id, buffer, entries, segments }, [buffer])
  }

  /** Makes sure that the table has room for all blobs that batches under way may bring. */
  #reserve(blobs: number): void {
    this.#promisedBlobs += blobs
    const segment = this.#options.table.reserve(this.#promisedBlobs)
    if (segment === undefined) return
    for (const thread of this.#threads) thread.newSegments.push(segment)
  }

  #buffer(size: number): ArrayBuffer {
    if (size > BATCH_BYTES) return new ArrayBuffer(size)
    return this.#spares.pop() ?? new ArrayBuffer(BATCH_BYTES)
  }

  #flushThread(thread: SealThread): Promise<void> {
    this.#throwIfFailed()
    const flush = this.#next++
    return new Promise((resolve, reject) => {
      const watch = (): void => {
        if (this.#failure !== undefined) reject(this.#failure)
        else if (this.#flushes.has(flush)) this.#waiters.push(watch)
      }
      this.#flushes.set(flush, () => {
        this.#flushes.delete(flush)
        resolve()
      })
      this.#waiters.push(watch)
      post(thread, { kind: 'flush', flush })
    })
  }

  /** Resolves when a batch, a pack or a failure came in. */
  async #change(): Promise<void> {
    this.#throwIfFailed()
    await new Promise<void>((resolve) => {
      this.#waiters.push(resolve)
    })
    this.#throwIfFailed()
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const { batch } of this.#batches.values()) batch.reject(this.#failure)
    this.#batches.clear()
    this.#open?.reject(this.#failure)
    this.#open = undefined
    this.#wake()
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure
  }
}

function post(thread: SealThread, message: ToSealWorker, transfer: ArrayBuffer[] = []): void {
  thread.worker.postMessage(message, transfer)
}

function addCounts(total: SealCounts, more: SealCounts): void {
  total.dataBlobs += more.dataBlobs
  total.treeBlobs += more.treeBlobs
  total.added += more.added
  total.addedPacked += more.addedPacked
}
