import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { toApp } from './addresses.ts'
import { Browsing } from './browser/browsing.ts'
import type { ShownWindow } from './browser/shown-window.ts'
import type { DialogAnswer, PermissionAnswer, PermissionQuestion, PowerEvent } from './control/methods.ts'
import type { Recorded, RecordedRequest } from './control/recorded.ts'
import { Changes } from './control/changes.ts'
import type { AppDriver, AppExit, LaunchOptions } from './driver.ts'
import { startVariable, type StartOptions } from './electron/start-variable.ts'
import { Link } from './link/link.ts'
import type { AppMethods, HostMethods } from './link/messages.ts'
import { electronVersion } from './version.ts'

const run = join(import.meta.dirname, 'run.ts')

/** Electron warns of promises that nobody caught, and goes on. */
function spawnApp(options: LaunchOptions, main: string): ChildProcess {
  const { profile, theme = 'light', locale = 'en-US' } = options
  const start: StartOptions = { profile, main, dark: theme === 'dark', locale }
  return spawn(process.execPath, ['--unhandled-rejections=warn', run, ...(options.args ?? [])], {
    env: { ...process.env, ...options.env, [startVariable]: JSON.stringify(start) },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}

function linkTo(child: ChildProcess): Link<HostMethods, AppMethods> {
  return new Link<HostMethods, AppMethods>({
    send: (message) => void child.send(message as object, () => undefined),
    listen: (onMessage, onEnd) => {
      child.on('message', onMessage)
      child.on('disconnect', onEnd)
    },
  })
}

/** The app on the stand-in: its main process is a child of this one, and the browser is this process' own. */
export class StandInDriver implements AppDriver {
  readonly exited: Promise<AppExit>
  readonly #child: ChildProcess
  readonly #app: Link<HostMethods, AppMethods>
  readonly #browsing: Browsing
  readonly #changes = new Changes()
  #recorded: Recorded | undefined
  #output = ''

  constructor(options: LaunchOptions, main: string) {
    const { profile, theme } = options
    mkdirSync(profile, { recursive: true })
    this.#child = spawnApp(options, main)
    this.#app = linkTo(this.#child)
    const onChange = (): void => this.#changes.tell()
    this.#browsing = new Browsing(this.#app, { profile, dark: theme === 'dark', electronVersion, onChange })
    this.#app.answer('recorded', (recorded) => {
      this.#recorded = recorded
      onChange()
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
        if (options.echo === true) process.stdout.write(chunk)
      })
    }
    this.exited = this.#watchExit()
  }

  get hostName(): string {
    return `stand-in on Chromium ${this.#browsing.version ?? '(not started)'}`
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get output(): string {
    return this.#output
  }

  /** Resolves once the app is ready, or has ended without getting so far. */
  async started(): Promise<void> {
    await Promise.race([this.#changes.until(() => this.#recorded?.app.ready === true), this.exited])
  }

  pages(): readonly Page[] {
    return this.#browsing.windows.flatMap(({ page }) => page ?? [])
  }

  urlOf(page: Page): string {
    return toApp(page.url())
  }

  windowOf(page: Page): number {
    return this.#shown(page).spec.window
  }

  async waitForWindow(matches: (url: string, page: Page) => boolean = () => true): Promise<Page> {
    const find = (): Page | undefined =>
      this.#browsing.windows
        .filter(({ isLoaded }) => isLoaded)
        .flatMap(({ page }) => page ?? [])
        .find((page) => matches(this.urlOf(page), page))
    return await this.#orEnd(this.#changes.untilFound(find))
  }

  async reload(page: Page): Promise<void> {
    await this.#shown(page).reload()
  }

  async closeWindow(page: Page): Promise<void> {
    await this.#app.call('control.close-window', { window: this.windowOf(page) })
  }

  async crashPage(page: Page): Promise<void> {
    const crashed = page.waitForEvent('crash')
    this.#shown(page).crash()
    await crashed
  }

  recorded(): Promise<Recorded> {
    return this.#app.call('control.recorded', undefined)
  }

  async waitForRecord(predicate: (recorded: Recorded) => boolean): Promise<Recorded> {
    const find = (): Recorded | undefined => {
      const recorded = this.#recorded
      return recorded !== undefined && predicate(recorded) ? recorded : undefined
    }
    return await this.#orEnd(this.#changes.untilFound(find))
  }

  sentToPages(): Promise<readonly string[]> {
    return Promise.resolve([...this.#browsing.sent])
  }

  requests(): Promise<readonly RecordedRequest[]> {
    return this.#app.call('control.requests', undefined)
  }

  clickTray(event: 'click' | 'double-click' | 'right-click' = 'click'): Promise<void> {
    return this.#app.call('control.tray-click', { event })
  }

  clickTrayMenu(...path: readonly string[]): Promise<void> {
    return this.#app.call('control.tray-menu', { path })
  }

  clickMenu(...path: readonly string[]): Promise<void> {
    return this.#app.call('control.menu', { path })
  }

  clickNotification(number: number): Promise<void> {
    return this.#app.call('control.notification', { number, what: 'click' })
  }

  closeNotification(number: number): Promise<void> {
    return this.#app.call('control.notification', { number, what: 'close' })
  }

  chooseNotificationAction(number: number, action: number): Promise<void> {
    return this.#app.call('control.notification', { number, what: { action } })
  }

  answerDialog(answer: DialogAnswer): Promise<void> {
    return this.#app.call('control.answer-dialog', answer)
  }

  emitPower(event: PowerEvent): Promise<void> {
    return this.#app.call('control.power', { event })
  }

  setTheme(theme: 'light' | 'dark'): Promise<void> {
    return this.#app.call('control.system-theme', { dark: theme === 'dark' })
  }

  setOnline(online: boolean): Promise<void> {
    return this.#app.call('control.online', { online })
  }

  setFocus(page: Page, focused: boolean): Promise<void> {
    return this.#app.call('control.focus-window', { window: this.windowOf(page), focused })
  }

  askPermission(question: PermissionQuestion): Promise<PermissionAnswer> {
    return this.#app.call('control.permission', question)
  }

  attachWebview(page: Page, src: string): Promise<{ readonly refused: boolean }> {
    return this.#app.call('control.attach-webview', { window: this.windowOf(page), src })
  }

  activate(): Promise<void> {
    return this.#app.call('control.activate', undefined)
  }

  async crashHost(): Promise<void> {
    const { hosts } = await this.recorded()
    const host = hosts.findLast(({ running }) => running)
    if (host?.pid === undefined) throw new Error('no utility process runs')
    const { number } = host
    process.kill(host.pid, 'SIGKILL')
    await this.waitForRecord((recorded) => recorded.hosts.some((each) => each.number === number && !each.running))
  }

  async close(): Promise<AppExit> {
    this.#app.tell('control.quit', undefined)
    return await this.exited
  }

  async kill(): Promise<AppExit> {
    this.#child.kill('SIGKILL')
    return await this.exited
  }

  async #watchExit(): Promise<AppExit> {
    const exit = await new Promise<AppExit>((resolve) => {
      this.#child.once('close', (code, signal) => resolve({ code, signal }))
    })
    await this.#browsing.close()
    return exit
  }

  #shown(page: Page): ShownWindow {
    const window = this.#browsing.windows.find((each) => each.page === page)
    if (window === undefined) throw new Error('the page belongs to no window of the app')
    return window
  }

  async #orEnd<Value>(waiting: Promise<Value>): Promise<Value> {
    const ended = this.exited.then(({ code, signal }) => {
      throw new Error(`the app has ended (${String(code ?? signal)}):\n${this.#output}`)
    })
    return await Promise.race([waiting, ended])
  }
}
