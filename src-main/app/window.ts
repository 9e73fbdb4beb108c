import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron'
import type { PreferenceStore } from './preferences.ts'
import { texts } from './texts.ts'
import { openingBounds, smallest } from './window-bounds.ts'

/** The part of a window that is used. */
export type ShownWindow = Pick<
  BrowserWindow,
  | 'show'
  | 'focus'
  | 'hide'
  | 'restore'
  | 'isMinimized'
  | 'isMaximized'
  | 'isDestroyed'
  | 'maximize'
  | 'getNormalBounds'
  | 'on'
  | 'once'
  | 'loadURL'
  | 'webContents'
>

export interface MainWindowParts {
  readonly make: (options: BrowserWindowConstructorOptions) => ShownWindow
  readonly preferences: PreferenceStore
  readonly workAreas: () => readonly Rectangle[]
  readonly preload: string
  readonly icon: string
  readonly page: string
  readonly isPackaged: boolean
  /** Whether a tray icon is there to come back from. */
  readonly hasTray: () => boolean
  readonly isQuitting: () => boolean
  /** Told when the window hides for the first time in this session. */
  readonly onFirstHide: () => void
  /** The window was closed and is not hidden: without a tray icon that is the end. */
  readonly onClosed: () => void
  /** Called with each new window, before its page loads. */
  readonly guard: (window: ShownWindow) => void
}

/** The one window of the program. It is made when it is first shown and lives on, hidden, behind the tray icon. */
export class MainWindow {
  readonly #parts: MainWindowParts
  #window: ShownWindow | undefined
  #ready = false
  #wanted = false
  #hiddenBefore = false

  constructor(parts: MainWindowParts) {
    this.#parts = parts
  }

  get current(): ShownWindow | undefined {
    return this.#window
  }

  /** Brings the window to the front, whatever it was doing. */
  show(): void {
    const window = this.#window ?? this.#open()
    this.#wanted = true
    if (!this.#ready) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  #open(): ShownWindow {
    const { make, preferences, workAreas, guard, page } = this.#parts
    const state = preferences.remembered.window
    const window = make({ ...this.#options(), ...openingBounds(state, workAreas()) })
    this.#window = window
    this.#ready = false
    guard(window)
    window.once('ready-to-show', () => {
      this.#ready = true
      if (state?.maximized === true) window.maximize()
      if (this.#wanted) this.show()
    })
    window.on('close', (event) => {
      this.#closing(event, window)
    })
    window.on('closed', () => {
      this.#window = undefined
      this.#wanted = false
      this.#parts.onClosed()
    })
    void window.loadURL(page)
    return window
  }

  #options(): BrowserWindowConstructorOptions {
    const { preload, icon, isPackaged } = this.#parts
    return {
      title: texts.name,
      icon,
      show: false,
      minWidth: smallest.width,
      minHeight: smallest.height,
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        safeDialogs: true,
        devTools: !isPackaged,
      },
    }
  }

  #closing(event: { preventDefault(): void }, window: ShownWindow): void {
    this.#rememberState(window)
    const { preferences, hasTray, isQuitting, onFirstHide } = this.#parts
    if (isQuitting() || !preferences.preferences.closeToTray || !hasTray()) return
    event.preventDefault()
    this.#wanted = false
    window.hide()
    if (this.#hiddenBefore) return
    this.#hiddenBefore = true
    onFirstHide()
  }

  #rememberState(window: ShownWindow): void {
    const { x, y, width, height } = window.getNormalBounds()
    this.#parts.preferences.remember({ window: { x, y, width, height, maximized: window.isMaximized() } })
  }
}
