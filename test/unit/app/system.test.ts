import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MenuItemConstructorOptions, Settings } from 'electron'
import { expect, it } from 'vitest'
import { ActivityBoard } from '../../../src-main/app/activity.ts'
import { setAutostart, type AutostartParts } from '../../../src-main/app/autostart.ts'
import type { Link } from '../../../src-main/app/external-links.ts'
import { isHidden, readHomepage, readLaunch } from '../../../src-main/app/launch.ts'
import { applicationMenu } from '../../../src-main/app/menu.ts'
import { readMetered } from '../../../src-main/app/metered.ts'
import { texts } from '../../../src-main/app/texts.ts'
import { links } from '../../../src-shared/ipc/contract/app.ts'
import type { Activity, Operation } from '../../../src-shared/ipc/contract/operations.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { createManualTimers } from './manual-timers.ts'

function autostart(platform: NodeJS.Platform, given: Partial<AutostartParts> = {}) {
  const set: Settings[] = []
  const configFolder = temporaryFolder('autostart')
  const parts: AutostartParts = {
    platform,
    isPackaged: true,
    setLoginItemSettings: (settings) => set.push(settings),
    executable: '/opt/Hold "fast" $1/100%/holdfast',
    configFolder,
    ...given,
  }
  return { parts, set, entry: join(configFolder, 'autostart/holdfast.desktop') }
}

it('starts at login by a desktop entry on Linux, whose command is quoted as the standard wants it', async () => {
  const { parts, entry } = autostart('linux')
  await setAutostart(parts, true, true)
  const text = readFileSync(entry, 'utf8')
  expect(text).toContain('Exec="/opt/Hold \\\\"fast\\\\" \\\\$1/100%%/holdfast" --hidden\n')
  await setAutostart(parts, true, false)
  expect(readFileSync(entry, 'utf8')).not.toContain('--hidden')
  await setAutostart(parts, false, true)
  expect(existsSync(entry)).toBe(false)
  await setAutostart(parts, false, true)
})

it('starts at login by the system elsewhere, and never from a checkout', async () => {
  const windows = autostart('win32')
  await setAutostart(windows.parts, true, true)
  await setAutostart(windows.parts, false, true)
  expect(windows.set).toEqual([
    { openAtLogin: true, args: ['--hidden'] },
    { openAtLogin: false, args: ['--hidden'] },
  ])
  const mac = autostart('darwin')
  await setAutostart(mac.parts, true, true)
  expect(mac.set).toEqual([{ openAtLogin: true }])
  const checkout = autostart('linux', { isPackaged: false })
  await setAutostart(checkout.parts, true, true)
  expect(existsSync(checkout.entry)).toBe(false)
})

it.each([
  ['u 1\n', 'yes'],
  ['u 2\n', 'no'],
  ['u 3\n', 'yes'],
  ['u 4\n', 'no'],
  ['u 0\n', 'unknown'],
  ['nonsense', 'unknown'],
])('reads %j as %s', async (answer, metered) => {
  const asked: string[] = []
  const run = (program: string, args: readonly string[]): Promise<string> => {
    asked.push([program, ...args].join(' '))
    return Promise.resolve(answer)
  }
  expect(await readMetered('linux', run)).toBe(metered)
  expect(asked).toEqual([
    'busctl --system --timeout=3 get-property org.freedesktop.NetworkManager /org/freedesktop/NetworkManager org.freedesktop.NetworkManager Metered',
  ])
})

it('does not know whether a network is metered where nobody answers', async () => {
  const run = (): Promise<string> => Promise.reject(new Error('no busctl'))
  expect(await readMetered('linux', run)).toBe('unknown')
  expect(await readMetered('win32', run)).toBe('unknown')
})

it('reads what it was started with', () => {
  expect(readLaunch(['electron', '.'], '/usual')).toEqual({ profile: '/usual', hidden: false })
  expect(readLaunch(['holdfast', '--hidden', '--profile=/other'], '/usual')).toEqual({
    profile: '/other',
    hidden: true,
  })
  expect(readLaunch(['holdfast', '--profile', '/third'], '/usual').profile).toBe('/third')
  expect(readLaunch(['holdfast', '--profile'], '/usual').profile).toBe('/usual')
  expect(readLaunch(['holdfast', '--user-data-dir=/fourth'], '/usual').profile).toBe('/fourth')
  expect(readLaunch(['holdfast', '--user-data-dir=/fourth', '--profile=/fifth'], '/usual').profile).toBe('/fifth')
})

it('starts without a window by its argument, or on macOS by how it was started', () => {
  const opened = (wasOpenedAtLogin: boolean) => ({ getLoginItemSettings: () => ({ wasOpenedAtLogin }) })
  const launch = { profile: '/p', hidden: false }
  const wanted = { startHidden: true }
  expect(isHidden(launch, 'darwin', wanted, opened(false))).toBe(false)
  expect(isHidden(launch, 'darwin', wanted, opened(true))).toBe(true)
  expect(isHidden(launch, 'darwin', { startHidden: false }, opened(true))).toBe(false)
  expect(isHidden(launch, 'win32', wanted, opened(true))).toBe(false)
  expect(isHidden({ ...launch, hidden: true }, 'linux', wanted, opened(false))).toBe(true)
})

it('takes the home page from package.json, if there is one', () => {
  const folder = temporaryFolder('package')
  writeFileSync(join(folder, 'package.json'), '{"homepage":"https://example.org"}')
  expect(readHomepage(folder)).toBe('https://example.org')
  writeFileSync(join(folder, 'package.json'), '{"homepage":7}')
  expect(readHomepage(folder)).toBeUndefined()
})

it('tells what goes on at most ten times a second, and never misses the last word', async () => {
  const timers = createManualTimers()
  const told: Activity[] = []
  const board = new ActivityBoard({ ...timers, onChange: (activity) => told.push(activity) })
  board.update({ engine: 'running' })
  for (let next = 1; next <= 100; next++) {
    board.update({ next })
    await timers.advance(10)
  }
  expect(told.length).toBeLessThanOrEqual(11)
  await timers.advance(100)
  expect(told.at(-1)).toEqual({ engine: 'running', paused: false, waiting: null, operations: [], next: 100 })
})

it('tells how each operation ended when the engine stopped', () => {
  const timers = createManualTimers(5000)
  const board = new ActivityBoard({ ...timers, onChange: () => undefined })
  const operation = {
    id: 'j',
    kind: 'backup',
    plan: 'p',
    place: '/b',
    dryRun: false,
    started: 1,
    progress: null,
  } as const
  board.update({ operations: [{ ...operation, stopping: false } satisfies Operation] })
  expect(board.endOperations()).toEqual([
    expect.objectContaining({
      id: 'j',
      outcome: 'interrupted',
      ended: 5000,
      problem: { code: 'engine.stopped', params: {} },
    }),
  ])
  expect(board.current.operations).toEqual([])
})

const actions = {
  go: () => undefined,
  openLink: () => undefined,
  checkForUpdates: () => undefined,
  quit: () => undefined,
}

it('has the tools of development only in a checkout', () => {
  const roles = (isPackaged: boolean): unknown[] =>
    applicationMenu({ platform: 'linux', isPackaged, links, actions })
      .flatMap(({ submenu }) => (submenu ?? []) as MenuItemConstructorOptions[])
      .map(({ role }) => role)
  expect(roles(false)).toContain('toggleDevTools')
  expect(roles(true)).not.toContain('toggleDevTools')
  expect(roles(true)).not.toContain('reload')
})

it('offers instructions only where there is a page of them', () => {
  const labels = (known: readonly Link[]): unknown[] =>
    applicationMenu({ platform: 'linux', isPackaged: true, links: known, actions })
      .flatMap(({ submenu }) => (submenu ?? []) as MenuItemConstructorOptions[])
      .map(({ label }) => label)
  expect(labels(links)).toContain(texts.menu.instructions)
  expect(labels(['restic'])).not.toContain(texts.menu.instructions)
  expect(labels(['restic'])).toContain(texts.menu.resticHelp)
})
