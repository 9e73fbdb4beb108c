import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../src-main/settings/model.ts'
import { readPlanRuns, runLock } from '../../../src-main/settings/plan-runs.ts'
import { takeProfileLock } from '../../../src-main/settings/profile-lock.ts'
import { openRunHistory, type RunRecord } from '../../../src-main/settings/run-history.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const now = (): number => Date.now()

function plan(id: string, destination: string): Plan {
  return { id, name: id, created: 0, destination, sources: [], schedule: {}, retention: {}, after: { forget: false } }
}

const plans = [plan('p', '/one'), plan('q', '/one'), plan('other', '/two')]
const done = { ended: 2000, outcome: 'done', steps: [], reports: {} } as const
const ended = (run: string, started: number): RunRecord => ({ run, plan: 'p', started, ...done })

describe('runs of plans', () => {
  it('go on while their lock is held, whoever holds it', async () => {
    const profile = temporaryFolder('profile')
    const history = openRunHistory(profile)
    await history.end(ended('r1', 1000))
    await history.begin('killed', 'p', 3000)
    await history.begin('here', 'q', 4000)
    await history.begin('elsewhere', 'other', 5000)
    const lock = await takeProfileLock(runLock(profile, '/one'), { now })
    const during = await readPlanRuns(profile, plans, now)
    expect(during.underWay).toEqual([{ run: 'here', plan: 'q', started: 4000, repository: '/one' }])
    expect(during.past.map(({ run, outcome }) => [run, outcome])).toEqual([
      ['r1', 'done'],
      ['killed', 'interrupted'],
      ['elsewhere', 'interrupted'],
    ])
    await lock.release()
    const after = await readPlanRuns(profile, plans, now)
    expect([after.underWay, after.past.length]).toEqual([[], 4])
  })

  it('are over once their end is written, though the lock is still there', async () => {
    const profile = temporaryFolder('profile')
    const history = openRunHistory(profile)
    await takeProfileLock(runLock(profile, '/one'), { now })
    await history.begin('r1', 'p', 1000)
    await history.end(ended('r1', 1000))
    expect(await readPlanRuns(profile, plans, now)).toEqual({ past: [ended('r1', 1000)], underWay: [] })
  })

  it('were interrupted if the process that holds the lock is gone', async () => {
    const profile = temporaryFolder('profile')
    await openRunHistory(profile).begin('r1', 'p', 1000)
    await takeProfileLock(runLock(profile, '/one'), { now, pid: 2 ** 30 })
    const { past, underWay } = await readPlanRuns(profile, plans, now)
    expect([past.map(({ outcome }) => outcome), underWay]).toEqual([['interrupted'], []])
  })

  it('have one lock, however the folder is spelled', () => {
    const lock = runLock('/profile', '/a/x')
    for (const spelled of ['/a/x/', '/a/./x', '/a//x', '/a/b/../x', 'file:///a/x', 'file:///a/x/'])
      expect(runLock('/profile', spelled)).toBe(lock)
    expect(runLock('/profile', '/a/X')).not.toBe(lock)
    // Plans of earlier versions: whoever looks, from whichever folder, finds the same.
    expect(runLock('/profile', './x/')).toBe(runLock('/profile', 'x'))
    expect(runLock('/profile', 'x')).not.toBe(runLock('/profile', join(process.cwd(), 'x')))
    expect(runLock('/profile', 'msgroup://a/x/')).not.toBe(runLock('/profile', 'msgroup://a/x'))
  })

  it('go on one at a time where plans spell their folder differently', async () => {
    const profile = temporaryFolder('profile')
    const spelled = [plan('p', '/one/'), plan('q', 'file:///one')]
    await openRunHistory(profile).begin('killed', 'p', 1000)
    await openRunHistory(profile).begin('here', 'q', 2000)
    const lock = await takeProfileLock(runLock(profile, '/one'), { now })
    const { underWay } = await readPlanRuns(profile, spelled, now)
    expect(underWay).toEqual([{ run: 'here', plan: 'q', started: 2000, repository: '/one' }])
    await lock.release()
  })
})
