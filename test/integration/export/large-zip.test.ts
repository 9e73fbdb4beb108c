import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, it, onTestFinished } from 'vitest'
import yauzl from 'yauzl'
import { zipStream, type ZipEntry } from '../../../src-main/commands/export/zip.ts'

const SIZE = 4 * 1024 ** 3 + 1
const piece = Buffer.alloc(64 * 1024 * 1024)

async function* zeros(): AsyncGenerator<Uint8Array> {
  for (let left = SIZE; left > 0; left -= piece.length)
    yield await Promise.resolve(piece.subarray(0, Math.min(left, piece.length)))
}

async function* entries(): AsyncGenerator<ZipEntry> {
  yield await Promise.resolve({ name: 'large', time: 0, size: SIZE, data: zeros() })
  yield { name: 'next', time: 0, size: 1, data: Readable.from([Buffer.from('x')]) }
}

it('a zip takes a file of more than 4 GiB, and what comes after it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-zip-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'large.zip')
  await pipeline(zipStream(entries()), createWriteStream(file))
  const zip = await yauzl.openPromise(file, { autoClose: false })
  const found = await Array.fromAsync(zip.eachEntry())
  expect(found.map(({ fileName, uncompressedSize }) => [fileName, uncompressedSize])).toEqual([
    ['large', SIZE],
    ['next', 1],
  ])
  const next = found[1]
  if (next === undefined) throw new Error('no second entry')
  const read = await Array.fromAsync(await zip.openReadStreamPromise(next), (part) => String(part))
  expect(read.join('')).toBe('x')
  zip.close()
})
