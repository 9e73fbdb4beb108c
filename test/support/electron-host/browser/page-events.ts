import type { CDPSession, Page, Request } from 'playwright-core'
import type { PageEvent } from '../link/messages.ts'

/** What a page asks for when it wants a new window. */
export interface Opening {
  readonly url: string
  readonly windowName: string
  readonly windowFeatures: readonly string[]
}

export interface PageListener {
  readonly tell: (event: PageEvent) => void
  readonly opening: (opening: Opening) => void
}

/** Tells what happens in a page in the order in which Chromium tells it. `mainFrame` is Chromium's name of its frame. */
export async function tellPageEvents(
  page: Page,
  cdp: CDPSession,
  mainFrame: string,
  { tell, opening }: PageListener,
): Promise<void> {
  let status = 200
  page.on('response', (response) => {
    if (isOfMainFrame(page, response.request())) status = response.status()
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'net::ERR_FAILED'
    if (isOfMainFrame(page, request)) tell({ type: 'failed', url: request.url(), reason })
  })
  page.on('console', (message) => tell({ type: 'console', level: message.type(), text: message.text() }))
  page.on('crash', () => tell({ type: 'crashed' }))
  page.on('close', () => tell({ type: 'closed' }))
  cdp.on('Page.frameNavigated', ({ frame }) => {
    if (frame.parentId === undefined) tell({ type: 'navigated', url: frame.url + (frame.urlFragment ?? ''), status })
  })
  cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId === mainFrame) tell({ type: 'navigated-in-page', url })
  })
  cdp.on('Page.frameRequestedNavigation', ({ url }) => {
    if (!/^(https?|about|data|blob|file):/.test(url)) tell({ type: 'external-navigation', url })
  })
  cdp.on('Page.domContentEventFired', () => tell({ type: 'dom-ready' }))
  cdp.on('Page.loadEventFired', () => tell({ type: 'loaded' }))
  cdp.on('Page.windowOpen', opening)
  await cdp.send('Page.enable')
  await watchTitle(cdp, (title) => tell({ type: 'title', title }))
}

const titleBinding = 'electronStandInTitle'

/** In a world of its own beside the page's scripts, which see nothing of it. */
const titleScript = `if (self === top) addEventListener('DOMContentLoaded', () => {
  let told = ''
  const tell = () => { if (document.title !== told) ${titleBinding}(told = document.title) }
  new MutationObserver(tell).observe(document.head, { subtree: true, childList: true, characterData: true })
  tell()
})`

async function watchTitle(cdp: CDPSession, onTitle: (title: string) => void): Promise<void> {
  const world = 'electron-stand-in'
  cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === titleBinding) onTitle(payload)
  })
  await cdp.send('Runtime.enable')
  await cdp.send('Runtime.addBinding', { name: titleBinding, executionContextName: world })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: titleScript, worldName: world })
}

function isOfMainFrame(page: Page, request: Request): boolean {
  return request.isNavigationRequest() && request.frame() === page.mainFrame()
}
