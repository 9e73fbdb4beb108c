import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { holdProfileLock } from '../../../../src-main/commands/parts/held-profile-lock.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { recordingOutput } from './recording-output.ts'

const HOUR = 3_600_000

afterEach(() => {
  vi.useRealTimers()
})

it('a lock that is held is refreshed soon after the machine slept', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  const path = join(temporaryFolder('profile'), 'profile.lock')
  const release = await holdProfileLock(path, recordingOutput({}).output)
  const woken = Date.now() + 9 * HOUR
  vi.setSystemTime(woken)
  vi.advanceTimersByTime(10_000)
  await expect.poll(() => statSync(path).mtimeMs).toBeGreaterThanOrEqual(woken)
  await release()
})
