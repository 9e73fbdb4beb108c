import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { BlobTable } from '../../../../src-main/engine/repository/blob-table.ts'
import { takeIndex, takeScannedIndex } from '../../../../src-main/engine/repository/index-files.ts'
import { scanIndex } from '../../../../src-main/engine/repository/index-scan.ts'
import { PackList } from '../../../../src-main/engine/repository/pack-list.ts'

const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex') as HexId)
const size = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 0xffffffff))
const blob = fc
  .record({
    id: hex,
    type: fc.constantFrom('data', 'tree'),
    offset: size,
    length: size,
    uncompressed_length: fc.option(size),
  })
  .map(({ uncompressed_length: plain, ...fields }) => ({
    ...fields,
    ...(plain === null ? {} : { uncompressed_length: plain }),
  }))
const index = fc.record({
  packs: fc.array(fc.record({ id: hex, blobs: fc.array(blob, { maxLength: 5 }) }), { maxLength: 4 }),
})

/** All that table and list know. */
function taken(take: (table: BlobTable, packs: PackList) => void): object {
  const table = new BlobTable()
  const packs = new PackList()
  take(table, packs)
  const blobs = [...table.stored()].map((slot) => [table.id(slot), table.type(slot), table.location(slot)])
  return { blobs: blobs.sort(), packs: packs.ids().map((id, number) => [id, packs.extent(number)]) }
}

test('gives what a JSON parser gives', () => {
  fc.assert(
    fc.property(index, (value) => {
      const scanned = scanIndex(Buffer.from(JSON.stringify(value)))
      if (scanned === undefined) throw new Error('not taken')
      const fast = taken((table, packs) => {
        takeScannedIndex(scanned, table, packs)
      })
      const slow = taken((table, packs) => {
        takeIndex(value, table, packs)
      })
      expect(fast).toEqual(slow)
    }),
  )
})

const good = `{"packs":[{"id":"${'ab'.repeat(32)}","blobs":[{"id":"${'01'.repeat(32)}","type":"data","offset":12,"length":34}]}]}`

test('takes a file that ends with a line break', () => {
  expect(scanIndex(Buffer.from(`${good}\n`))?.packs).toHaveLength(1)
})

test.each([
  ['nothing', ''],
  ['a field more in front', good.replace('{"packs"', '{"supersedes":[],"packs"')],
  ['a field more behind', good.replace('34}', '34,"extra":1}')],
  ['another order', good.replace('"offset":12,"length":34', '"length":34,"offset":12')],
  ['blanks', good.replace('"type":', '"type": ')],
  ['a type that is none', good.replace('data', 'date')],
  ['an id with another character', good.replace('0101', '010g')],
  ['an id in capitals', good.replace('abab', 'ABAB')],
  ['an id that is too short', good.replace('0101', '01')],
  ['a number below zero', good.replace('12', '-12')],
  ['a number that is not whole', good.replace('12', '1.5')],
  ['a number with a leading zero', good.replace('12', '012')],
  ['a number that is too large', good.replace('12', '4294967296')],
  ['no number', good.replace('12', '')],
  ['a comma too many', good.replace('34}]', '34},]')],
  ['something behind the end', `${good}x`],
  ['no list', good.replace(/"blobs":.*$/, '"blobs":null}]}')],
])('leaves to a real parser: %s', (_name, json) => {
  expect(scanIndex(Buffer.from(json))).toBeUndefined()
})

test('leaves a file to a real parser wherever it is cut', () => {
  for (let end = 0; end < good.length; end++)
    expect([end, scanIndex(Buffer.from(good.slice(0, end)))]).toEqual([end, undefined])
})
