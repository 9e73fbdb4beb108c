import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import { writeFileWhole } from '../../../../src-main/engine-host/browse/write-file.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

function folder(): string {
  return temporaryFolder('part')
}

async function* pieces(...texts: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    if (typeof text !== 'string') throw text
    yield await Promise.resolve(Buffer.from(text))
  }
}

const { signal } = new AbortController()

test('a file is replaced by the whole new one', async () => {
  const path = join(folder(), 'file')
  writeFileSync(path, 'before')
  await writeFileWhole(path, pieces('one ', 'two'), signal)
  expect(readFileSync(path, 'utf8')).toBe('one two')
  expect(readdirSync(join(path, '..'))).toEqual(['file'])
})

test('a file that cannot be read to its end leaves what was there', async () => {
  const path = join(folder(), 'file')
  writeFileSync(path, 'before')
  const damage = new EngineError('repository.blob-damaged')
  await expect(writeFileWhole(path, pieces('one', damage), signal)).rejects.toMatchObject({
    code: 'repository.blob-damaged',
  })
  expect(readFileSync(path, 'utf8')).toBe('before')
  expect(readdirSync(join(path, '..'))).toEqual(['file'])
})

test('a file that nobody waits for any more is not written', async () => {
  const path = join(folder(), 'file')
  const gone = AbortSignal.abort(new Error('gone'))
  await expect(writeFileWhole(path, pieces('one'), gone)).rejects.toThrow('gone')
  expect(readdirSync(join(path, '..'))).toEqual([])
})

test('a folder that is not there is told', async () => {
  const path = join(folder(), 'none', 'file')
  await expect(writeFileWhole(path, pieces('one'), signal)).rejects.toMatchObject({ code: 'store.not-found' })
})
