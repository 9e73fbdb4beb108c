import { describe, expect, it } from 'vitest'
import type { StoredFile } from '../../../../src-main/engine/ports/restore-target.ts'
import { storedHashes } from '../../../../src-main/graph/drive/upload-hash.ts'
import { expectedStart } from '../../../../src-main/graph/client/upload-ranges.ts'
import { UploadSource } from '../../../../src-main/graph/drive/upload-source.ts'

const { signal } = new AbortController()

function counting(bytes: Uint8Array, claimed = bytes.length): StoredFile & { readonly opened: number[]; open: number } {
  const opened: number[] = []
  return {
    name: 'x',
    size: claimed,
    opened,
    open: 0,
    bytes: () => Promise.resolve(bytes),
    async *stream(_signal, from = 0) {
      opened.push(from)
      this.open += 1
      try {
        for (let at = from; at < bytes.length; at += 7) yield await Promise.resolve(bytes.subarray(at, at + 7))
      } finally {
        this.open -= 1
      }
    },
  }
}

const bytes = Uint8Array.from({ length: 100 }, (_, at) => at)

describe('UploadSource', () => {
  it('reads on without opening again, and anew only after a jump', async () => {
    const file = counting(bytes)
    const source = new UploadSource(file, signal)
    expect(await source.range(0, 10)).toEqual(bytes.subarray(0, 10))
    expect(await source.range(10, 30)).toEqual(bytes.subarray(10, 40))
    expect(file.opened).toEqual([0])
    expect(await source.range(20, 50)).toEqual(bytes.subarray(20, 70))
    expect(await source.range(70, 30)).toEqual(bytes.subarray(70))
    expect(file.opened).toEqual([0, 20])
    await source.close()
    expect(file.open).toBe(0)
  })

  it('hashes what passes by once, whatever was sent again', async () => {
    const file = counting(bytes)
    const source = new UploadSource(file, signal)
    for (const [from, length] of [
      [0, 40],
      [20, 40],
      [0, 70],
      [70, 30],
      [60, 40],
    ] as const)
      await source.range(from, length)
    expect(await source.hashes()).toEqual(await storedHashes(counting(bytes), signal))
    expect(file.opened).not.toContain(100)
    await source.close()
  })

  it('reads the content again for its hash where not all of it passed by', async () => {
    const file = counting(bytes)
    const source = new UploadSource(file, signal)
    await source.range(50, 50)
    expect(await source.hashes()).toEqual(await storedHashes(counting(bytes), signal))
    expect(file.opened).toEqual([50, 0])
    await source.close()
  })

  it('rejects when the stored content is shorter than it should be', async () => {
    const source = new UploadSource(counting(bytes, 120), signal)
    await expect(source.range(80, 40)).rejects.toMatchObject({ code: 'repository.tree-damaged' })
  })
})

describe('expectedStart', () => {
  it.each([
    [{ nextExpectedRanges: ['26-'] }, 26],
    [{ nextExpectedRanges: ['77829-99375', '12345-55232'] }, 12_345],
    [{ nextExpectedRanges: [] }, undefined],
    [{ nextExpectedRanges: ['x', 5, null] }, undefined],
    [{ nextExpectedRanges: ['100000-'] }, undefined],
    [undefined, undefined],
  ])('of %j is %s', (body, start) => {
    expect(expectedStart(body, 100_000)).toBe(start)
  })
})
