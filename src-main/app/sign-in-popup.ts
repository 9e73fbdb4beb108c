import { randomUUID } from 'node:crypto'
import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron'
import type { Answer, SignInPage } from '../engine-host/client.ts'
import { texts } from './texts.ts'

export type PopupWindow = Pick<BrowserWindow, 'on' | 'once' | 'show' | 'focus' | 'destroy' | 'loadURL' | 'webContents'>

export interface SignInPopupParts {
  readonly make: (options: BrowserWindowConstructorOptions) => PopupWindow
  /** The session of a partition that lives in memory only; permissions and downloads are already denied. */
  readonly sessionOf: (partition: string) => Session
  /** Plain http of this machine too: for tests in a program that is not packaged. */
  readonly allowLoopback: boolean
}

/**
 * Signs a person in in a window of its own: a session in memory that nobody else has and that goes with it, no preload,
 * only secure pages. The window never visits `redirectUri`: it closes when the page is about to.
 */
export function createSignInPopup(parts: SignInPopupParts): (page: SignInPage, signal: AbortSignal) => Promise<Answer> {
  return async (page, signal) => {
    const back = backAddress(page)
    if (back === undefined || !mayVisit(page.url, parts.allowLoopback) || signal.aborted) return { outcome: 'refused' }
    const partition = `sign-in-${randomUUID()}`
    const session = parts.sessionOf(partition)
    const window = parts.make(popupOptions(session))
    try {
      return await answerOf(window, page, back, parts.allowLoopback, signal)
    } finally {
      window.destroy()
      await session.clearStorageData()
    }
  }
}

function popupOptions(session: Session): BrowserWindowConstructorOptions {
  return {
    title: texts.signIn.title,
    width: 520,
    height: 680,
    show: false,
    autoHideMenuBar: true,
    minimizable: false,
    fullscreenable: false,
    webPreferences: {
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    },
  }
}

type Back = (address: string) => boolean

function answerOf(
  window: PopupWindow,
  page: SignInPage,
  isBack: Back,
  allowLoopback: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const withdraw = (): void => {
      resolve({ outcome: 'closed' })
    }
    signal.addEventListener('abort', withdraw, { once: true })
    const navigating = (event: {
      readonly url: string
      readonly isMainFrame: boolean
      preventDefault(): void
    }): void => {
      if (isBack(event.url)) {
        event.preventDefault()
        if (event.isMainFrame) resolve({ outcome: 'back', url: event.url })
      } else if (!mayVisit(event.url, allowLoopback)) event.preventDefault()
    }
    window.webContents.on('will-navigate', navigating)
    window.webContents.on('will-redirect', navigating)
    window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
    window.once('ready-to-show', () => {
      window.show()
      window.focus()
    })
    window.on('closed', () => {
      signal.removeEventListener('abort', withdraw)
      resolve({ outcome: 'closed' })
    })
    // What does not load shows its own page of error in the window; whoever sits there closes it.
    window.loadURL(page.url).catch(() => undefined)
  })
}

/** Tells the way back from other pages: the redirect address itself, with the `state` that the page was opened with. */
function backAddress({ url, redirectUri }: SignInPage): Back | undefined {
  if (!URL.canParse(url) || !URL.canParse(redirectUri)) return undefined
  const redirect = new URL(redirectUri)
  const state = new URL(url).searchParams.get('state')
  return (address) => {
    if (!URL.canParse(address)) return false
    const visited = new URL(address)
    const isThere = visited.origin === redirect.origin && visited.pathname === redirect.pathname
    const { searchParams } = visited
    return isThere && searchParams.get('state') === state && (searchParams.has('code') || searchParams.has('error'))
  }
}

function mayVisit(address: string, allowLoopback: boolean): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  if (protocol === 'https:' || address === 'about:blank') return true
  return allowLoopback && protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}
