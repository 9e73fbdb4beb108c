import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions } from 'electron'
import { expect, it } from 'vitest'
import { MainWindow, type ShownWindow } from '../../../src-main/app/window.ts'
import { memoryPreferences } from './memory-preferences.ts'

class FakeWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions
  readonly calls: string[] = []
  minimized = false
  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
  }
  isMinimized(): boolean {
    return this.minimized
  }
  isMaximized(): boolean {
    return this.calls.includes('maximize')
  }
  getNormalBounds(): object {
    return { x: 10, y: 20, width: 1000, height: 700 }
  }
  loadURL(url: string): Promise<void> {
    this.calls.push(url)
    return Promise.resolve()
  }
  show(): void {
    this.calls.push('show')
  }
  focus(): void {
    this.calls.push('focus')
  }
  hide(): void {
    this.calls.push('hide')
  }
  restore(): void {
    this.calls.push('restore')
  }
  maximize(): void {
    this.calls.push('maximize')
  }
  /** As a person does; tells whether it closed. */
  close(): boolean {
    const event = { stopped: false, preventDefault: () => (event.stopped = true) }
    this.emit('close', event)
    if (!event.stopped) this.emit('closed')
    return !event.stopped
  }
}

function scene({ tray = true } = {}) {
  const { store } = memoryPreferences()
  const made: FakeWindow[] = []
  const told: string[] = []
  const world = { quitting: false }
  const main = new MainWindow({
    make: (options) => {
      const window = new FakeWindow(options)
      made.push(window)
      return window as unknown as ShownWindow
    },
    preferences: store,
    workAreas: () => [{ x: 0, y: 0, width: 1920, height: 1080 }],
    preload: '/preload.cjs',
    icon: '/icon.png',
    page: 'app://holdfast/index.html',
    isPackaged: true,
    hasTray: () => tray,
    isQuitting: () => world.quitting,
    onFirstHide: () => told.push('hidden'),
    onClosed: () => told.push('closed'),
    guard: () => told.push('guarded'),
  })
  const window = (): FakeWindow => {
    const last = made.at(-1)
    if (last === undefined) throw new Error('no window was made')
    return last
  }
  return { main, window, made, told, store, world }
}

it('is made shut in: no Node, no tools, guarded before its page loads', () => {
  const { main, window, told } = scene()
  main.show()
  expect(window().options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    devTools: false,
    preload: '/preload.cjs',
  })
  expect(window().options).toMatchObject({ show: false, minWidth: 880, minHeight: 600 })
  expect(told).toEqual(['guarded'])
  expect(window().calls).toEqual(['app://holdfast/index.html'])
})

it('shows when its page is ready, and comes to the front when it is asked for again', () => {
  const { main, window, made } = scene()
  main.show()
  main.show()
  expect(window().calls).not.toContain('show')
  window().emit('ready-to-show')
  expect(window().calls.slice(1)).toEqual(['show', 'focus'])
  window().minimized = true
  main.show()
  expect(window().calls.slice(3)).toEqual(['restore', 'show', 'focus'])
  expect(made).toHaveLength(1)
})

it('hides behind the tray icon, says so once, and keeps where it was', () => {
  const { main, window, told, store } = scene()
  main.show()
  window().emit('ready-to-show')
  expect(window().close()).toBe(false)
  expect(window().close()).toBe(false)
  expect(told).toEqual(['guarded', 'hidden'])
  expect(store.remembered.window).toEqual({ x: 10, y: 20, width: 1000, height: 700, maximized: false })
  main.show()
  expect(window().calls.slice(-2)).toEqual(['show', 'focus'])
})

it('closes if people want that, if there is no tray, or when the program ends', () => {
  const one = scene()
  one.main.show()
  one.store.choose({ closeToTray: false })
  expect(one.window().close()).toBe(true)
  expect(one.told).toContain('closed')
  one.main.show()
  expect(one.made).toHaveLength(2)
  const two = scene({ tray: false })
  two.main.show()
  expect(two.window().close()).toBe(true)
  const three = scene()
  three.main.show()
  three.world.quitting = true
  expect(three.window().close()).toBe(true)
})

it('opens maximized if it was', () => {
  const { main, window, store } = scene()
  store.remember({ window: { x: 10, y: 20, width: 1000, height: 700, maximized: true } })
  main.show()
  window().emit('ready-to-show')
  expect(window().calls.slice(1)).toEqual(['maximize', 'show', 'focus'])
  expect(window().options).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 })
})
