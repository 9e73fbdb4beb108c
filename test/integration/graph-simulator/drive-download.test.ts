import { describe, expect, test } from 'vitest'
import { bytesOf, contentFrom, QuickXorHash } from '../../support/graph-simulator/services/drive/index.ts'
import { downloadUrl, HandClock, text, withDrives } from './drive-bench.ts'
import { alex } from './tenant.ts'

const any = { accept: '*/*' }
const content = `/users/${alex}/drive/root:/a.bin:/content`

/** One character is another one, and not the last: of that, base64url does not read every bit. */
function altered(url: string): string {
  const at = url.length - 10
  return `${url.slice(0, at)}${url[at] === 'A' ? 'B' : 'A'}${url.slice(at + 1)}`
}

describe('content', () => {
  test('is had at a pre-authenticated address, without a token', () =>
    withDrives(async ({ ask, plain, drives }) => {
      drives.addFile(alex, 'a.bin', 'hello')
      const answer = await ask('GET', content)
      expect([answer.status, answer.bytes.length]).toEqual([302, 0])
      const url = answer.headers.get('location') ?? ''
      const got = await plain('GET', url)
      expect([got.status, got.bytes.toString(), got.headers.get('content-length')]).toEqual([200, 'hello', '5'])
      expect((await ask('GET', url)).codes).toEqual(['unauthenticated'])
      expect((await plain('GET', altered(url))).status).toBe(401)
      const shown = text(await ask('GET', `/users/${alex}/drive/root:/a.bin`), downloadUrl)
      expect((await plain('GET', shown)).bytes.toString()).toBe('hello')
    }))

  test('the address lives for an hour', () => {
    const clock = new HandClock()
    return withDrives(
      async ({ ask, plain, drives }) => {
        drives.addFile(alex, 'a.bin', 'hello')
        const url = (await ask('GET', content)).headers.get('location') ?? ''
        clock.pass(3_599_000)
        expect((await plain('GET', url)).status).toBe(200)
        clock.pass(1_000)
        for (const status of [401, 403, 404] as const) {
          drives.behave(alex, { expiredDownload: status })
          expect((await plain('GET', url)).status).toBe(status)
        }
      },
      { clock, app: { tokenLifetimeSeconds: 100_000 } },
    )
  })

  test('comes in ranges', () =>
    withDrives(async ({ ask, plain, drives }) => {
      drives.addFile(alex, 'a.bin', 'hello world')
      const url = (await ask('GET', content)).headers.get('location') ?? ''
      const range = async (range: string, more = {}): Promise<[number, string, string | undefined]> => {
        const got = await plain('GET', url, { ...any, range, ...more })
        return [got.status, got.bytes.toString(), got.headers.get('content-range')]
      }
      expect(await range('bytes=0-4')).toEqual([206, 'hello', 'bytes 0-4/11'])
      expect(await range('bytes=6-')).toEqual([206, 'world', 'bytes 6-10/11'])
      expect(await range('bytes=-3')).toEqual([206, 'rld', 'bytes 8-10/11'])
      expect(await range('bytes=9-100')).toEqual([206, 'ld', 'bytes 9-10/11'])
      expect(await range('bytes=nonsense')).toEqual([200, 'hello world', undefined])
      expect((await range('bytes=11-'))[0]).toBe(416)
      expect((await range('bytes=0-4', { accept: 'application/json' }))[0]).toBe(416)
      const tag = text(await ask('GET', `/users/${alex}/drive/root:/a.bin`), 'eTag')
      expect((await range('bytes=0-4', { 'if-range': tag }))[0]).toBe(206)
      drives.edit(alex, 'a.bin', 'other')
      expect(await range('bytes=0-1', { 'if-range': tag })).toEqual([200, 'other', undefined])
      drives.behave(alex, { ignoresRanges: true })
      expect((await range('bytes=0-1'))[0]).toBe(200)
    }))

  test('is not sent again to who has it', () =>
    withDrives(async ({ ask, plain, drives }) => {
      drives.addFile(alex, 'a.bin', 'hello')
      const item = await ask('GET', `/users/${alex}/drive/root:/a.bin`)
      const has = { 'if-none-match': text(item, 'cTag') }
      expect((await ask('GET', content, undefined, has)).status).toBe(304)
      expect((await plain('GET', text(item, downloadUrl), has)).status).toBe(304)
      drives.edit(alex, 'a.bin', 'other')
      expect((await ask('GET', content, undefined, has)).status).toBe(302)
    }))

  test('with malware is refused, in either way', () =>
    withDrives(async ({ ask, plain, drives }) => {
      drives.addFile(alex, 'a.bin', 'bad', { facets: { malware: { description: 'EICAR' } } })
      const url = text(await ask('GET', `/users/${alex}/drive/root:/a.bin`), downloadUrl)
      expect((await ask('GET', content)).codes).toEqual(['malwareDetected'])
      const got = await plain('GET', url)
      expect([got.status, got.headers.has('x-virus-infected')]).toEqual([403, true])
      drives.behave(alex, { malwareAnswer: 'as-content' })
      const silent = await plain('GET', (await ask('GET', content)).headers.get('location') ?? '')
      expect([silent.status, silent.bytes.length, silent.codes]).toEqual([200, 65, []])
    }))

  test('of a deleted file is gone, and a folder has none', () =>
    withDrives(async ({ ask, plain, drives }) => {
      drives.addFile(alex, 'a.bin', 'hello')
      const url = (await ask('GET', content)).headers.get('location') ?? ''
      drives.delete(alex, 'a.bin')
      expect((await plain('GET', url)).codes).toEqual(['itemNotFound'])
      drives.addFolder(alex, 'a.bin')
      expect((await ask('GET', content)).status).toBe(404)
    }))

  test('that SharePoint rewrote has another size and hash than the metadata say', () =>
    withDrives(async ({ ask, plain, drives }) => {
      drives.addFile(alex, 'a.bin', 'hello', { served: 'hello, rewritten' })
      const item = await ask('GET', `/users/${alex}/drive/root:/a.bin`)
      expect([item.json.size, (await plain('GET', text(item, downloadUrl))).bytes.toString()]).toEqual([
        5,
        'hello, rewritten',
      ])
    }))

  test('breaks off in the middle when a fault says so, and goes on by a range', () =>
    withDrives(async ({ ask, plain, drives, simulator }) => {
      const file = { size: 3_000_000, seed: 5 }
      const id = drives.addFile(alex, 'a.bin', file)
      const url = (await ask('GET', content)).headers.get('location') ?? ''
      for (const kind of ['truncate', 'reset-in-body'] as const) {
        simulator.faults.add({ kind, count: 1, match: { items: [id] } })
        await expect(plain('GET', url)).rejects.toThrow()
      }
      const rest = await plain('GET', url, { ...any, range: 'bytes=1500000-' })
      expect(rest.bytes.equals(bytesOf(contentFrom(file)).subarray(1_500_000))).toBe(true)
      expect(simulator.log.count({ content: true })).toBe(3)
    }))

  test('of many GB is made while it is sent', () =>
    withDrives(async ({ ask, drives }) => {
      drives.addFile(alex, 'a.bin', { size: 256 * 1024 ** 2 + 7, seed: 5 })
      const item = await ask('GET', `/users/${alex}/drive/root:/a.bin`)
      const before = process.memoryUsage().rss
      const response = await fetch(text(item, downloadUrl))
      const hash = new QuickXorHash()
      let most = 0
      for await (const piece of response.body ?? []) {
        hash.update(piece as Uint8Array)
        most = Math.max(most, process.memoryUsage().rss - before)
      }
      expect(item.json.file).toMatchObject({ hashes: { quickXorHash: hash.digest() } })
      expect(most).toBeLessThan(160 * 1024 ** 2)
    }))
})
