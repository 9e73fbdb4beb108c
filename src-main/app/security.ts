import type {
  App,
  CallbackResponse,
  Event,
  OnBeforeRequestListenerDetails,
  Session,
  WebContents,
  WebPreferences,
} from 'electron'
import { pageOrigin } from './protocol.ts'

export interface GuardParts {
  /** Address of the development server that serves the page; undefined in what is built. */
  readonly developmentServer: string | undefined
  readonly openAddress: (address: string) => Promise<boolean>
  /** Whether the frame at an address may load images from elsewhere. */
  readonly allowsRemote: (frameAddress: string) => boolean
}

/** What every web contents of the program is held to, the sign-in window's too: it adds to it, never takes away. */
export function guardApp(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event: Event, preferences: WebPreferences) => {
      delete preferences.preload
      event.preventDefault()
    })
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault()
    callback(false)
  })
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault()
    callback()
  })
  app.on('login', (event, _contents, _details, _authentication, callback) => {
    event.preventDefault()
    callback()
  })
}

/** No page of the session gets a permission, a device, a download or a connection; see `mayRequest`. */
export function guardSession(session: Session, parts: GuardParts): void {
  denyPermissions(session)
  session.webRequest.onBeforeRequest((details, callback: (response: CallbackResponse) => void) => {
    callback({ cancel: !mayRequest(details, parts) })
  })
  // Images that a reader let in neither tell who reads nor leave anything behind.
  const elsewhere = { urls: ['https://*/*'] }
  session.webRequest.onBeforeSendHeaders(elsewhere, ({ requestHeaders }, callback) => {
    callback({ requestHeaders: withoutHeaders(requestHeaders, ['cookie', 'referer', 'origin']) })
  })
  session.webRequest.onHeadersReceived(elsewhere, ({ responseHeaders = {} }, callback) => {
    callback({ responseHeaders: withoutHeaders(responseHeaders, ['set-cookie']) })
  })
}

function withoutHeaders<Value>(
  headers: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())))
}

/** Permissions are denied and nothing is downloaded; the sign-in's session is held to it too. */
export function denyPermissions(
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'on'
  >,
): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => {
    callback(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => {
    event.preventDefault()
  })
}

/** The window stays on its page; links of the allowed hosts open in the browser. */
export function guardWindow(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>, parts: GuardParts): void {
  contents.setWindowOpenHandler(({ url }) => {
    void parts.openAddress(url)
    return { action: 'deny' }
  })
  const refuse = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isOwnPage(event.url, parts.developmentServer)) event.preventDefault()
  }
  contents.on('will-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame && !event.url.startsWith('app://preview/')) event.preventDefault()
  })
}

/** Whether an address is the program's own page: the only one that may call main. */
export function isOwnPage(address: string, developmentServer: string | undefined): boolean {
  if (address === pageOrigin || address.startsWith(`${pageOrigin}/`)) return true
  if (developmentServer === undefined || !URL.canParse(address)) return false
  return new URL(address).origin === new URL(developmentServer).origin
}

export type RequestDetails = Pick<OnBeforeRequestListenerDetails, 'url' | 'resourceType'> & {
  readonly frame?: { readonly url: string } | null | undefined
}

/** What a page may load: what is its own, and, for a frame whose reader asked for it, images from the internet. */
export function mayRequest({ url, resourceType, frame }: RequestDetails, parts: GuardParts): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  if (['app:', 'data:', 'blob:'].includes(protocol)) return true
  if (parts.developmentServer !== undefined) {
    const server = new URL(parts.developmentServer)
    if (protocol === 'devtools:' || origin === server.origin || (protocol === 'ws:' && hostname === server.hostname))
      return true
  }
  const isPublicImage = protocol === 'https:' && resourceType === 'image' && isPublicName(hostname)
  return isPublicImage && typeof frame?.url === 'string' && parts.allowsRemote(frame.url)
}

/** A mail must not reach into the reader's own network by an image: neither bare addresses nor names without a dot. */
function isPublicName(hostname: string): boolean {
  const isAddress = /^\d+(\.\d+){3}$/.test(hostname) || hostname.startsWith('[')
  return !isAddress && hostname.includes('.') && !/\.(local|localhost|internal|lan|home\.arpa)$/.test(hostname)
}
