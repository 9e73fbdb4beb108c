import type { UpdateCheckResult } from 'electron-updater'
import { expect, it } from 'vitest'
import { Updater, type UpdateSource } from '../../../src-main/app/updater.ts'
import { createManualTimers } from './manual-timers.ts'

const DAY = 86_400_000

function scene({ available = true, fails = false, install = true } = {}) {
  const timers = createManualTimers()
  const did: string[] = []
  const states: string[] = []
  const world = { operations: 0, wanted: true }
  const source: UpdateSource = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    checkForUpdates: () => {
      did.push('check')
      if (fails) return Promise.reject(new Error('offline'))
      const found = { isUpdateAvailable: available, updateInfo: { version: '2.0.0' } }
      return Promise.resolve(found as unknown as UpdateCheckResult)
    },
    downloadUpdate: () => {
      did.push('download')
      return Promise.resolve([])
    },
    quitAndInstall: () => did.push('install'),
  }
  const updater = new Updater({
    source,
    isWanted: () => world.wanted,
    hasOperations: () => world.operations > 0,
    ask: () => {
      did.push('ask')
      return Promise.resolve({ response: install ? 0 : 1 })
    },
    prepareToLeave: () => Promise.resolve(void did.push('prepare')),
    after: timers.after,
    onState: ({ state }) => states.push(state),
    log: () => undefined,
  })
  return { updater, source, timers, did, states, world }
}

it('fetches nothing by itself', () => {
  const { source } = scene()
  expect(source).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false })
})

it('looks once a day, if people want that', async () => {
  const { updater, timers, did, world } = scene({ available: false })
  updater.start()
  await timers.advance(DAY)
  expect(did).toEqual(['check'])
  world.wanted = false
  await timers.advance(DAY)
  expect(did).toEqual(['check'])
  world.wanted = true
  await timers.advance(DAY)
  expect(did).toEqual(['check', 'check'])
  expect(updater.state).toEqual({ state: 'idle', version: null })
})

it('asks before it starts again with the new version, after the engine has ended', async () => {
  const { updater, did } = scene()
  await updater.check()
  expect(did).toEqual(['check', 'download', 'ask', 'prepare', 'install'])
})

it('keeps the update ready when the answer is later', async () => {
  const { updater, did } = scene({ install: false })
  expect(await updater.check()).toEqual({ state: 'ready', version: '2.0.0' })
  await updater.check()
  expect(did).toEqual(['check', 'download', 'ask'])
  await updater.install()
  expect(did.slice(3)).toEqual(['prepare', 'install'])
})

it('fetches nothing during a run, and goes on when it has ended', async () => {
  const { updater, did, world } = scene({ install: false })
  world.operations = 1
  expect(await updater.check()).toEqual({ state: 'waiting-for-run', version: '2.0.0' })
  await updater.install()
  await updater.operationsChanged()
  expect(did).toEqual(['check'])
  world.operations = 0
  await updater.operationsChanged()
  expect(did).toEqual(['check', 'download', 'ask'])
  expect(updater.state.state).toBe('ready')
})

it('installs nothing during a run, but asks when it has ended', async () => {
  const { updater, did, world } = scene({ install: false })
  await updater.check()
  world.operations = 1
  await updater.install()
  expect(updater.state.state).toBe('waiting-for-run')
  expect(did).not.toContain('install')
  world.operations = 0
  await updater.operationsChanged()
  expect(did.filter((one) => one === 'ask')).toHaveLength(2)
  expect(did).not.toContain('install')
})

it('says when it could not look, and tries again when asked', async () => {
  const { updater, states } = scene({ fails: true })
  expect(await updater.check()).toEqual({ state: 'failed', version: null })
  await updater.check()
  expect(states).toEqual(['checking', 'failed', 'checking', 'failed'])
})

it('says that an installation does not update itself', async () => {
  const { timers } = scene()
  const updater = new Updater({
    source: undefined,
    isWanted: () => true,
    hasOperations: () => false,
    ask: () => Promise.reject(new Error('asked')),
    prepareToLeave: () => Promise.reject(new Error('left')),
    after: timers.after,
    onState: () => undefined,
    log: () => undefined,
  })
  updater.start()
  expect(timers.next).toBeUndefined()
  expect(await updater.check()).toEqual({ state: 'unavailable', version: null })
  await updater.install()
})
