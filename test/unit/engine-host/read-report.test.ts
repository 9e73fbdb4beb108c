import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readLine, readReport } from '../../../src-main/engine-host/operations/read-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-report-'))
const { signal } = new AbortController()

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a report', () => {
  it('is read in parts, failed lines only if asked', async () => {
    const file = join(folder, 'report.jsonl')
    const lines = Array.from({ length: 30 }, (_, at) =>
      JSON.stringify({
        path: `users/a/${String(at)}`,
        outcome: at % 3 === 0 ? 'failed' : 'created',
        code: 'store.full',
      }),
    )
    writeFileSync(file, ['{"kind":"restore"}', ...lines, '{"kind":"summary"}', '{"path":"cut'].join('\n'))
    const all = await readReport(file, { offset: 28, limit: 5, failedOnly: false }, signal)
    expect([all.count, all.rows.map(({ path }) => path)]).toEqual([30, ['users/a/28', 'users/a/29']])
    const failed = await readReport(file, { offset: 1, limit: 2, failedOnly: true }, signal)
    expect([failed.count, failed.rows.map(({ path }) => path)]).toEqual([10, ['users/a/3', 'users/a/6']])
    expect(failed.rows[0]?.problem).toEqual({ code: 'store.full', params: {} })
  })

  it('that is not there is empty', async () => {
    const asked = { offset: 0, limit: 5, failedOnly: false }
    expect(await readReport(null, asked, signal)).toEqual({ count: 0, rows: [] })
    expect(await readReport(join(folder, 'none'), asked, signal)).toEqual({ count: 0, rows: [] })
  })

  it('names items by folder and short id, never by what they are about', () => {
    const path = 'users/ada/mailbox/Inbox/2024-03/0301 Quarterly figures ~abcdefghij.eml'
    expect(readLine(JSON.stringify({ path, outcome: 'skipped', messages: ['a'] }))).toEqual({
      ...{ path: 'users/ada/mailbox/Inbox ~abcdefghij', outcome: 'skipped', problem: null, messages: ['a'] },
    })
    expect(readLine('{"folder":"users/ada","id":"abcdefghij","outcome":"failed","message":"m"}')).toEqual({
      ...{ path: 'users/ada ~abcdefghij', outcome: 'failed', messages: ['m'] },
      problem: { code: 'internal', params: {} },
    })
    expect(readLine('null')).toBeUndefined()
  })
})
