import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rotatedLines } from '../../../src-main/settings/rotated-lines.ts'
import { openRunHistory, type RunRecord } from '../../../src-main/settings/run-history.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const record: RunRecord = {
  run: 'r1',
  plan: 'p',
  started: 1000,
  ended: 2000,
  outcome: 'incomplete',
  steps: ['backup', 'forget'],
  reports: { backup: { items: 3 } },
}

describe('the history of runs', () => {
  it('tells runs that ended, and those that nobody ended', async () => {
    const history = openRunHistory(temporaryFolder('profile'))
    await history.begin('r1', 'p', 1000)
    await history.end(record)
    await history.begin('r2', 'p', 3000)
    await history.begin('r3', 'p', 4000)
    const interrupted = {
      run: 'r2',
      plan: 'p',
      started: 3000,
      ended: 3000,
      outcome: 'interrupted',
      steps: [],
      reports: {},
    }
    expect(await history.runs(new Set(['r3']))).toEqual([record, interrupted])
  })

  it('goes on after a line that a power cut left unfinished, and passes over what it does not know', async () => {
    const profile = temporaryFolder('profile')
    const history = openRunHistory(profile)
    await history.end(record)
    appendFileSync(join(profile, 'history.jsonl'), '{"event":"later","run":"x","plan":"p","started":1}\n{"event":"en')
    await history.end({ ...record, run: 'r2', outcome: 'failed', code: 'graph.unreachable' })
    expect((await history.runs()).map(({ run, outcome, code }) => [run, outcome, code])).toEqual([
      ['r1', 'incomplete', undefined],
      ['r2', 'failed', 'graph.unreachable'],
    ])
  })
})

describe('lines that are rotated', () => {
  it('keep the newest files and give all lines in order', async () => {
    const folder = temporaryFolder('profile')
    const lines = rotatedLines(join(folder, 'log'), { maxBytes: 100, keep: 2 })
    for (let at = 0; at < 100; at++) await lines.append([{ at }])
    expect(readdirSync(folder).sort()).toEqual(['log', 'log.1', 'log.2'])
    const kept = (await lines.read()).map((line) => (line as { readonly at: number }).at)
    expect(kept.at(-1)).toBe(99)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => 100 - kept.length + at))
    expect(kept.length).toBeGreaterThan(20)
  })
})
