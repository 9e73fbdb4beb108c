import { once } from 'node:events'
import { createDeflateRaw, crc32 } from 'node:zlib'

/** A file, or a folder (name with "/" at its end, no data). */
export interface ZipEntry {
  /** "/" between names. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** Bytes that the data will have, as far as known: from 4 GiB on another form is needed. */
  readonly size: number
  readonly data?: AsyncIterable<Uint8Array> | undefined
}

/** What the directory at the end says of an entry. */
interface Written {
  readonly entry: ZipEntry
  readonly name: Buffer
  readonly offset: number
  readonly crc: number
  readonly packed: number
  readonly plain: number
}

const MAX_32 = 0xffffffff
const MAX_16 = 0xffff
/** Whatever deflate adds to data that cannot be packed fits in between. */
const LARGE = 0xf0000000
const VERSION = 45
const UTF8_NAME = 0x0800
const SIZES_BEHIND = 0x0008
const DEFLATE = 8
const STORED = 0

/**
 * A zip, part by part, in bounded memory. `before`: bytes that stand before it in the same file. `spoilt` is called when
 * the data of an entry fail: either it takes back what the file has from `offset` on, and the zip goes on without the
 * entry, or it throws. Without it the zip fails.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function* zipStream(
  entries: AsyncIterable<ZipEntry>,
  before = 0,
  spoilt?: (entry: ZipEntry, error: unknown, offset: number) => Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const written: Written[] = []
  let offset = before
  for await (const entry of entries) {
    const name = Buffer.from(entry.name)
    const begin = offset
    const header = localHeader(entry, name)
    yield header
    const sums = { crc: 0, plain: 0, packed: 0 }
    try {
      if (entry.data !== undefined) yield* deflated(entry.data, sums)
    } catch (error) {
      if (spoilt === undefined) throw error
      await spoilt(entry, error, begin)
      continue
    }
    // What has no data needs no word behind it: not every program reads one where nothing is packed.
    const descriptor = entry.data === undefined ? Buffer.alloc(0) : dataDescriptor(entry, sums)
    yield descriptor
    offset += header.length + sums.packed + descriptor.length
    written.push({ entry, name, offset: begin, ...sums })
  }
  const directory = Buffer.concat(written.map(directoryEntry))
  yield directory
  yield endOfDirectory(written.length, directory.length, offset)
}

async function* deflated(
  data: AsyncIterable<Uint8Array>,
  sums: { crc: number; plain: number; packed: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  const deflate = createDeflateRaw()
  const feed = async (): Promise<void> => {
    for await (const part of data) {
      sums.crc = crc32(part, sums.crc)
      sums.plain += part.length
      if (!deflate.write(part)) await once(deflate, 'drain')
    }
    deflate.end()
  }
  const feeding = feed().catch((error: unknown) => {
    deflate.destroy(error instanceof Error ? error : new Error('data', { cause: error }))
  })
  try {
    for await (const part of deflate as AsyncIterable<Uint8Array>) {
      sums.packed += part.length
      yield part
    }
  } finally {
    deflate.destroy()
    await feeding
  }
}

function isLarge({ size, data }: ZipEntry): boolean {
  return data !== undefined && size >= LARGE
}

function localHeader(entry: ZipEntry, name: Buffer): Buffer {
  const extra = isLarge(entry) ? zip64Extra([0, 0]) : Buffer.alloc(0)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  writeCommon(head.subarray(4), entry, {
    crc: 0,
    packed: isLarge(entry) ? MAX_32 : 0,
    plain: isLarge(entry) ? MAX_32 : 0,
  })
  head.writeUInt16LE(name.length, 26)
  head.writeUInt16LE(extra.length, 28)
  return Buffer.concat([head, name, extra])
}

/** Version, flags, method, time, sums: 22 bytes that local headers and the directory share. */
function writeCommon(
  head: Buffer,
  { time, data }: ZipEntry,
  { crc, packed, plain }: { readonly crc: number; readonly packed: number; readonly plain: number },
): void {
  const { date, clock } = dosTime(time)
  head.writeUInt16LE(VERSION, 0)
  head.writeUInt16LE(data === undefined ? UTF8_NAME : UTF8_NAME | SIZES_BEHIND, 2)
  head.writeUInt16LE(data === undefined ? STORED : DEFLATE, 4)
  head.writeUInt16LE(clock, 6)
  head.writeUInt16LE(date, 8)
  head.writeUInt32LE(crc, 10)
  head.writeUInt32LE(packed, 14)
  head.writeUInt32LE(plain, 18)
}

function dataDescriptor(
  entry: ZipEntry,
  { crc, packed, plain }: { crc: number; packed: number; plain: number },
): Buffer {
  if (!isLarge(entry) && (packed > MAX_32 || plain > MAX_32)) throw new RangeError('an entry grew beyond 4 GiB')
  const large = isLarge(entry)
  const bytes = Buffer.alloc(large ? 24 : 16)
  bytes.writeUInt32LE(0x08074b50, 0)
  bytes.writeUInt32LE(crc, 4)
  if (large) {
    bytes.writeBigUInt64LE(BigInt(packed), 8)
    bytes.writeBigUInt64LE(BigInt(plain), 16)
  } else {
    bytes.writeUInt32LE(packed, 8)
    bytes.writeUInt32LE(plain, 12)
  }
  return bytes
}

function directoryEntry({ entry, name, offset, crc, packed, plain }: Written): Buffer {
  const extra = [plain, packed, offset].filter((value) => value >= MAX_32)
  const extraBytes = extra.length === 0 ? Buffer.alloc(0) : zip64Extra(extra)
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x02014b50, 0)
  head.writeUInt16LE((3 << 8) | VERSION, 4) // made on Unix: the mode below counts
  writeCommon(head.subarray(6), entry, { crc, packed: Math.min(packed, MAX_32), plain: Math.min(plain, MAX_32) })
  head.writeUInt16LE(name.length, 28)
  head.writeUInt16LE(extraBytes.length, 30)
  const isFolder = entry.name.endsWith('/')
  head.writeUInt32LE((((isFolder ? 0o40700 : 0o100600) << 16) | (isFolder ? 0x10 : 0)) >>> 0, 38)
  head.writeUInt32LE(Math.min(offset, MAX_32), 42)
  return Buffer.concat([head, name, extraBytes])
}

function zip64Extra(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + values.length * 8)
  bytes.writeUInt16LE(1, 0)
  bytes.writeUInt16LE(values.length * 8, 2)
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 4 + at * 8)
  return bytes
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, MAX_16), 8)
  end.writeUInt16LE(Math.min(count, MAX_16), 10)
  end.writeUInt32LE(Math.min(size, MAX_32), 12)
  end.writeUInt32LE(Math.min(offset, MAX_32), 16)
  if (count < MAX_16 && size < MAX_32 && offset < MAX_32) return end
  const large = Buffer.alloc(56 + 20)
  large.writeUInt32LE(0x06064b50, 0)
  large.writeBigUInt64LE(44n, 4)
  large.writeUInt16LE((3 << 8) | VERSION, 12)
  large.writeUInt16LE(VERSION, 14)
  large.writeBigUInt64LE(BigInt(count), 24)
  large.writeBigUInt64LE(BigInt(count), 32)
  large.writeBigUInt64LE(BigInt(size), 40)
  large.writeBigUInt64LE(BigInt(offset), 48)
  large.writeUInt32LE(0x07064b50, 56)
  large.writeBigUInt64LE(BigInt(offset + size), 64)
  large.writeUInt32LE(1, 72)
  return Buffer.concat([large, end])
}

/** MS-DOS has years from 1980 to 2107 and no time zone: that of this machine. */
function dosTime(time: number): { readonly date: number; readonly clock: number } {
  const moment = new Date(Number.isFinite(time) ? time : 0)
  const year = moment.getFullYear() - 1980
  if (year < 0 || year > 127) return { date: 0x21, clock: 0 }
  return {
    date: (year << 9) | ((moment.getMonth() + 1) << 5) | moment.getDate(),
    clock: (moment.getHours() << 11) | (moment.getMinutes() << 5) | (moment.getSeconds() >> 1),
  }
}
