import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDrillHistory, type DrillRecord } from '../../../src-main/settings/drill-history.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const drill = (repository: string, time: number): DrillRecord => ({
  repository,
  snapshot: 'abc',
  time,
  samples: 12,
  bad: 0,
  live: false,
})

it('tells the last restore drill of each repository, also to the next process', async () => {
  const profile = temporaryFolder('profile')
  const history = openDrillHistory(profile)
  expect(await history.last('one')).toBeUndefined()
  for (const record of [drill('one', 1), drill('two', 2), drill('one', 3)]) await history.add(record)
  const next = openDrillHistory(profile)
  expect(await next.last('one')).toEqual(drill('one', 3))
  expect(await next.last('two')).toEqual(drill('two', 2))
})

it('leaves out lines that it does not know', async () => {
  const profile = temporaryFolder('profile')
  const history = openDrillHistory(profile)
  await history.add(drill('one', 1))
  appendFileSync(join(profile, 'drills.jsonl'), '{"repository":"one","later":true}\nbroken\n')
  expect(await history.all()).toEqual([drill('one', 1)])
})
