import { chmod, lstat, open, rm, utimes, type FileHandle } from 'node:fs/promises'
import type { BoundedWork } from '../../bounded-work.ts'
import type { HexId } from '../../model/ids.ts'
import { isEngineError, type ErrorCode } from '../../model/errors.ts'
import type { TreeNode } from '../../model/tree.ts'
import { packName } from '../../repository/pack-list.ts'
import { isDamage } from '../../repository/damage.ts'
import { diskPath, diskTime, errnoOf, fileErrorCode, isUnsupported } from '../../repository/disk-file.ts'
import type { ExtractFile } from '../../repository/open-messages.ts'
import { wholeMemory, type OpenPool } from '../../repository/open-pool.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { BlobPlan, type PackRange } from './blob-plan.ts'

// What Date.parse leaves out.
const BELOW_MILLISECONDS = /\.\d{3}(\d{1,3})/
const MAX_FILES = 5_000
const MAX_BYTES = 256 << 20

interface PlannedFile {
  readonly path: string
  readonly target: string
  readonly blobs: readonly HexId[]
  readonly mtime: number
  readonly mode: number
  failed: ErrorCode | undefined
  present: boolean
  /** True once it was created here, empty, to be filled part by part. */
  made: boolean
}

export interface BatchOutcome {
  readonly files: number
  readonly bytes: number
  readonly present: number
  readonly findings: readonly { readonly path: string; readonly code: ErrorCode }[]
}

/** Files that are written together, pack by pack. */
export class FileBatch {
  readonly #repository: OpenRepository
  readonly #files: PlannedFile[] = []
  #bytes = 0

  constructor(repository: OpenRepository) {
    this.#repository = repository
  }

  get isFull(): boolean {
    return this.#files.length >= MAX_FILES || this.#bytes >= MAX_BYTES
  }

  add(path: string, target: string, node: TreeNode): void {
    const mode = (node.mode ?? 0o600) & 0o777
    const state = { failed: undefined, present: false, made: false }
    this.#files.push({ path, target, blobs: node.content ?? [], mtime: timeOf(node), mode, ...state })
    this.#bytes += node.size ?? 0
  }

  /**
   * Writes the files; the reading of ranges takes its places in `ranges`, which batches share. Rejects when the
   * repository is out of reach, or when cancelled: then no file is left half done.
   */
  async write(
    pool: OpenPool,
    ranges: BoundedWork,
    signal: AbortSignal | undefined,
    onProgress: (files: number, bytes: number) => void,
  ): Promise<BatchOutcome> {
    try {
      return await this.#write(pool, ranges, signal, onProgress)
    } catch (error) {
      for (const file of this.#files) file.failed ??= 'cancelled'
      await this.#finishParts()
      throw error
    }
  }

  async #write(
    pool: OpenPool,
    ranges: BoundedWork,
    signal: AbortSignal | undefined,
    onProgress: (files: number, bytes: number) => void,
  ): Promise<BatchOutcome> {
    const plan = new BlobPlan(this.#repository)
    let size = 0
    for (const [number, file] of this.#files.entries()) {
      signal?.throwIfAborted()
      const planned = plan.add(number, file.blobs)
      if ('missing' in planned) file.failed = 'repository.blob-missing'
      else size += planned.size
      if (file.failed === undefined && file.blobs.length !== 1) await this.#create(file)
    }
    let written = 0
    await this.#eachRange(plan, ranges, signal, async (range) => {
      const bytes = await this.#writeRange(range, pool, signal)
      written += bytes
      onProgress(Math.round((this.#files.length * written) / Math.max(this.#bytes, 1)), written)
    })
    await this.#finishParts()
    return this.#outcome(Math.min(written, size))
  }

  /** Resolves when all ranges are written; rejects with the first failure, once none of them is under way. */
  async #eachRange(
    plan: BlobPlan,
    ranges: BoundedWork,
    signal: AbortSignal | undefined,
    write: (range: PackRange) => Promise<void>,
  ): Promise<void> {
    const own: Promise<void>[] = []
    try {
      for (const range of plan.ranges()) {
        signal?.throwIfAborted()
        await ranges.start(() => {
          const writing = write(range)
          own.push(writing)
          return writing
        })
      }
      await Promise.all(own)
    } finally {
      await Promise.allSettled(own)
    }
  }

  async #writeRange(range: PackRange, pool: OpenPool, signal?: AbortSignal): Promise<number> {
    const { blobs } = range
    const numbers: number[] = []
    const files: ExtractFile[] = []
    const writes = this.#openWrites(range.writes, numbers, files)
    if (writes.length === 0) return 0
    const spare = pool.memory()
    const bytes = await this.#read(range, spare, signal)
    if (!(bytes instanceof Uint8Array)) {
      pool.giveBack(spare)
      for (const number of numbers) this.#fail(number, bytes.failed)
      return 0
    }
    const memory = wholeMemory(bytes)
    if (memory !== spare) pool.giveBack(spare)
    const answer = await pool.run({ kind: 'extract', memory, length: bytes.length, blobs, writes, files })
    for (const finding of answer.findings) this.#fail(numbers[finding.file], finding.code)
    for (const present of answer.present) {
      const file = this.#files[numbers[present] ?? -1]
      if (file !== undefined) file.present = true
    }
    return answer.bytes
  }

  /** The pack's bytes; or what is wrong with it, which concerns only the files that need it. */
  async #read(
    { pack, offset, length }: PackRange,
    memory: ArrayBuffer,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | { readonly failed: ErrorCode }> {
    try {
      return await this.#repository.store.get(packName(pack), { offset, length }, signal, memory)
    } catch (error) {
      if (!isDamage(error)) throw error
      return { failed: error.code === 'store.not-found' ? 'repository.pack-missing' : error.code }
    }
  }

  /** The writes that still are to be done, with files numbered for this request. */
  #openWrites(all: Float64Array, numbers: number[], files: ExtractFile[]): Float64Array {
    const local = new Map<number, number>()
    const writes: number[] = []
    for (let at = 0; at < all.length; at += 3) {
      const [blob = 0, number = 0, position = 0] = all.subarray(at)
      const file = this.#files[number]
      if (file === undefined || file.failed !== undefined || file.present) continue
      let index = local.get(number)
      if (index === undefined) {
        index = files.length
        local.set(number, index)
        numbers.push(number)
        files.push({ path: file.target, whole: file.blobs.length === 1, mtime: file.mtime, mode: file.mode })
      }
      writes.push(blob, index, position)
    }
    return Float64Array.from(writes)
  }

  /** Makes the file that parts are written into; one that is there must be the same. */
  async #create(file: PlannedFile): Promise<void> {
    try {
      // Its own mode comes last: it may forbid writing.
      await (await open(diskPath(file.target), 'wx', 0o600)).close()
      file.made = true
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') file.failed = fileErrorCode(error)
      else await this.#compare(file)
    }
  }

  /** Decides about a file that is there: it is the same, or it stays as it is. */
  async #compare(file: PlannedFile): Promise<void> {
    try {
      file.present = await this.#holdsSame(file)
      if (!file.present) file.failed = 'restore.target-exists'
    } catch (error) {
      if (isDamage(error)) file.failed = error.code
      else if (errnoOf(error) !== '' && !isEngineError(error)) file.failed = 'restore.target-exists'
      else throw error
    }
  }

  async #holdsSame(file: PlannedFile): Promise<boolean> {
    const path = diskPath(file.target)
    if (!(await lstat(path)).isFile()) return false
    const handle = await open(path, 'r')
    try {
      return await this.#comparesEqual(handle, file.blobs)
    } finally {
      await handle.close()
    }
  }

  async #comparesEqual(handle: FileHandle, blobs: readonly HexId[]): Promise<boolean> {
    let position = 0
    for (const blob of blobs) {
      const plain = await this.#repository.blob(blob, 'data')
      const there = Buffer.alloc(plain.length)
      const { bytesRead } = await handle.read(there, 0, there.length, position)
      if (bytesRead !== plain.length || !there.equals(plain)) return false
      position += plain.length
    }
    return (await handle.stat()).size === position
  }

  #fail(number: number | undefined, code: ErrorCode): void {
    const file = this.#files[number ?? -1]
    if (file !== undefined) file.failed ??= code
  }

  /** Files of several blobs get mode and times; one that lacks a part goes, so that nobody takes it for whole. */
  async #finishParts(): Promise<void> {
    for (const file of this.#files) {
      if (!file.made) continue
      if (file.failed === undefined) file.failed = await setAttributes(file)
      else await rm(diskPath(file.target), { force: true })
    }
  }

  #outcome(bytes: number): BatchOutcome {
    const findings = this.#files.flatMap(({ path, failed }) => (failed === undefined ? [] : [{ path, code: failed }]))
    const present = this.#files.filter((file) => file.present).length
    return { files: this.#files.length - findings.length - present, bytes, present, findings }
  }
}

/** Sets mode and times; gives the code of what kept it from that. */
async function setAttributes({ target, mode, mtime }: PlannedFile): Promise<ErrorCode | undefined> {
  const path = diskPath(target)
  try {
    const time = diskTime(mtime)
    await utimes(path, time, time)
    if (mode !== 0o600) await chmod(path, mode)
  } catch (error) {
    if (!isUnsupported(error)) return fileErrorCode(error)
  }
  return undefined
}

/** Milliseconds since 1970, with microseconds as a fraction if the node's time has them. */
export function timeOf({ mtime }: TreeNode): number {
  const time = Date.parse(mtime)
  if (Number.isNaN(time)) return 0
  const [, fraction] = BELOW_MILLISECONDS.exec(mtime) ?? []
  return fraction === undefined ? time : time + Number(`0.${fraction}`)
}
