import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { processMark, processStart } from '../../../src-main/settings/process-start.ts'

const hasPs = process.platform !== 'win32' && spawnSync('ps', ['-p', '1']).error === undefined
const ended = (): number => spawnSync(process.execPath, ['--version']).pid

describe('when a process started', () => {
  it.runIf(existsSync('/proc/self/stat'))('tells it from others that have its number', async () => {
    const mark = processMark(process.pid)
    expect(mark).toMatch(/^[0-9a-f-]{36} \d+$/)
    expect(processMark(process.pid)).toBe(mark)
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' })
    const closed = new Promise((resolve) => child.once('close', resolve))
    const other = processMark(child.pid ?? 0)
    child.kill()
    await closed
    expect(other).toMatch(/^[0-9a-f-]{36} \d+$/)
    expect(other).not.toBe(mark)
    expect(processMark(ended())).toBeUndefined()
  })

  it.runIf(hasPs)('is a moment', async () => {
    const started = Date.now() - process.uptime() * 1000
    expect(Math.abs(((await processStart(process.pid)) ?? 0) - started)).toBeLessThan(5000)
    expect(await processStart(ended())).toBeUndefined()
  })
})
