import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameKey, safeName } from '../../../../src-shared/model/safe-name.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { driveDescriber } from '../../../../src-main/graph/drive/reader.ts'
import { fileMetadata, fileProperties } from '../../../../src-main/graph/drive/file-metadata.ts'
import { canCompare, sameContent, sameState } from '../../../../src-main/graph/drive/same-content.ts'
import { withNotice } from '../../../../src-main/graph/drive/notices.ts'

function stored(more: JsonObject): JsonObject {
  return fileMetadata({ id: 'I', eTag: '"e,1"', parentReference: { driveId: 'D', id: 'P' }, ...more })
}

const nameOf = (name: string, id = 'I'): string => driveDescriber.row(stored({ name, id }), 0).name

describe('the stored metadata of a file', () => {
  it('gives the properties back, notices included', () => {
    const properties = withNotice({ id: 'I', name: 'n', size: 3 }, 'content-differs')
    expect(fileProperties(fileMetadata(properties))).toEqual(properties)
    expect(fileMetadata(properties)).toMatchObject({ 'o365:Notices': ['content-differs'], properties: { size: 3 } })
  })

  it('keeps addresses and our own annotations to itself', () => {
    const metadata = stored({ '@microsoft.graph.downloadUrl': 'https://x', '@holdfast.listed': 1, '@odata.etag': 'e' })
    expect(JSON.stringify(metadata)).not.toContain('@')
  })

  it('tolerates what is not ours', async () => {
    const broken: JsonObject[] = [
      {},
      { properties: 3 },
      {
        properties: {
          name: 7,
          permissions: [1, { grantedToV2: 2 }],
          createdBy: 'x',
          photo: [],
          fileSystemInfo: { lastModifiedDateTime: 'never' },
        },
      },
    ]
    for (const metadata of broken) {
      expect(driveDescriber.row(metadata, 0)).toMatchObject({ time: 0, title: '' })
      expect(driveDescriber.identity(metadata)).toMatchObject({ id: '' })
      expect(await driveDescriber.searchText(metadata, new Uint8Array(0))).toBe('')
    }
  })

  it('says who made it, who sees it and when it changed', () => {
    const metadata = stored({
      name: 'Plan.docx',
      fileSystemInfo: { lastModifiedDateTime: '2024-01-02T03:04:05Z' },
      lastModifiedDateTime: '2025-01-01T00:00:00Z',
      createdBy: { user: { displayName: 'Ada', email: 'ada@contoso.example' } },
      lastModifiedBy: { user: { displayName: 'Ada', email: 'ada@contoso.example' } },
      permissions: [
        { grantedToV2: { user: { displayName: 'Grace' } } },
        { grantedToIdentitiesV2: [{ group: { displayName: 'All' } }] },
      ],
    })
    expect(driveDescriber.row(metadata, 9)).toEqual({
      name: 'Plan.docx',
      shard: '',
      time: Date.parse('2024-01-02T03:04:05Z'),
      size: 9,
      title: 'Plan.docx',
      from: 'Ada <ada@contoso.example>',
      to: 'Grace, All',
      hasAttachments: false,
    })
  })

  it('has another change key when place, name, state or audience are others', () => {
    const key = (more: JsonObject): string => driveDescriber.identity(stored({ name: 'n', ...more })).changeKey
    const keys = [
      key({}),
      key({ eTag: '"e,2"' }),
      key({ name: 'm' }),
      key({ parentReference: { driveId: 'D', id: 'Q' } }),
      key({ shared: { scope: 'users' } }),
      key({ shared: { scope: 'users' }, permissions: [{ id: '1' }] }),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(key({ description: 'same etag' })).toBe(key({}))
  })
})

describe('the name of a file in a snapshot', () => {
  it('is its own wherever that is possible', () => {
    for (const name of ['a.txt', 'Ünï.docx', '.hidden', 'no extension', 'a.tar.gz', '#50% + more & so on;.txt'])
      expect(nameOf(name)).toBe(name)
  })

  it('is safe, short enough and different for different files', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const made = nameOf(name)
        expect(safeName(made, 240)).toBe(made)
        expect(Buffer.byteLength(`${made}.json`)).toBeLessThanOrEqual(255)
        if (made !== name) expect(nameKey(nameOf(name, 'J'))).not.toBe(nameKey(made))
      }),
      { numRuns: 500 },
    )
  })

  it('keeps the extension', () => {
    expect(nameOf('CON.txt')).toMatch(/ ~\w{10}\.txt$/)
    expect(nameOf(`${'長'.repeat(200)}.docx`)).toMatch(/^長{60,} ~\w{10}\.docx$/)
  })
})

describe('whether two states of a file have the same content', () => {
  const state = (size: number, hash?: string, cTag?: string, eTag?: string): JsonObject => ({
    size,
    file: hash === undefined ? {} : { hashes: { quickXorHash: hash } },
    ...(cTag === undefined ? {} : { cTag }),
    ...(eTag === undefined ? {} : { eTag }),
  })

  it('is told by size, hash and cTag, and unknown is different', () => {
    expect(sameContent(state(1, 'h'), state(1, 'h'))).toBe(true)
    expect(sameContent(state(1, 'h'), state(2, 'h'))).toBe(false)
    expect(sameContent(state(1, 'h'), state(1, 'i'))).toBe(false)
    expect(sameContent(state(1, undefined, 'c'), state(1, 'h', 'c'))).toBe(true)
    expect(sameContent(state(1, 'h', 'c'), state(1, 'h', 'd'))).toBe(false)
    expect(sameContent(state(1, 'h', 'c'), state(1, 'i', 'c'))).toBe(false)
    expect(sameContent(state(1), state(1))).toBe(false)
  })

  it('is asked for only where it is open', () => {
    expect(canCompare(state(1), state(1))).toBe(false)
    expect(canCompare(state(1), state(2))).toBe(true)
    expect(canCompare(state(1, 'h'), state(1, 'i'))).toBe(true)
    expect(canCompare(state(1, 'h', 'c'), state(1, undefined, 'c'))).toBe(true)
  })

  it('is a matter of the etag while reading, if there is nothing else', () => {
    expect(sameState(state(1, undefined, undefined, 'e'), state(1, undefined, undefined, 'e'))).toBe(true)
    expect(sameState(state(1, undefined, undefined, 'e'), state(1, undefined, undefined, 'f'))).toBe(false)
    expect(sameState(state(1, 'h', undefined, 'e'), state(1, 'i', undefined, 'e'))).toBe(false)
  })
})
