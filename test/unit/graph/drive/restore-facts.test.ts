import { describe, expect, it } from 'vitest'
import {
  contentOf,
  lacksTimes,
  sameHash,
  sameTimes,
  storedFacts,
  storedVersions,
  timesBody,
} from '../../../../src-main/graph/drive/restore-facts.ts'
import type { RestoreItem, StoredFile } from '../../../../src-main/engine/ports/restore-target.ts'

function file(name: string): StoredFile {
  return {
    name,
    size: 1,
    bytes: () => Promise.resolve(new Uint8Array(1)),
    async *stream() {
      yield await Promise.resolve(new Uint8Array(1))
    },
  }
}

describe('storedFacts', () => {
  it('tells what a restore needs', () => {
    const facts = storedFacts({
      'o365:Id': 'drive/1',
      'o365:Name': 'a.txt',
      properties: {
        id: '1',
        name: 'a.txt',
        size: 3,
        file: { hashes: { quickXorHash: 'q', sha1Hash: '' } },
        fileSystemInfo: { createdDateTime: '2019-01-01T00:00:00Z', lastModifiedDateTime: '0001-01-01T00:00:00Z' },
        lastModifiedDateTime: '2020-01-01T00:00:00Z',
        permissions: [{ id: 'p' }, 7],
      },
    })
    expect(facts).toMatchObject({
      id: 'drive/1',
      name: 'a.txt',
      size: 3,
      hashes: { quickXorHash: 'q' },
      times: { createdDateTime: '2019-01-01T00:00:00Z', lastModifiedDateTime: '2020-01-01T00:00:00Z' },
      permissions: [{ id: 'p' }],
      skipped: undefined,
    })
  })

  it.each([
    {},
    { properties: 7 },
    { properties: { file: 'x', size: 'x', fileSystemInfo: [], permissions: {}, versions: 1 } },
  ])('takes broken metadata for what it is: %j', (metadata) => {
    expect(storedFacts(metadata)).toMatchObject({
      id: '',
      name: '',
      size: undefined,
      hashes: {},
      times: {},
      permissions: [],
    })
  })

  it('knows what cannot be restored', () => {
    expect(storedFacts({ properties: { package: { type: 'oneNote' } } }).skipped).toBe('notebook-not-restored')
    expect(storedFacts({ properties: { remoteItem: {} } }).skipped).toBe('shortcut-not-restored')
  })
})

describe('contentOf', () => {
  it('is empty where a file is, and missing where one was not stored', async () => {
    const item: RestoreItem = { path: 'x', metadata: {}, content: undefined, parts: [] }
    const facts = storedFacts({ properties: { size: 0 } })
    const empty = contentOf(item, facts)
    expect(empty?.size).toBe(0)
    const { signal } = new AbortController()
    for await (const part of empty?.stream(signal) ?? []) expect(part).toBeUndefined()
    expect(await empty?.bytes(signal)).toHaveLength(0)
    expect(contentOf(item, { ...facts, size: 1 })).toBeUndefined()
    expect(contentOf(item, { ...facts, size: undefined })).toBeUndefined()
  })
})

describe('storedVersions', () => {
  it('is in the order of their times, not of their names', () => {
    const metadata = {
      properties: {
        versions: [
          { id: '11.0', lastModifiedDateTime: '2020-03-01T00:00:00Z' },
          { id: '2.0', lastModifiedDateTime: '2020-02-01T00:00:00Z' },
          { id: '1.0', lastModifiedDateTime: '2020-01-01T00:00:00Z' },
        ],
      },
    }
    const parts = ['1.0 x.txt', '11.0 x.txt', '2.0 x.txt'].map(file)
    const facts = storedFacts({ properties: { createdDateTime: '2019-01-01T00:00:00Z' } })
    const versions = storedVersions({ path: 'x', metadata, content: undefined, parts }, facts)
    expect(versions.map((version) => version.file.name)).toEqual(['1.0 x.txt', '2.0 x.txt', '11.0 x.txt'])
    expect(versions[0]?.times).toEqual({
      createdDateTime: '2019-01-01T00:00:00Z',
      lastModifiedDateTime: '2020-01-01T00:00:00Z',
    })
  })

  it('goes by the numbers in the names where the metadata tells nothing', () => {
    const parts = ['10.0 x.txt', '9.0 x.txt'].map(file)
    const versions = storedVersions({ path: 'x', metadata: {}, content: undefined, parts }, storedFacts({}))
    expect(versions.map((version) => version.file.name)).toEqual(['9.0 x.txt', '10.0 x.txt'])
  })
})

describe('times and hashes', () => {
  it('are compared to the second, by what both sides know', () => {
    const times = { createdDateTime: '2020-01-01T00:00:00Z', lastModifiedDateTime: '2020-01-02T00:00:00.7Z' }
    expect(sameTimes(times, { ...times, lastModifiedDateTime: '2020-01-02T00:00:00Z' })).toBe(true)
    expect(sameTimes(times, { createdDateTime: times.createdDateTime })).toBe(false)
    expect(sameTimes({}, {})).toBe(false)
    expect(lacksTimes(times, {})).toBe(false)
    expect(lacksTimes({}, times)).toBe(true)
    expect(timesBody({})).toEqual({})
    expect(sameHash({ quickXorHash: 'a' }, { quickXorHash: 'a', sha1Hash: 'X' })).toBe(true)
    expect(sameHash({ sha1Hash: 'AB' }, { quickXorHash: 'a', sha1Hash: 'ab' })).toBe(true)
    expect(sameHash({ sha1Hash: 'AB' }, { quickXorHash: 'a' })).toBeUndefined()
  })
})
