// What a test can see of the app beside its pages. All of it is data.
import type { Bounds, Switch } from './shapes.ts'

export interface RecordedImage {
  /** The file it was read from; none for one made from bytes. */
  readonly path: string | undefined
  readonly empty: boolean
  readonly width: number
  readonly height: number
  readonly scaleFactors: readonly number[]
  readonly template: boolean
}

export interface RecordedMenuItem {
  readonly id: string
  readonly label: string
  readonly role: string | undefined
  readonly type: string
  readonly enabled: boolean
  readonly checked: boolean
  readonly visible: boolean
  readonly accelerator: string | undefined
  readonly submenu: readonly RecordedMenuItem[]
}

export interface RecordedTray {
  readonly id: number
  readonly image: RecordedImage
  readonly toolTip: string
  readonly title: string
  readonly menu: readonly RecordedMenuItem[] | undefined
  readonly destroyed: boolean
}

export interface RecordedNotification {
  /** Counts from 0 in the order of `new Notification`. */
  readonly number: number
  readonly title: string
  readonly body: string
  readonly silent: boolean
  readonly urgency: string | undefined
  readonly actions: readonly string[]
  readonly shown: boolean
  readonly closed: boolean
}

export type DialogMethod = 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox' | 'showErrorBox'

export interface RecordedDialog {
  readonly method: DialogMethod
  /** The window that it belongs to. */
  readonly window: number | undefined
  /** Electron's options, as given. */
  readonly options: Readonly<Record<string, unknown>>
  readonly answer: unknown
}

export interface RecordedExternal {
  readonly how: 'openExternal' | 'openPath' | 'showItemInFolder' | 'trashItem'
  readonly target: string
}

export interface RecordedWindow {
  readonly id: number
  readonly title: string
  readonly url: string
  readonly visible: boolean
  readonly focused: boolean
  readonly minimized: boolean
  readonly maximized: boolean
  readonly bounds: Bounds
  /** -1: none. */
  readonly progress: number
  readonly menuBarVisible: boolean
  readonly session: string
  /** Without functions and sessions. */
  readonly webPreferences: Readonly<Record<string, unknown>>
}

export interface RecordedRequest {
  readonly url: string
  readonly session: string
  readonly window: number | undefined
  readonly resourceType: string
  /** By whom it was decided: a scheme's handler answered it, it went to the network, or it was refused. */
  readonly outcome: 'answered' | 'network' | 'refused'
}

export interface RecordedHost {
  readonly number: number
  readonly pid: number | undefined
  readonly serviceName: string
  readonly modulePath: string
  readonly running: boolean
}

export interface RecordedApp {
  readonly ready: boolean
  readonly name: string
  readonly userModelId: string | undefined
  readonly sandboxed: boolean
  readonly singleInstance: boolean
  readonly loginItem: Readonly<Record<string, unknown>> | undefined
  readonly relaunches: readonly Readonly<Record<string, unknown>>[]
  readonly switches: readonly Switch[]
  readonly badge: number
}

export interface Recorded {
  readonly app: RecordedApp
  readonly windows: readonly RecordedWindow[]
  readonly trays: readonly RecordedTray[]
  readonly applicationMenu: readonly RecordedMenuItem[] | undefined
  readonly notifications: readonly RecordedNotification[]
  readonly dialogs: readonly RecordedDialog[]
  readonly external: readonly RecordedExternal[]
  /** What a page of a window wanted to open in a new window, and whether it could. */
  readonly opened: readonly { readonly url: string; readonly allowed: boolean }[]
  /** Navigations that pages wanted by themselves. */
  readonly navigations: readonly { readonly url: string; readonly allowed: boolean }[]
  readonly clipboard: string
  readonly powerSaveBlockers: readonly { readonly id: number; readonly type: string }[]
  readonly theme: { readonly source: 'system' | 'light' | 'dark'; readonly dark: boolean }
  /** What `crashReporter.start` was given. */
  readonly crashReporter: Readonly<Record<string, unknown>> | undefined
  readonly privilegedSchemes: readonly Readonly<Record<string, unknown>>[]
  /** Utility processes. */
  readonly hosts: readonly RecordedHost[]
}
