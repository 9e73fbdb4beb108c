import { closeSync, fchmodSync, futimesSync, lstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import type { Sealer } from '../crypto/seal.ts'
import type { Zstd } from '../crypto/zstd.ts'
import type { ErrorCode } from '../model/errors.ts'
import { openBlob } from './blob-codec.ts'
import { diskPath, diskTime, errnoOf, fileErrorCode, isUnsupported } from './disk-file.ts'
import {
  WRITE_WORDS,
  type ExtractBlobs,
  type ExtractFile,
  type ExtractFinding,
  type OpenAnswers,
} from './open-messages.ts'
import { blobAt } from './verify-pack.ts'

/** Writes the blobs into their files; what goes wrong with one file does not keep the others. */
export function extractBlobs(request: ExtractBlobs, sealer: Sealer, zstd: Zstd): OpenAnswers['extract'] {
  const bytes = new Uint8Array(request.memory, 0, request.length)
  const findings: ExtractFinding[] = []
  const present: number[] = []
  let written = 0
  let opened = -1
  let plain: Uint8Array | undefined
  for (let at = 0; at < request.writes.length; at += WRITE_WORDS) {
    const [blobIndex = 0, fileIndex = 0, position = 0] = request.writes.subarray(at)
    if (opened !== blobIndex) {
      const blob = blobAt(request.blobs, blobIndex)
      plain = openBlob(bytes.subarray(blob.offset, blob.offset + blob.length), blob, sealer, zstd)
      opened = blobIndex
    }
    const file = request.files[fileIndex]
    if (file === undefined) continue
    const outcome = plain === undefined ? 'repository.blob-damaged' : write(file, plain, position)
    if (outcome === 'present') present.push(fileIndex)
    else if (outcome !== 'written') findings.push({ file: fileIndex, code: outcome })
    if (outcome === 'written') written += plain?.length ?? 0
  }
  return { findings, present, bytes: written }
}

function write(file: ExtractFile, plain: Uint8Array, position: number): 'written' | 'present' | ErrorCode {
  try {
    if (file.whole) createWhole(file, plain)
    else writePart(file, plain, position)
    return 'written'
  } catch (error) {
    if (!file.whole || errnoOf(error) !== 'EEXIST') return fileErrorCode(error)
    return holdsSame(diskPath(file.path), plain) ? 'present' : 'restore.target-exists'
  }
}

function createWhole(file: ExtractFile, plain: Uint8Array): void {
  const path = diskPath(file.path)
  const handle = openSync(path, 'wx', file.mode)
  try {
    writeAll(handle, plain, 0)
    setAttributes(handle, file)
  } catch (error) {
    unlinkSync(path) // nobody is to take it for whole
    throw error
  } finally {
    closeSync(handle)
  }
}

function setAttributes(handle: number, { mode, mtime }: ExtractFile): void {
  try {
    // The process's umask may have taken bits away.
    if ((mode & 0o077) !== 0) fchmodSync(handle, mode)
    const time = diskTime(mtime)
    futimesSync(handle, time, time)
  } catch (error) {
    if (!isUnsupported(error)) throw error
  }
}

function writePart(file: ExtractFile, plain: Uint8Array, position: number): void {
  const handle = openSync(diskPath(file.path), 'r+')
  try {
    writeAll(handle, plain, position)
  } finally {
    closeSync(handle)
  }
}

function writeAll(handle: number, plain: Uint8Array, position: number): void {
  for (let done = 0; done < plain.length;) done += writeSync(handle, plain, done, plain.length - done, position + done)
}

/** Whether that is a file (no link, no folder, no pipe) with these bytes; one that cannot be read is not known to be. */
function holdsSame(path: string | Buffer, plain: Uint8Array): boolean {
  try {
    const found = lstatSync(path)
    return found.isFile() && found.size === plain.length && startsWith(path, plain)
  } catch (error) {
    if (errnoOf(error) === '') throw error
    return false
  }
}

function startsWith(path: string | Buffer, plain: Uint8Array): boolean {
  const handle = openSync(path, 'r')
  try {
    const there = Buffer.alloc(plain.length)
    return readSync(handle, there, 0, there.length, 0) === plain.length && there.equals(plain)
  } finally {
    closeSync(handle)
  }
}
