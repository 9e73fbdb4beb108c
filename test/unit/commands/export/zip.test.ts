// The zips are read by yauzl, which is strict about what the format asks for.
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import yauzl, { RandomAccessReader, type Entry, type ZipFile } from 'yauzl'
import { zipStream, type ZipEntry } from '../../../../src-main/commands/export/zip.ts'

const GIB = 1024 ** 3
const time = Date.UTC(2026, 2, 5, 14, 7)

/** Bytes that stand at the end of a file that has nothing but zeros before. */
class TailReader extends RandomAccessReader {
  readonly #bytes: Buffer
  readonly #before: number

  constructor(bytes: Buffer, before: number) {
    super()
    this.#bytes = bytes
    this.#before = before
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const zeros = Buffer.alloc(Math.max(0, Math.min(end, this.#before) - start))
    const bytes = this.#bytes.subarray(Math.max(0, start - this.#before), Math.max(0, end - this.#before))
    return Readable.from([Buffer.concat([zeros, bytes])])
  }
}

function file(name: string, text: string, size = Buffer.byteLength(text)): ZipEntry {
  return { name, time, size, data: parts(text) }
}

async function* parts(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text))
}

async function* listed(entries: Iterable<ZipEntry>): AsyncGenerator<ZipEntry> {
  for (const entry of entries) yield await Promise.resolve(entry)
}

async function zipOf(entries: Iterable<ZipEntry>, before = 0): Promise<ZipFile> {
  const bytes = Buffer.concat(await Array.fromAsync(zipStream(listed(entries), before)))
  if (before === 0) return await yauzl.fromBufferPromise(bytes, { strictFileNames: true })
  const reader = new TailReader(bytes, before)
  return await new Promise((resolve, reject) => {
    yauzl.fromRandomAccessReader(
      reader,
      before + bytes.length,
      { lazyEntries: true, autoClose: false, strictFileNames: true },
      (error, zip) => {
        if (error === null) resolve(zip)
        else reject(error)
      },
    )
  })
}

async function readAll(zip: ZipFile): Promise<readonly (readonly [entry: Entry, text: string])[]> {
  const found: (readonly [Entry, string])[] = []
  for await (const entry of zip.eachEntry()) {
    const data: Buffer[] = []
    if (!entry.fileName.endsWith('/'))
      for await (const part of await zip.openReadStreamPromise(entry)) data.push(part as Buffer)
    found.push([entry, Buffer.concat(data).toString()])
  }
  return found
}

describe('a zip', () => {
  it('of nothing is one that has no entries', async () => {
    const zip = await zipOf([])
    expect([zip.entryCount, await readAll(zip)]).toEqual([0, []])
  })

  it('has files, folders and names in any script, with their times', async () => {
    const name = 'Ordner/ümläut & 日本 😀.txt'
    const found = await readAll(await zipOf([{ name: 'Ordner/', time, size: 0 }, file(name, 'Grüße'), file('e', '')]))
    expect(found.map(([{ fileName, uncompressedSize }, text]) => [fileName, uncompressedSize, text])).toEqual([
      ['Ordner/', 0, ''],
      [name, Buffer.byteLength('Grüße'), 'Grüße'],
      ['e', 0, ''],
    ])
    const [folder, first] = found.map(([entry]) => entry)
    expect(first?.getLastModDate().getTime()).toBe(time)
    expect(first === undefined ? 0 : first.generalPurposeBitFlag & 0x800).toBe(0x800)
    expect([folder, first].map((entry) => ((entry?.externalFileAttributes ?? 0) >>> 16).toString(8))).toEqual([
      '40700',
      '100600',
    ])
  })

  it('has the time that is next to one before 1980 or after 2107', async () => {
    const odd = [0, Number.NaN, Date.UTC(2200, 0, 1)].map((moment, at) => ({ ...file(String(at), ''), time: moment }))
    const years = (await readAll(await zipOf(odd))).map(([entry]) => entry.getLastModDate().getFullYear())
    expect(years).toEqual([1980, 1980, 1980])
  })

  it.each([65_534, 65_535, 65_536])('has %i entries', async (count) => {
    const zip = await zipOf(Array.from({ length: count }, (_, at) => ({ name: `${String(at)}/`, time, size: 0 })))
    const names = await Array.fromAsync(zip.eachEntry(), ({ fileName }) => fileName)
    expect([zip.entryCount, names.length, names.at(-1)]).toEqual([count, count, `${String(count - 1)}/`])
  })

  it.each([
    ['just below 4 GiB', 4 * GIB - 100],
    ['at the last offset of 32 bits', 0xffffffff],
    ['beyond 4 GiB', 4 * GIB + 1],
    ['beyond 1 TiB', 1024 * GIB],
  ])('finds what lies %s', async (_name, before) => {
    const found = await readAll(await zipOf([file('first', 'one'), file('second', 'two')], before))
    expect(found.map(([{ fileName }, text]) => [fileName, text])).toEqual([
      ['first', 'one'],
      ['second', 'two'],
    ])
    expect(found[0]?.[0].relativeOffsetOfLocalHeader).toBe(before)
  })

  it('takes a file that is said to be large, whatever it has', async () => {
    const found = await readAll(await zipOf([file('large', 'after all not', 5 * GIB), file('next', 'x')]))
    expect(found.map(([, text]) => text)).toEqual(['after all not', 'x'])
  })
})
