import type { ControlMethods } from '../control/methods.ts'
import type { Recorded } from '../control/recorded.ts'
import type { Bounds, Switch } from '../control/shapes.ts'

/** A session of the app: a browser context. The name of a partition, or '' for the default session. */
export type SessionKey = string

export interface WindowSpec {
  readonly window: number
  readonly session: SessionKey
  readonly bounds: Bounds
  readonly preload: PreloadSpec | undefined
  /** The page is one that a page opened (`window.open`), not a new one. */
  readonly adopts: boolean
  /** Schemes that the app answers itself: their addresses stand for others in Chromium. */
  readonly schemes: readonly string[]
}

export interface PreloadSpec {
  readonly file: string
  readonly inSubframes: boolean
  readonly arguments: readonly string[]
}

/** A frame, as the browser names it. Addresses are Chromium's, not the app's. */
export interface FrameInfo {
  readonly id: number
  readonly url: string
  readonly origin: string
  readonly name: string
  readonly parent: FrameInfo | undefined
}

export interface PageMessage {
  readonly window: number
  readonly frame: FrameInfo
  readonly kind: 'invoke' | 'send'
  readonly channel: string
  /** The arguments, encoded (clone-codec). */
  readonly args: string
}

export type Headers = Readonly<Record<string, string>>

export interface PageRequest {
  readonly session: SessionKey
  /** The window whose page asks; none for the first request of a page that a page opened. */
  readonly window: number | undefined
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
  /** Chromium's word: Document, Script, Image, Fetch ... */
  readonly resourceType: string
  readonly mainFrame: boolean
  /** A page navigates by itself: main may prevent it. */
  readonly byPage: boolean
  /** The address that sent the browser on to this one. */
  readonly redirectedFrom: string | undefined
}

export type RequestDecision =
  | {
      readonly do: 'continue'
      readonly headers?: Headers
      readonly url?: string
      /** The app wants to see the headers of the response (`page.headers`). */
      readonly watchHeaders?: boolean
    }
  | { readonly do: 'fail'; readonly why: 'Aborted' | 'BlockedByClient' | 'Failed' }
  | { readonly do: 'answer'; readonly answer: PageAnswer }

export interface PageAnswer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Uint8Array
}

/** Headers as they travel: a name may come more than once. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

export interface WindowOpening {
  readonly opener: number
  readonly url: string
  readonly frameName: string
  readonly features: readonly string[]
}

export type PageEvent =
  | { readonly type: 'navigated'; readonly url: string; readonly status: number }
  | { readonly type: 'navigated-in-page'; readonly url: string }
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'dom-ready' | 'loaded' | 'crashed' | 'closed' }
  | { readonly type: 'external-navigation'; readonly url: string }
  | { readonly type: 'failed'; readonly url: string; readonly reason: string }
  | { readonly type: 'console'; readonly level: string; readonly text: string }

/** What the app's process asks of the process that owns the browser. */
export interface HostMethods {
  'browser.start': (params: { readonly switches: readonly Switch[] }) => { readonly version: string }
  'window.open': (params: WindowSpec) => void
  'window.load': (params: { readonly window: number; readonly url: string; readonly headers: Headers }) => void
  'window.reload': (params: { readonly window: number }) => void
  'window.close': (params: { readonly window: number }) => void
  'window.front': (params: { readonly window: number }) => void
  'window.bounds': (params: { readonly window: number; readonly bounds: Bounds }) => void
  'window.evaluate': (params: { readonly window: number; readonly code: string }) => string
  'window.css': (params: { readonly window: number; readonly css: string }) => void
  'window.zoom': (params: { readonly window: number; readonly factor: number }) => void
  'window.pdf': (params: { readonly window: number; readonly landscape: boolean }) => Uint8Array
  'window.crash': (params: { readonly window: number }) => void
  /** To the preload of a frame (of the main frame, if none is named). */
  'window.post': (params: {
    readonly window: number
    readonly frame: number | undefined
    readonly channel: string
    readonly args: string
  }) => void
  'session.clear': (params: { readonly session: SessionKey }) => void
  'session.cookies': (params: { readonly session: SessionKey; readonly url: string | undefined }) => readonly Cookie[]
  theme: (params: { readonly dark: boolean }) => void
  recorded: (params: Recorded) => void
}

export interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
}

/** What the process that owns the browser, and the test behind it, asks of the app's process. */
export interface AppMethods extends ControlMethods {
  'page.message': (params: PageMessage) => string
  'page.request': (params: PageRequest) => RequestDecision
  /** The headers of a response of the network, as the app wants them. */
  'page.headers': (params: {
    readonly request: PageRequest
    readonly status: number
    readonly headers: HeaderList
  }) => HeaderList
  /** The number of the window that takes the new page in, or nothing: it is refused. */
  'page.open': (params: WindowOpening) => number | undefined
  'page.event': (params: { readonly window: number; readonly event: PageEvent }) => void
}
