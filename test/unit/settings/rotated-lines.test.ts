import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rotatedLines } from '../../../src-main/settings/rotated-lines.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

it('loses no line when several write at once and the file becomes full again and again', async () => {
  const folder = temporaryFolder('lines')
  const path = join(folder, 'log.jsonl')
  const options = { maxBytes: 300, keep: 200 }
  const write = async (writer: number): Promise<void> => {
    const lines = rotatedLines(path, options)
    for (let at = 0; at < 60; at++) await lines.append([{ writer, at }])
  }
  await Promise.all([1, 2, 3, 4].map(write))
  const read = (await rotatedLines(path, options).read()).map((line) => JSON.stringify(line))
  expect(new Set(read).size).toBe(240)
  expect(readdirSync(folder).filter((name) => name.includes('rotate'))).toEqual([])
})
