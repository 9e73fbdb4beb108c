import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TargetFiles } from '../../../../src-main/commands/export/target-files.ts'
import { FailureList } from '../../../../src-main/commands/parts/failure-list.ts'
import type { GrowingFile } from '../../../../src-main/commands/parts/new-file.ts'
import { EngineError, type ErrorCode } from '../../../../src-main/engine/model/errors.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const filling =
  (text: string) =>
  (file: GrowingFile): Promise<void> =>
    file.append(Buffer.from(text))

const failing = (code: ErrorCode) => async (file: GrowingFile) => {
  await file.append(Buffer.from('half of it'))
  throw new EngineError(code)
}

describe('a file of an export', () => {
  it('has its name only when it is whole', async () => {
    const folder = temporaryFolder('target')
    const target = new TargetFiles(folder)
    await target.write(['users'], 'a', '.eml', async (file) => {
      await file.append(Buffer.from('whole'))
      expect(existsSync(join(folder, 'users', 'a.eml'))).toBe(false)
    })
    expect(readdirSync(join(folder, 'users'))).toEqual(['a.eml'])
    expect(readFileSync(join(folder, 'users', 'a.eml'), 'utf8')).toBe('whole')
  })

  it.each<ErrorCode>(['repository.blob-damaged', 'cancelled', 'store.full'])(
    'that is not finished (%s) is gone, and its name is free',
    async (code) => {
      const folder = temporaryFolder('target')
      const target = new TargetFiles(folder)
      await expectCode(target.write(['users'], 'a', '.eml', failing(code)), code)
      expect(readdirSync(join(folder, 'users'))).toEqual([])
      expect(target.written).toBe(0)
      expect(await target.write(['users'], 'a', '.eml', filling('whole'))).toBe('users/a.eml')
    },
  )

  it('never takes the name of another one, or of what is there', async () => {
    const folder = temporaryFolder('target')
    writeFileSync(join(folder, 'a.eml'), 'mine')
    symlinkSync('nowhere', join(folder, 'a (2).eml'))
    const target = new TargetFiles(folder)
    expect(await target.write([], 'a', '.eml', filling('one'))).toBe('a (3).eml')
    expect(await target.write([], 'A', '.eml', filling('two'))).toBe('A (4).eml')
    expect(readFileSync(join(folder, 'a.eml'), 'utf8')).toBe('mine')
    expect(readdirSync(folder)).toHaveLength(4)
  })

  it('is not written through a link', async () => {
    const folder = temporaryFolder('target')
    mkdirSync(join(folder, 'outside'))
    symlinkSync('outside', join(folder, 'users'))
    const write = new TargetFiles(folder).write(['users', 'ada'], 'a', '.eml', filling('one'))
    await expectCode(write, 'restore.target-exists')
    expect(readdirSync(join(folder, 'outside'))).toEqual([])
  })

  it('can be cut, and goes on from there', async () => {
    const folder = temporaryFolder('target')
    await new TargetFiles(folder).write([], 'a', '.zip', async (file) => {
      await file.append(Buffer.from('keep this'))
      await file.cut(4)
      await file.append(Buffer.from('!'))
    })
    expect(readFileSync(join(folder, 'a.zip'), 'utf8')).toBe('keep!')
  })
})

describe('what could not be written', () => {
  it('is each path once, unless it concerns everything', async () => {
    const failures = new FailureList()
    const fail = (path: string, code: ErrorCode, retry: 'never' | 'later' = 'never'): Promise<unknown> =>
      failures.tolerate(path, () => Promise.reject(new EngineError(code, { retry })))
    expect(await fail('a', 'repository.blob-damaged')).toBeUndefined()
    expect(await fail('a', 'repository.blob-missing')).toBeUndefined()
    expect(await fail('b', 'restore.target-exists')).toBeUndefined()
    expect(await failures.tolerate('c', () => Promise.resolve('well'))).toBe('well')
    await expectCode(fail('d', 'store.full'), 'store.full')
    await expectCode(fail('d', 'store.unreachable', 'later'), 'store.unreachable')
    await expectCode(fail('d', 'cancelled'), 'cancelled')
    expect(failures.all).toEqual([
      { path: 'a', code: 'repository.blob-damaged' },
      { path: 'b', code: 'restore.target-exists' },
    ])
  })
})
