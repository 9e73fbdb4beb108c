import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle, WebPreferences } from 'electron'
import type { RecordedWindow } from '../control/recorded.ts'
import type { WindowSpec } from '../link/messages.ts'
import { host } from './app-link.ts'
import { app } from './app.ts'
import { createEvent } from './event.ts'
import { focusedWindow, setFocusedWindow } from './focus.ts'
import { plain } from './plain.ts'
import { ownSchemes } from './protocol.ts'
import type { Closable } from './quitting.ts'
import { changed, contribute } from './recorder.ts'
import { session, StandInSession } from './session.ts'
import { StandInContents } from './web-contents.ts'
import { WindowPlacement } from './window-placement.ts'

const windows = new Map<number, StandInWindow>()
let opened = 0

/** Of the page that a page opened, and that the next window takes in. */
let adoptsNext = false

const defaults: WebPreferences = {
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  sandbox: true,
  webSecurity: true,
  webviewTag: false,
}

/** A window, whose page is one of Chromium's. */
export class StandInWindow extends EventEmitter implements Closable {
  readonly id = ++opened
  readonly webContents: StandInContents
  readonly #placement: WindowPlacement
  readonly #closed = Promise.withResolvers<undefined>()
  #title: string
  #isVisible: boolean
  #isDestroyed = false
  #progress = -1
  #menuBarVisible: boolean
  #lastUrl = ''
  #isPageGone = false

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    const preferences = { ...defaults, ...options.webPreferences }
    this.#title = options.title ?? app.getName()
    this.#isVisible = options.show ?? true
    this.#menuBarVisible = options.autoHideMenuBar !== true
    this.#placement = new WindowPlacement(this, boundsIn(options), (bounds) => {
      host.tell('window.bounds', { window: this.id, bounds })
    })
    this.webContents = new StandInContents(this.id, sessionFor(preferences), preferences, {
      close: () => this.close(),
      focus: () => this.focus(),
      pageClosed: () => this.#pageClosed(),
      openChild: (child) => openChild(this, child),
    })
    windows.set(this.id, this)
    app.addWindow(this)
    this.#openPage(preferences, adoptsNext)
    app.emit('browser-window-created', createEvent(), this)
    if (this.#isVisible) queueMicrotask(() => this.focus())
    changed()
  }

  static getAllWindows = (): StandInWindow[] => [...windows.values()]
  static getFocusedWindow = (): StandInWindow | null => (focusedWindow() as StandInWindow | undefined) ?? null
  static fromId = (id: number): StandInWindow | null => windows.get(id) ?? null
  static fromWebContents = (contents: { readonly id: number }): StandInWindow | null => windows.get(contents.id) ?? null

  loadURL = async (url: string, options?: { readonly extraHeaders?: string }): Promise<void> => {
    this.#lastUrl = url
    await this.webContents.loadURL(url, options)
  }

  loadFile = async (path: string): Promise<void> => this.loadURL(pathToFileURL(path).href)
  reload = (): void => this.webContents.reload()
  isDestroyed = (): boolean => this.#isDestroyed
  isVisible = (): boolean => this.#isVisible && !this.#isDestroyed
  isFocused = (): boolean => focusedWindow() === this
  isMinimized = (): boolean => this.#placement.is('minimized')
  isMaximized = (): boolean => this.#placement.is('maximized')
  isFullScreen = (): boolean => this.#placement.is('full-screen')
  isNormal = (): boolean => this.#placement.is('normal')
  isMenuBarVisible = (): boolean => this.#menuBarVisible
  getTitle = (): string => this.#title
  getBounds = (): Rectangle => ({ ...this.#placement.bounds })
  getContentBounds = (): Rectangle => this.getBounds()
  getNormalBounds = (): Rectangle => ({ ...this.#placement.normal })
  getSize = (): number[] => [this.#placement.bounds.width, this.#placement.bounds.height]
  getPosition = (): number[] => [this.#placement.bounds.x, this.#placement.bounds.y]
  setBounds = (bounds: Partial<Rectangle>): void => this.#change(() => this.#placement.move(bounds))
  setSize = (width: number, height: number): void => this.setBounds({ width, height })
  setContentSize = (width: number, height: number): void => this.setBounds({ width, height })
  setPosition = (x: number, y: number): void => this.setBounds({ x, y })
  minimize = (): void => this.#change(() => this.#placement.enter('minimized'))
  maximize = (): void => this.#change(() => this.#placement.enter('maximized'))
  unmaximize = (): void => this.#change(() => this.#placement.restore())
  restore = (): void => this.#change(() => this.#placement.restore())
  setFullScreen = (flag: boolean): void => this.#change(() => this.#placement.enter(flag ? 'full-screen' : 'normal'))
  setTitle = (title: string): void => this.#change(() => (this.#title = title))
  setProgressBar = (progress: number): void => this.#change(() => (this.#progress = progress))
  setMenuBarVisibility = (visible: boolean): void => this.#change(() => (this.#menuBarVisible = visible))
  setAutoHideMenuBar = (hide: boolean): void => this.setMenuBarVisibility(!hide)
  removeMenu = (): void => this.setMenuBarVisibility(false)
  setMenu = (menu: unknown): void => this.setMenuBarVisibility(menu !== null)
  center = (): void => undefined
  moveTop = (): void => undefined
  flashFrame = (): void => undefined
  setIcon = (): void => undefined
  setOverlayIcon = (): void => undefined
  setSkipTaskbar = (): void => undefined
  setMinimumSize = (): void => undefined
  setResizable = (): void => undefined
  setAlwaysOnTop = (): void => undefined
  setBackgroundColor = (): void => undefined
  setTitleBarOverlay = (): void => undefined
  setContentProtection = (): void => undefined

  show = (): void => {
    this.showInactive()
    this.focus()
  }

  showInactive = (): void =>
    this.#change(() => {
      if (this.#isPageGone) this.#reopenPage()
      if (this.#isVisible) return
      this.#isVisible = true
      this.emit('show')
    })

  hide = (): void =>
    this.#change(() => {
      if (!this.#isVisible) return
      this.blur()
      this.#isVisible = false
      this.emit('hide')
    })

  focus = (): void =>
    this.#change(() => {
      if (!this.#isVisible || focusedWindow() === this) return
      this.#otherWithFocus()?.blur()
      setFocusedWindow(this)
      this.emit('focus')
      app.emit('browser-window-focus', createEvent(), this)
      host.tell('window.front', { window: this.id })
    })

  blur = (): void =>
    this.#change(() => {
      if (focusedWindow() !== this) return
      setFocusedWindow(undefined)
      this.emit('blur')
      app.emit('browser-window-blur', createEvent(), this)
    })

  close = (): void => void this.closeByApp()
  destroy = (): void => void this.#destroy()

  async closeByApp(): Promise<boolean> {
    if (this.#isDestroyed) return true
    const event = createEvent()
    this.emit('close', event)
    if (event.defaultPrevented) return false
    await this.#destroy()
    return true
  }

  recorded(): RecordedWindow {
    const { id } = this
    return {
      id,
      title: this.#title,
      url: this.webContents.getURL(),
      visible: this.isVisible(),
      focused: this.isFocused(),
      minimized: this.isMinimized(),
      maximized: this.isMaximized(),
      bounds: this.#placement.bounds,
      progress: this.#progress,
      menuBarVisible: this.#menuBarVisible,
      session: this.webContents.session.key,
      webPreferences: plain(this.webContents.preferences),
    }
  }

  #openPage(preferences: WebPreferences, adopts: boolean): void {
    const spec = specOf(this, preferences, adopts)
    void host.call('window.open', { ...spec, bounds: this.#placement.bounds })
    this.webContents.once('dom-ready', () => void this.emit('ready-to-show'))
    this.webContents.on('page-title-updated', (event: { defaultPrevented: boolean }, title: string) => {
      this.emit('page-title-updated', event, title, true)
      if (!event.defaultPrevented) this.setTitle(title)
    })
  }

  /** A person closed Chromium's own window, without asking the app; it may keep its window, and show it again. */
  #pageClosed(): void {
    if (this.#isDestroyed) return
    this.#isPageGone = true
    void this.closeByApp()
  }

  #reopenPage(): void {
    this.#isPageGone = false
    void host.call('window.open', {
      ...specOf(this, this.webContents.preferences, false),
      bounds: this.#placement.bounds,
    })
    void this.loadURL(this.#lastUrl)
  }

  async #destroy(): Promise<void> {
    if (this.#isDestroyed) {
      await this.#closed.promise
      return
    }
    this.blur()
    this.#isDestroyed = true
    windows.delete(this.id)
    this.webContents.destroyed()
    await host.call('window.close', { window: this.id })
    this.emit('closed')
    changed()
    this.#closed.resolve(undefined)
    app.removeWindow(this)
  }

  #otherWithFocus(): StandInWindow | undefined {
    return focusedWindow() as StandInWindow | undefined
  }

  #change(change: () => void): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed')
    change()
    changed()
  }
}

type Shown = Exclude<keyof StandInWindow, keyof EventEmitter | 'closeByApp' | 'recorded' | 'webContents'>
StandInWindow satisfies new (options: BrowserWindowConstructorOptions) => Pick<BrowserWindow, Shown>

function boundsIn({ x, y, width, height }: BrowserWindowConstructorOptions): Partial<Rectangle> {
  const given = Object.entries({ x, y, width, height }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given)
}

function sessionFor({ session: own, partition }: WebPreferences): StandInSession {
  if ((own as unknown) instanceof StandInSession) return own as unknown as StandInSession
  return partition === undefined ? session.defaultSession : session.fromPartition(partition)
}

function specOf(window: StandInWindow, preferences: WebPreferences, adopts: boolean): Omit<WindowSpec, 'bounds'> {
  const { preload, nodeIntegrationInSubFrames = false, additionalArguments = [] } = preferences
  return {
    window: window.id,
    session: window.webContents.session.key,
    adopts,
    schemes: ownSchemes(),
    preload:
      preload === undefined
        ? undefined
        : { file: preload, inSubframes: nodeIntegrationInSubFrames, arguments: additionalArguments },
  }
}

/** Electron gives a page that a page opened the session of its opener, and no preload that main does not name. */
function openChild(opener: StandInWindow, options: BrowserWindowConstructorOptions): number {
  adoptsNext = true
  try {
    const partition = opener.webContents.session.key
    const shared: WebPreferences = partition === '' ? {} : { partition }
    const child = new StandInWindow({ ...options, webPreferences: { ...options.webPreferences, ...shared } })
    opener.webContents.emit('did-create-window', child, { url: '', options })
    return child.id
  } finally {
    adoptsNext = false
  }
}

function windowOf(id: number): StandInWindow {
  const window = windows.get(id)
  if (window === undefined) throw new Error(`there is no window ${String(id)}`)
  return window
}

contribute('windows', () => [...windows.values()].map((window) => window.recorded()))
host.answer('control.close-window', async ({ window }) => {
  await windowOf(window).closeByApp()
})
host.answer('control.focus-window', ({ window, focused }) =>
  focused ? windowOf(window).focus() : windowOf(window).blur(),
)
