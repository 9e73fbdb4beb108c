import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppDriver } from '../../support/electron-host/launch.ts'
import { FixtureApp } from './fixture-app.ts'

describe('the desktop of the stand-in for Electron', () => {
  let fixture: FixtureApp
  let app: AppDriver
  let page: Page

  beforeAll(async () => {
    fixture = await FixtureApp.build()
    app = await fixture.launch({ args: ['--own=1'] })
    page = await app.waitForWindow()
  })

  afterAll(() => fixture.end())

  function call(channel: string, ...args: unknown[]): Promise<unknown> {
    return page.evaluate(`window.bridge.invoke(${[channel, ...args].map((each) => JSON.stringify(each)).join(', ')})`)
  }

  async function noted(text: string): Promise<void> {
    await app.waitForRecord(({ clipboard }) => clipboard.includes(text))
  }

  it('shows the tray, and clicks it', async () => {
    const { trays, app: recorded } = await app.recorded()
    expect(trays).toMatchObject([{ toolTip: 'Idle', image: { width: 16, height: 12, empty: false }, destroyed: false }])
    expect(trays[0]?.menu?.map(({ label, type }) => `${label} ${type}`)).toEqual([
      'Pause checkbox',
      'More submenu',
      'Off normal',
      'Quit normal',
    ])
    expect(recorded).toMatchObject({ sandboxed: true, singleInstance: true, loginItem: { openAtLogin: true } })
    expect(recorded.switches).toEqual(
      expect.arrayContaining([
        { name: 'lang', value: 'en-US' },
        { name: 'own', value: '1' },
      ]),
    )
    await app.clickTrayMenu('Pause')
    await noted('pause true')
    await app.clickTrayMenu('More', 'deep')
    await noted('deep')
    await expect(app.clickTrayMenu('Off')).rejects.toThrow('disabled')
    await expect(app.clickTrayMenu('Missing')).rejects.toThrow('no item Missing')
    await app.clickMenu('File', 'Note')
    await noted('menu')
  })

  it('closes to the tray, and comes back', async () => {
    await app.closeWindow(page)
    const hidden = await app.waitForRecord(({ windows }) => windows[0]?.visible === false)
    expect(hidden.windows).toHaveLength(1)
    await app.clickTray()
    await app.waitForRecord(({ windows }) => windows[0]?.visible === true && windows[0].focused)
  })

  it('shows notifications, and clicks them', async () => {
    await call('notify', 'First')
    await call('notify', 'Second')
    const { notifications } = await app.recorded()
    expect(notifications.map(({ title, shown }) => `${title} ${String(shown)}`)).toEqual(['First true', 'Second true'])
    await app.clickNotification(0)
    await noted('clicked First')
    await app.chooseNotificationAction(1, 0)
    await noted('action 0')
    await app.closeNotification(1)
    await noted('closed Second')
    await expect(app.clickNotification(1)).rejects.toThrow('not on the screen')
  })

  it('answers dialogs as a test has laid ready, and cancels the others', async () => {
    await app.answerDialog({ filePaths: ['/tmp/chosen'] })
    expect(await call('ask')).toEqual({ canceled: false, filePaths: ['/tmp/chosen'] })
    expect(await call('ask')).toEqual({ canceled: true, filePaths: [] })
    expect((await app.recorded()).dialogs).toMatchObject([
      { method: 'showOpenDialog', options: { title: 'Which?' } },
      {},
    ])
  })

  it('opens nothing outside, but writes it down', async () => {
    await call('outside', 'https://example.com/')
    expect((await app.recorded()).external).toEqual([{ how: 'openExternal', target: 'https://example.com/' }])
  })

  it('shows pages the theme of the system, and of the app', async () => {
    const dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    expect(await page.evaluate(dark)).toBe(false)
    await app.setTheme('dark')
    await noted('dark true')
    expect(await page.evaluate(dark)).toBe(true)
    await call('theme', 'light')
    await page.waitForFunction("!matchMedia('(prefers-color-scheme: dark)').matches")
    expect((await app.recorded()).theme).toEqual({ source: 'light', dark: false })
  })

  it('tells of sleep and of the battery', async () => {
    await app.emitPower('suspend')
    await app.emitPower('on-battery')
    await noted('suspend')
    await noted('battery true')
  })

  it('runs utility processes, and tells of their end', async () => {
    await noted('host says "begun"')
    await call('host', { deep: [1] })
    await noted('host says {"echoed":{"deep":[1]},"type":"utility"}')
    await app.crashHost()
    await noted('host exit 9')
    await noted('gone Utility crashed fixture host')
    await app.waitForRecord(({ hosts }) => hosts.length === 2 && hosts[1]?.running === true)
    await call('host', 'end')
    await noted('host exit 7')
    await noted('gone Utility abnormal-exit')
  })
})

describe('the life of an app on the stand-in for Electron', () => {
  let fixture: FixtureApp

  beforeAll(async () => {
    fixture = await FixtureApp.build()
  })

  afterAll(() => fixture.end())

  it('has one instance in a profile, which hears of the second one, and none that outlives it', async () => {
    const profile = fixture.newProfile()
    const first = await fixture.launch({ profile })
    const second = await fixture.launch({ profile, args: ['open-this'] })
    expect(await second.exited).toEqual({ code: 0, signal: null })
    await first.waitForRecord(({ clipboard }) => clipboard.includes('second open-this {"from":"fixture"}'))
    expect(await first.kill()).toEqual({ code: null, signal: 'SIGKILL' })
    const third = await fixture.launch({ profile })
    expect((await third.recorded()).app.singleInstance).toBe(true)
    expect(await third.close(), third.output).toEqual({ code: 0, signal: null })
  })

  it('quits by its menu, and ends its utility processes', async () => {
    const app = await fixture.launch()
    const { hosts } = await app.waitForRecord((recorded) => recorded.clipboard.includes('host says "begun"'))
    const pid = hosts[0]?.pid ?? 0
    const willQuit = app.waitForRecord(({ clipboard }) => clipboard.includes('will quit'))
    await app.clickTrayMenu('Quit')
    await willQuit
    expect(await app.exited, app.output).toEqual({ code: 0, signal: null })
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    await expect(app.waitForWindow((url) => url === 'never')).rejects.toThrow('the app has ended (0)')
  })

  it('keeps what a page stores on disk, and starts in the theme of the system', async () => {
    const profile = fixture.newProfile()
    const before = await fixture.launch({ profile, theme: 'dark' })
    const page = await before.waitForWindow()
    expect(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).toBe(true)
    await page.evaluate("localStorage.setItem('kept', 'yes')")
    await before.close()
    const after = await fixture.launch({ profile })
    expect(await (await after.waitForWindow()).evaluate("localStorage.getItem('kept')")).toBe('yes')
  })
})
