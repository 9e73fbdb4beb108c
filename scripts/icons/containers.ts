import { png } from './png.ts'
import type { Picture } from './raster.ts'

/** Windows' icon file: small pictures as bitmaps, which every installer reads, the largest as PNG. */
export function ico(pictures: readonly Picture[]): Buffer {
  const header = Buffer.alloc(6 + pictures.length * 16)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  const bodies = pictures.map((picture) => (picture.size < 256 ? bitmap(picture) : png(picture)))
  let offset = header.length
  for (const [at, { size }] of pictures.entries()) {
    const entry = 6 + at * 16
    const length = bodies[at]?.length ?? 0
    // 0 stands for 256.
    header.writeUInt8(size % 256, entry)
    header.writeUInt8(size % 256, entry + 1)
    header.writeUInt16LE(1, entry + 4)
    header.writeUInt16LE(32, entry + 6)
    header.writeUInt32LE(length, entry + 8)
    header.writeUInt32LE(offset, entry + 12)
    offset += length
  }
  return Buffer.concat([header, ...bodies])
}

/** Rows from the bottom up, blue first, and a mask of one bit per pixel that nobody reads any more. */
function bitmap({ size, pixels }: Picture): Buffer {
  const maskRow = Math.ceil(size / 32) * 4
  const bytes = Buffer.alloc(40 + size * size * 4 + maskRow * size)
  bytes.writeUInt32LE(40, 0)
  bytes.writeInt32LE(size, 4)
  bytes.writeInt32LE(size * 2, 8)
  bytes.writeUInt16LE(1, 12)
  bytes.writeUInt16LE(32, 14)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray((y * size + x) * 4)
      bytes.set([blue, green, red, alpha], 40 + ((size - 1 - y) * size + x) * 4)
    }
  return bytes
}

/** The name of a size in macOS' icon file, as PNG: https://en.wikipedia.org/wiki/Apple_Icon_Image_format */
const icnsTypes: readonly (readonly [string, number])[] = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
]

/** macOS' icon file; `paintAt` is asked once for each size that it holds. */
export function icns(paintAt: (size: number) => Picture): Buffer {
  const known = new Map([...new Set(icnsTypes.map(([, size]) => size))].map((size) => [size, png(paintAt(size))]))
  const parts = icnsTypes.map(([type, size]) => framed(type, known.get(size) ?? Buffer.alloc(0)))
  return framed('icns', Buffer.concat(parts))
}

function framed(type: string, data: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write(type, 0, 'latin1')
  header.writeUInt32BE(data.length + 8, 4)
  return Buffer.concat([header, data])
}
