import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type { BrowserWindowConstructorOptions, Session } from 'electron'
import { expect, it } from 'vitest'
import { createSignInPopup, type PopupWindow } from '../../../src-main/app/sign-in-popup.ts'
import type { Answer } from '../../../src-main/engine-host/client.ts'

class FakeWindow extends EventEmitter {
  readonly webContents = Object.assign(new EventEmitter(), { setWindowOpenHandler: () => undefined })
  readonly loaded: string[] = []
  destroyed = false
  shown = false
  loadURL(url: string): Promise<void> {
    this.loaded.push(url)
    return Promise.resolve()
  }
  show(): void {
    this.shown = true
  }
  focus(): void {
    this.shown = true
  }
  destroy(): void {
    this.destroyed = true
  }
  /** Whether the window lets itself be led there. */
  goes(url: string, { isMainFrame = true, name = 'will-navigate' } = {}): boolean {
    let stopped = false
    this.webContents.emit(name, { url, isMainFrame, preventDefault: () => (stopped = true) })
    return !stopped
  }
}

const page = { url: 'https://login.example/authorize?state=s1', redirectUri: 'http://localhost' }

function scene({ allowLoopback = false } = {}) {
  const window = new FakeWindow()
  const partitions: string[] = []
  const cleared: string[] = []
  const made: BrowserWindowConstructorOptions[] = []
  const open = createSignInPopup({
    make: (options) => {
      made.push(options)
      return window as unknown as PopupWindow
    },
    sessionOf: (partition) => {
      partitions.push(partition)
      return { clearStorageData: () => Promise.resolve(void cleared.push(partition)) } as unknown as Session
    },
    allowLoopback,
  })
  const start = (given = page, signal = new AbortController().signal): Promise<Answer> => open(given, signal)
  return { window, partitions, cleared, made, start }
}

it('gives the address that the page comes back to, without visiting it, and leaves nothing behind', async () => {
  const { window, start, partitions, cleared } = scene()
  const answer = start()
  expect(window.loaded).toEqual([page.url])
  expect(window.goes('https://login.example/password')).toBe(true)
  expect(window.goes('http://localhost/?code=c&state=s1', { name: 'will-redirect' })).toBe(false)
  expect(await answer).toEqual({ outcome: 'back', url: 'http://localhost/?code=c&state=s1' })
  expect(window.destroyed).toBe(true)
  expect(cleared).toEqual(partitions)
})

it('gives every sign-in a session of its own that lives in memory, and no preload', async () => {
  const { window, start, partitions, made } = scene()
  const one = start()
  window.emit('closed')
  await one
  const two = start()
  window.emit('closed')
  await two
  expect(new Set(partitions).size).toBe(2)
  expect(partitions.some((partition) => partition.startsWith('persist:'))).toBe(false)
  for (const { webPreferences } of made)
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      devTools: false,
    })
  expect(made.some(({ webPreferences }) => webPreferences !== undefined && 'preload' in webPreferences)).toBe(false)
})

it.each([
  ['another state', 'http://localhost/?code=c&state=other'],
  ['no answer in it', 'http://localhost/?state=s1'],
  ['another path', 'http://localhost/elsewhere?code=c&state=s1'],
  ['another port', 'http://localhost:81/?code=c&state=s1'],
  ['a name that begins like it', 'http://localhost.evil.example/?code=c&state=s1'],
])('is not led astray by %s', async (_what, url) => {
  const { window, start } = scene()
  const answer = start()
  expect(window.goes(url)).toBe(false)
  window.emit('closed')
  expect(await answer).toEqual({ outcome: 'closed' })
})

it('visits only secure pages', async () => {
  const { window, start } = scene()
  const answer = start()
  for (const url of ['http://login.example/', 'file:///etc/passwd', 'http://127.0.0.1:8080/', 'app://holdfast/'])
    expect(window.goes(url), url).toBe(false)
  window.emit('closed')
  await answer
  expect(await scene().start({ ...page, url: 'http://login.example/?state=s1' })).toEqual({ outcome: 'refused' })
  expect(await scene().start({ ...page, url: 'not an address' })).toEqual({ outcome: 'refused' })
})

it('visits pages of this machine where a test allows it', async () => {
  const { window, start } = scene({ allowLoopback: true })
  const answer = start({ ...page, url: 'http://127.0.0.1:4000/authorize?state=s1' })
  expect(window.goes('http://127.0.0.1:4000/next')).toBe(true)
  expect(window.goes('http://192.168.0.1/next')).toBe(false)
  window.emit('closed')
  await answer
})

it('closes when nobody waits for it any more', async () => {
  const { window, start } = scene()
  const controller = new AbortController()
  const answer = start(page, controller.signal)
  await setImmediate()
  controller.abort()
  expect(await answer).toEqual({ outcome: 'closed' })
  expect(window.destroyed).toBe(true)
})
