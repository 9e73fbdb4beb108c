import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { Changes } from './control/changes.ts'
import type { PowerEvent } from './control/methods.ts'
import type { Recorded } from './control/recorded.ts'
import type { AppDriver, AppExit, LaunchOptions } from './driver.ts'
import { electronVersion } from './version.ts'

/** Of Electron itself nobody has written down what it was asked for. */
function unknowable(what: string): Promise<never> {
  return Promise.reject(new Error(`${what} cannot be seen, or done, on Electron itself: this test needs the stand-in`))
}

/**
 * The app on Electron itself, through Playwright. It drives windows and pages, power events, the theme, the application
 * menu and the answers of dialogs. What only the stand-in writes down cannot be seen here: trays, notifications,
 * links opened outside, requests, permissions, utility processes. Tests that need it fail with a sentence that says so.
 */
export class ElectronDriver implements AppDriver {
  readonly hostName = `electron ${electronVersion}`
  readonly exited: Promise<AppExit>
  readonly #electron: ElectronApplication
  readonly #changes = new Changes()
  #output = ''

  private constructor(electron: ElectronApplication, echo: boolean) {
    this.#electron = electron
    const child = electron.process()
    this.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
        if (echo) process.stdout.write(chunk)
      })
    }
    electron.on('window', (page) => {
      page.on('load', () => this.#changes.tell())
      this.#changes.tell()
    })
  }

  static async launch(options: LaunchOptions, main: string, executablePath: string): Promise<ElectronDriver> {
    const { profile, args = [], env = {}, theme, locale = 'en-US' } = options
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const electron = await _electron.launch({
      executablePath,
      args: [...sandbox, main, `--user-data-dir=${profile}`, `--lang=${locale}`, ...args],
      env: { ...definedEnvironment(), ...env },
      colorScheme: theme ?? 'light',
    })
    return new ElectronDriver(electron, options.echo ?? false)
  }

  get pid(): number {
    return this.#electron.process().pid ?? 0
  }

  get output(): string {
    return this.#output
  }

  pages(): readonly Page[] {
    return this.#electron.windows()
  }

  urlOf(page: Page): string {
    return page.url()
  }

  windowOf(page: Page): number {
    return this.pages().indexOf(page) + 1
  }

  async waitForWindow(matches: (url: string, page: Page) => boolean = () => true): Promise<Page> {
    const page = await this.#changes.untilFound(() => this.pages().find((each) => matches(each.url(), each)))
    await page.waitForLoadState('load')
    return page
  }

  async reload(page: Page): Promise<void> {
    await page.reload()
  }

  async closeWindow(page: Page): Promise<void> {
    const window = await this.#electron.browserWindow(page)
    await window.evaluate((each: { close(): void }) => each.close())
  }

  async crashPage(page: Page): Promise<void> {
    const crashed = page.waitForEvent('crash')
    const window = await this.#electron.browserWindow(page)
    await window.evaluate((each: Electron.BrowserWindow) => each.webContents.forcefullyCrashRenderer())
    await crashed
  }

  async clickMenu(...path: readonly string[]): Promise<void> {
    await this.#electron.evaluate(({ Menu }, labels) => {
      const start = Menu.getApplicationMenu()?.items ?? []
      const step = (items: readonly Electron.MenuItem[], label: string): Electron.MenuItem | undefined =>
        items.find((each) => each.label === label || each.id === label)
      const last = labels.slice(0, -1).reduce((items, label) => step(items, label)?.submenu?.items ?? [], start)
      const item = step(last, labels.at(-1) ?? '')
      if (item === undefined) throw new Error(`the menu has no item ${labels.join(' > ')}`)
      ;(item.click as () => void)()
    }, path)
  }

  async answerDialog(answer: object): Promise<void> {
    await this.#electron.evaluate(({ dialog }, given) => {
      for (const method of ['showOpenDialog', 'showSaveDialog', 'showMessageBox'] as const) {
        const original = dialog[method].bind(dialog)
        const once = (): Promise<unknown> => {
          Object.assign(dialog, { [method]: original })
          return Promise.resolve({ canceled: false, ...given })
        }
        Object.assign(dialog, { [method]: once })
      }
    }, answer)
  }

  async emitPower(event: PowerEvent): Promise<void> {
    await this.#electron.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event)
  }

  async setTheme(theme: 'light' | 'dark'): Promise<void> {
    await Promise.all(this.pages().map((page) => page.emulateMedia({ colorScheme: theme })))
  }

  async activate(): Promise<void> {
    await this.#electron.evaluate(({ app }) => void app.emit('activate'))
  }

  async setFocus(page: Page, focused: boolean): Promise<void> {
    const window = await this.#electron.browserWindow(page)
    await window.evaluate((each: Electron.BrowserWindow, focus) => (focus ? each.focus() : each.blur()), focused)
  }

  recorded = (): Promise<Recorded> => unknowable('what the app asked of Electron')
  waitForRecord = (): Promise<Recorded> => this.recorded()
  sentToPages = (): Promise<never> => unknowable('what was sent to a page')
  requests = (): Promise<never> => unknowable('a request')
  clickTray = (): Promise<never> => unknowable('a click on the tray')
  clickTrayMenu = (): Promise<never> => unknowable("a click in the tray's menu")
  clickNotification = (): Promise<never> => unknowable('a click on a notification')
  closeNotification = (): Promise<never> => unknowable('the end of a notification')
  chooseNotificationAction = (): Promise<never> => unknowable('a click on a notification')
  setOnline = (): Promise<never> => unknowable('the state of the network')
  askPermission = (): Promise<never> => unknowable('a decision on a permission')
  attachWebview = (): Promise<never> => unknowable('a webview')
  crashHost = (): Promise<never> => unknowable('a utility process')

  async close(): Promise<AppExit> {
    await this.#electron.evaluate(({ app }) => app.quit())
    return await this.exited
  }

  async kill(): Promise<AppExit> {
    this.#electron.process().kill('SIGKILL')
    return await this.exited
  }
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return Object.fromEntries(entries) as Record<string, string>
}
