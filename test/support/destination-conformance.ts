import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../src-main/engine/model/errors.ts'
import type { DestinationStore, StoredFile } from '../../src-main/engine/ports/destination-store.ts'

export interface Subject {
  /** An empty store. */
  readonly store: DestinationStore
  /** The same place, as another process would open it. */
  reopen(): DestinationStore
  dispose(): Promise<void>
}

const BIG = 64 << 20

/** What every destination must do; run on each of them. */
export function describeDestination(name: string, create: () => Promise<Subject>): void {
  describe(`${name} as a destination`, () => {
    let subject: Subject
    let store: DestinationStore

    beforeEach(async () => {
      subject = await create()
      store = subject.store
      await store.prepare()
    })
    afterEach(() => subject.dispose())

    it('can be prepared again without losing anything', async () => {
      await store.put('config', [bytes('kept')])
      await store.prepare()
      expect(await readText(store, 'config')).toBe('kept')
    })

    it('gives back what was put, also to others', async () => {
      const content = randomBytes(100_000)
      await store.put('keys/one', [content])
      expect(digest(await store.get('keys/one'))).toBe(digest(content))
      expect(digest(await subject.reopen().get('keys/one'))).toBe(digest(content))
    })

    it('writes the parts one after the other', async () => {
      const parts = Array.from({ length: 1500 }, (_, i) => bytes(`${i} `))
      await store.put('index/parts', [...parts, new Uint8Array(0), bytes('end')])
      expect(await readText(store, 'index/parts')).toBe(`${parts.map((_, i) => `${i} `).join('')}end`)
    })

    it('keeps files without content', async () => {
      await store.put('locks/none', [])
      await store.put('locks/empty', [new Uint8Array(0)])
      expect((await store.get('locks/none')).length).toBe(0)
      expect(await store.size('locks/empty')).toBe(0)
      expect(await listing(store, 'locks')).toEqual(['locks/empty 0', 'locks/none 0'])
    })

    it('gives memory that belongs to the caller', async () => {
      const content = bytes('before')
      await store.put('keys/own', [content])
      content.fill(0)
      const first = await store.get('keys/own')
      first.fill(0)
      expect(await readText(store, 'keys/own')).toBe('before')
      expect(first.byteOffset).toBe(0)
      expect(first.buffer.byteLength).toBe(first.length)
    })

    it('reads ranges, and what is there of a range that reaches past the end', async () => {
      await store.put('data/aa/range', [bytes('0123456789')])
      const range = async (offset: number, length: number): Promise<string> =>
        Buffer.from(await store.get('data/aa/range', { offset, length })).toString()
      expect(await range(0, 10)).toBe('0123456789')
      expect(await range(3, 4)).toBe('3456')
      expect(await range(8, 100)).toBe('89')
      expect(await range(10, 1)).toBe('')
      expect(await range(1000, 5)).toBe('')
      expect(await range(4, 0)).toBe('')
    })

    it('knows sizes', async () => {
      await store.put('snapshots/size', [new Uint8Array(12_345)])
      expect(await store.size('snapshots/size')).toBe(12_345)
    })

    it('says store.not-found for what is missing', async () => {
      await expectCode(store.get('keys/missing'), 'store.not-found')
      await expectCode(store.get('keys/missing', { offset: 0, length: 1 }), 'store.not-found')
      await expectCode(store.size('keys/missing'), 'store.not-found')
      await expectCode(store.size('nowhere/at/all'), 'store.not-found')
    })

    it('removes, and succeeds for what is not there', async () => {
      await store.put('locks/mine', [bytes('x')])
      await store.remove('locks/mine')
      await expectCode(store.get('locks/mine'), 'store.not-found')
      expect(await listing(store, 'locks')).toEqual([])
      await store.remove('locks/mine')
      await store.remove('nowhere/at/all')
    })

    it('replaces a file whole', async () => {
      await store.put('config', [bytes('a longer first content')])
      await store.put('config', [bytes('second')])
      expect(await readText(store, 'config')).toBe('second')
      expect(await store.size('config')).toBe(6)
    })

    it('lists a folder and what is below it, and nothing else', async () => {
      await store.put('config', [bytes('c')])
      await store.put('data/00/first', [bytes('1')])
      await store.put('data/ff/second', [bytes('22')])
      await store.put('index/third', [bytes('333')])
      expect(await listing(store, 'data')).toEqual(['data/00/first 1', 'data/ff/second 2'])
      expect(await listing(store, 'data/ff')).toEqual(['data/ff/second 2'])
      expect(await listing(store, 'index')).toEqual(['index/third 3'])
      expect(await listing(store, '')).toEqual(['config 1', 'data/00/first 1', 'data/ff/second 2', 'index/third 3'])
    })

    it('lists nothing for a folder that does not exist', async () => {
      expect(await listing(store, 'nowhere')).toEqual([])
      expect(await listing(store, 'data/zz')).toEqual([])
    })

    it('lists many files, and stops when nobody asks for more', async () => {
      const names = Array.from({ length: 300 }, (_, i) => `snapshots/${String(i).padStart(4, '0')}`)
      await Promise.all(names.map((file) => store.put(file, [bytes(file)])))
      expect((await listing(store, 'snapshots')).length).toBe(300)
      let seen = 0
      for await (const { size } of store.list('snapshots')) if (size > 0 && ++seen === 3) break
      expect(seen).toBe(3)
    })

    it('takes names of any script', async () => {
      const names = ['Überblick', '日本語', '😀', 'with space', 'e\u0301', 'a'.repeat(200)].map(
        (file) => `snapshots/${file}`,
      )
      for (const file of names) await store.put(file, [bytes(file)])
      for (const file of names) expect(await readText(store, file)).toBe(file)
      const listed = (await collect(store, 'snapshots')).map((file) => file.name.normalize())
      expect(listed.sort()).toEqual(names.map((file) => file.normalize()).sort())
    })

    it('takes big files', async () => {
      const content = randomBytes(BIG)
      await store.put('data/bb/big', [content.subarray(0, 1000), content.subarray(1000)])
      expect(await store.size('data/bb/big')).toBe(BIG)
      expect(digest(await store.get('data/bb/big'))).toBe(digest(content))
      const end = await store.get('data/bb/big', { offset: BIG - 5, length: 50 })
      expect(digest(end)).toBe(digest(content.subarray(BIG - 5)))
    })

    it('does many things at the same time', async () => {
      const contents = Array.from({ length: 40 }, (_, i) => randomBytes(1000 * (i + 1)))
      const place = (i: number): string => `data/${(i % 7).toString(16).padStart(2, '0')}/file${i}`
      await Promise.all(contents.map((content, i) => store.put(place(i), [content])))
      const read = await Promise.all(contents.map((_, i) => store.get(place(i))))
      expect(read.map(digest)).toEqual(contents.map(digest))
      await Promise.all(contents.map((_, i) => store.remove(place(i))))
      expect(await listing(store, 'data')).toEqual([])
    })

    it('keeps one whole content of several written to one name at the same time', async () => {
      const contents = Array.from({ length: 8 }, () => randomBytes(300_000))
      await Promise.all(contents.map((content) => store.put('keys/same', [content])))
      expect(contents.map(digest)).toContain(digest(await store.get('keys/same')))
      expect(await listing(store, 'keys')).toEqual(['keys/same 300000'])
    })

    it('never shows an unfinished file', async () => {
      const content = randomBytes(16 << 20)
      const state = { isDone: false }
      const writing = store.put('data/cc/slow', [content]).finally(() => (state.isDone = true))
      for (let round = 0; !state.isDone || round < 3; round++) {
        const files = await collect(store, 'data')
        expect(files.every((file) => file.name === 'data/cc/slow' && file.size === content.length)).toBe(true)
      }
      await writing
      expect(await listing(store, 'data')).toEqual([`data/cc/slow ${content.length}`])
    })

    it('does nothing once it is cancelled', async () => {
      await store.put('keys/there', [bytes('x')])
      const signal = AbortSignal.abort()
      await expectCode(store.put('keys/new', [bytes('x')], signal), 'cancelled')
      await expectCode(store.get('keys/there', undefined, signal), 'cancelled')
      await expectCode(store.size('keys/there', signal), 'cancelled')
      await expectCode(store.remove('keys/there', signal), 'cancelled')
      await expectCode(store.prepare(signal), 'cancelled')
      await expectCode(collect(store, 'keys', signal), 'cancelled')
      expect(await listing(store, 'keys')).toEqual(['keys/there 1'])
    })

    it('leaves the former content or the new one when it is cancelled in the middle', async () => {
      const former = digest(bytes('former'))
      const content = randomBytes(32 << 20)
      for (let turns = 0; turns < 6; turns++) {
        await store.put('config', [bytes('former')])
        const controller = new AbortController()
        const writing = store.put('config', [content], controller.signal)
        for (let turn = 0; turn < turns; turn++) await store.size('config')
        controller.abort()
        const failure = await writing.then(
          () => undefined,
          (error: unknown) => error,
        )
        if (failure !== undefined) expect(codeOf(failure)).toBe('cancelled')
        const expected = failure === undefined ? digest(content) : former
        expect(digest(await subject.reopen().get('config'))).toBe(expected)
        expect((await collect(store, '')).map((file) => file.name)).toEqual(['config'])
      }
    })
  })
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text))
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

async function readText(store: DestinationStore, name: string): Promise<string> {
  return Buffer.from(await store.get(name)).toString()
}

async function collect(store: DestinationStore, folder: string, signal?: AbortSignal): Promise<StoredFile[]> {
  const files: StoredFile[] = []
  for await (const file of store.list(folder, signal)) files.push(file)
  return files
}

async function listing(store: DestinationStore, folder: string): Promise<string[]> {
  return (await collect(store, folder)).map(({ name, size }) => `${name} ${size}`).sort()
}

/** Waits for the rejection and demands that it is of that code. */
export async function expectCode(work: Promise<unknown>, code: string): Promise<EngineError> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(codeOf(failure)).toBe(code)
  return failure as EngineError
}

export function codeOf(error: unknown): string {
  return error instanceof EngineError ? error.code : `no EngineError: ${String(error)}`
}
