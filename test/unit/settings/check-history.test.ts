import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openCheckHistory } from '../../../src-main/settings/check-history.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

it('tells the last check of each repository, and leaves out lines that it does not know', async () => {
  const profile = temporaryFolder('profile')
  const history = openCheckHistory(profile)
  for (const [repository, time] of [['one', 1] as const, ['two', 2] as const, ['one', 3] as const])
    await history.add({ repository, time, problems: time })
  appendFileSync(join(profile, 'checks.jsonl'), '{"repository":"one","later":true}\nbroken\n')
  expect(await history.last('one')).toEqual({ repository: 'one', time: 3, problems: 3 })
  expect(await history.all()).toHaveLength(3)
})
