import { describe, expect, test } from 'vitest'
import { bytesOf, contentFrom } from '../../support/graph-simulator/services/drive/index.ts'
import { HandClock, text, withDrives } from './drive-bench.ts'
import type { DriveAnswer, DriveBench } from './drive-bench.ts'
import { alex } from './tenant.ts'

const unit = 320 * 1024
const root = `/users/${alex}/drive/root`
const replace = { '@microsoft.graph.conflictBehavior': 'replace' }

interface Session {
  readonly url: string
  readonly fragment: (start: number, bytes: Buffer, total: number) => Promise<DriveAnswer>
}

async function session(bench: DriveBench, path: string, item: object = {}, more: object = {}): Promise<Session> {
  const answer = await bench.ask('POST', `${root}:/${path}:/createUploadSession`, { item, ...more })
  expect([answer.status, answer.json.nextExpectedRanges]).toEqual([200, ['0-']])
  const url = text(answer, 'uploadUrl')
  return {
    url,
    fragment: (start, bytes, total) => bench.plain('PUT', url, range(start, start + bytes.length - 1, total), bytes),
  }
}

const range = (start: number, end: number, total: number): Record<string, string> => ({
  'content-range': `bytes ${String(start)}-${String(end)}/${String(total)}`,
})

const shown = ({ drives }: DriveBench): [string, number][] => drives.dump(alex).map(({ path, size }) => [path, size])

describe('a simple upload', () => {
  test('makes a file, by path and by name, or replaces it', () =>
    withDrives(async (bench) => {
      const { ask, put, drives } = bench
      const made = await put(`${root}:/a%20%23.txt:/content`, 'hello')
      expect([made.status, made.json.name, made.json.size]).toEqual([201, 'a #.txt', 5])
      const again = await put(`${root}:/A%20%23.TXT:/content`, 'other')
      expect([again.status, again.json.id, again.json.name]).toEqual([200, made.json.id, 'a #.txt'])
      expect(again.json.cTag).not.toBe(made.json.cTag)
      const byId = await put(`/users/${alex}/drive/items/${text(made, 'id')}/content`, '')
      expect([byId.status, byId.json.size]).toEqual([200, 0])
      const folder = drives.addFolder(alex, 'f')
      expect((await put(`/users/${alex}/drive/items/${folder}:/b.txt:/content`, 'b')).status).toBe(201)
      expect((await put(`/users/${alex}/drive/items/${folder}/children/c.txt/content`, 'c')).status).toBe(201)
      const query = '?@microsoft.graph.conflictBehavior='
      expect((await put(`${root}:/f/b.txt:/content${query}fail`, 'x')).codes).toEqual(['nameAlreadyExists'])
      expect(text(await put(`${root}:/f/b.txt:/content${query}rename`, 'x'), 'name')).toBe('b 1.txt')
      expect((await put(`${root}:/f:/content`, 'x')).codes).toEqual(['nameAlreadyExists'])
      expect((await put(`${root}:/no/b.txt:/content`, 'x')).codes).toEqual(['itemNotFound'])
      expect((await put(`${root}:/f/b%3A.txt:/content`, 'x')).codes).toEqual(['invalidRequest'])
      expect((await put(`/users/${alex}/drive/special/photos:/p.txt:/content`, 'p')).status).toBe(201)
      expect((await ask('GET', `/users/${alex}/drive/special/photos`)).json).toMatchObject({
        specialFolder: { name: 'photos' },
      })
      expect(drives.dump(alex)[0]?.versions).toHaveLength(2)
    }))

  test('may have more bytes than other requests', () =>
    withDrives(async ({ put }) => {
      const big = await put(`${root}:/big.bin:/content`, bytesOf(contentFrom({ size: 9_000_000, seed: 1 })))
      expect([big.status, big.json.size]).toEqual([201, 9_000_000])
    }))

  test('heeds preconditions and the quota', () =>
    withDrives(async ({ ask, put, drives }) => {
      drives.addFile(alex, 'a.txt', 'hello')
      const path = `${root}:/a.txt:/content`
      expect((await put(path, 'x', { 'if-match': '"other"' })).status).toBe(412)
      expect((await put(path, 'x', { 'if-none-match': '*' })).status).toBe(412)
      drives.setQuota(alex, 10)
      expect((await put(`${root}:/b.txt:/content`, 'sixsix')).codes).toEqual(['quotaLimitReached'])
      expect((await ask('GET', `/users/${alex}/drive`)).json.quota).toMatchObject({ remaining: 5, used: 5 })
      expect(drives.dump(alex)).toHaveLength(1)
    }))

  test('of an Office file may come out changed', () =>
    withDrives(async ({ put, drives }) => {
      drives.behave(alex, { rewritesOfficeFiles: true })
      expect((await put(`${root}:/a.docx:/content`, 'hello')).json.size).not.toBe(5)
      expect((await put(`${root}:/a.txt:/content`, 'hello')).json.size).toBe(5)
    }))
})

describe('an upload session', () => {
  test('takes a file in fragments, with its times, and makes one version', () =>
    withDrives(async (bench) => {
      const bytes = bytesOf(contentFrom({ size: 2 * unit + 5, seed: 4 }))
      const fileSystemInfo = { createdDateTime: '2015-01-01T00:00:00Z', lastModifiedDateTime: '2016-02-03T04:05:06Z' }
      const { url, fragment } = await session(bench, 'f.bin', { name: 'f.bin', fileSystemInfo, fileSize: bytes.length })
      const first = await fragment(0, bytes.subarray(0, unit), bytes.length)
      expect([first.status, first.json.nextExpectedRanges]).toEqual([202, [`${String(unit)}-`]])
      expect(text(first, 'expirationDateTime')).toMatch(/Z$/)
      expect((await bench.plain('GET', url)).json.nextExpectedRanges).toEqual([`${String(unit)}-`])
      const done = await fragment(unit, bytes.subarray(unit), bytes.length)
      expect([done.status, done.json.fileSystemInfo]).toEqual([201, fileSystemInfo])
      expect(done.json.file).toMatchObject({ hashes: { quickXorHash: contentFrom(bytes).quickXorHash() } })
      expect((await bench.plain('GET', url)).codes).toEqual(['itemNotFound', 'uploadSessionNotFound'])
      expect(bench.drives.dump(alex)[0]?.versions).toEqual([])
      expect(bench.drives.uploads.pending).toBe(0)
    }))

  test('while times set afterwards make another version', () =>
    withDrives(async (bench) => {
      const id = bench.drives.addFile(alex, 'f.bin', 'x')
      const fileSystemInfo = { lastModifiedDateTime: '2016-02-03T04:05:06Z' }
      const path = `/users/${alex}/drive/items/${id}`
      expect((await bench.ask('PATCH', path, { fileSystemInfo })).status).toBe(200)
      expect(bench.drives.dump(alex)[0]?.versions).toHaveLength(1)
      const wrong = { fileSystemInfo: { lastModifiedDateTime: 'yesterday' } }
      expect((await bench.ask('PATCH', path, wrong)).codes).toEqual(['invalidRequest'])
    }))

  test('wants its fragments in order, in whole units, once, and without a token', () =>
    withDrives(async (bench) => {
      const { url, fragment } = await session(bench, 'f.bin')
      const total = 3 * unit
      const piece = Buffer.alloc(unit)
      expect((await fragment(unit, piece, total)).codes).toEqual(['invalidRange', 'fragmentOutOfOrder'])
      expect((await fragment(0, piece.subarray(1), total)).codes).toEqual(['invalidRange', 'invalidRange'])
      expect((await bench.put(url, piece, range(0, unit - 1, total))).codes).toEqual(['unauthenticated'])
      expect((await fragment(0, piece, total)).status).toBe(202)
      const again = await fragment(0, piece, total)
      expect([again.status, again.codes]).toEqual([416, ['invalidRange', 'fragmentOverlap']])
      expect((await fragment(unit, piece, total + 1)).codes).toEqual(['invalidRequest'])
      const short = await bench.plain('PUT', url, range(unit, 2 * unit, total), piece)
      expect(short.codes).toEqual(['invalidRequest', 'fragmentLengthMismatch'])
      expect((await bench.plain('PUT', url, {}, piece)).codes).toEqual(['invalidRequest'])
      expect((await bench.plain('DELETE', url)).status).toBe(204)
      expect((await fragment(unit, piece, total)).status).toBe(404)
      expect(shown(bench)).toEqual([])
    }))

  test('takes less than 60 MiB at once', () =>
    withDrives(async (bench) => {
      const { fragment } = await session(bench, 'f.bin')
      const piece = Buffer.alloc(60 * 1024 * 1024)
      expect((await fragment(0, piece, piece.length)).status).toBe(413)
      expect((await fragment(0, piece.subarray(unit), piece.length)).status).toBe(202)
    }))

  test('settles conflicts when it is committed', () =>
    withDrives(async (bench) => {
      const id = bench.drives.addFile(alex, 'f.bin', 'old')
      const small = Buffer.from('new one')
      const failing = await session(bench, 'F.bin')
      const refused = await failing.fragment(0, small, small.length)
      expect([refused.status, refused.codes]).toEqual([409, ['nameAlreadyExists']])
      expect((await bench.plain('GET', failing.url)).status).toBe(200)
      const renaming = await session(bench, 'f.bin', { '@microsoft.graph.conflictBehavior': 'rename' })
      expect(text(await renaming.fragment(0, small, small.length), 'name')).toBe('f 1.bin')
      const replacing = await (await session(bench, 'f.bin', replace)).fragment(0, small, small.length)
      expect([replacing.status, replacing.json.id]).toEqual([200, id])
      expect(shown(bench)).toEqual([
        ['f 1.bin', 7],
        ['f.bin', 7],
      ])
      const byId = await bench.ask('POST', `/users/${alex}/drive/items/${id}/createUploadSession`, {})
      const done = await bench.plain('PUT', text(byId, 'uploadUrl'), range(0, 2, 3), Buffer.from('abc'))
      expect([done.status, done.json.id]).toEqual([200, id])
      expect(bench.drives.dump(alex)[1]?.versions).toHaveLength(2)
    }))

  test('waits for its commit when that was deferred', () =>
    withDrives(async (bench) => {
      const { url, fragment } = await session(bench, 'f.bin', {}, { deferCommit: true })
      const last = await fragment(0, Buffer.from('abc'), 3)
      expect([last.status, last.json.nextExpectedRanges]).toEqual([202, []])
      expect(shown(bench)).toEqual([])
      expect((await bench.plain('POST', url)).status).toBe(201)
      expect(shown(bench)).toEqual([['f.bin', 3]])
    }))

  test('is refused for wrong places, properties, preconditions and sizes', () =>
    withDrives(async ({ ask, drives }) => {
      const folder = drives.addFolder(alex, 'folder')
      drives.addFile(alex, 'a.txt', 'x')
      drives.setQuota(alex, 1000)
      const post = async (path: string, body: unknown, headers = {}): Promise<unknown> =>
        (await ask('POST', `/users/${alex}/drive/${path}/createUploadSession`, body, headers)).codes[0]
      expect(await post('root:/no/a.txt:', {})).toBe('itemNotFound')
      expect(await post(`items/${folder}`, {})).toBe('invalidRequest')
      expect(await post('root:/b.txt:', { item: { name: 'c.txt' } })).toBe('invalidRequest')
      expect(await post('root:/b.txt:', { item: { size: 3 } })).toBe('invalidRequest')
      expect(await post('root:/b%22.txt:', {})).toBe('invalidRequest')
      expect(await post('root:/b.txt:', { item: { fileSize: 1001 } })).toBe('quotaLimitReached')
      expect(await post('root:/a.txt:', { item: replace }, { 'if-match': '"no"' })).toBe('resourceModified')
    }))

  test('dies after its time', () => {
    const clock = new HandClock()
    return withDrives(
      async (bench) => {
        const { fragment } = await session(bench, 'f.bin')
        clock.pass(25 * 60 * 60_000)
        expect((await fragment(0, Buffer.from('abc'), 3)).status).toBe(404)
      },
      { clock, app: { tokenLifetimeSeconds: 1_000_000 } },
    )
  })

  test('holds no bytes of a generated file, of whatever size', () =>
    withDrives(async (bench) => {
      const total = 60 * unit
      const content = contentFrom({ size: total, seed: 21 })
      const { fragment } = await session(bench, 'big.bin')
      for (let at = 0; at < total; at += 20 * unit)
        await fragment(at, Buffer.concat([...content.read(at, at + 20 * unit)]), total)
      expect(bench.drives.dump(alex)[0]?.quickXorHash).toBe(content.quickXorHash())
    }))
})
