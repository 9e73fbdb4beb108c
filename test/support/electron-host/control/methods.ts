import type { Recorded, RecordedRequest } from './recorded.ts'

export type PowerEvent = 'suspend' | 'resume' | 'on-battery' | 'on-ac' | 'shutdown' | 'lock-screen' | 'unlock-screen'

/** Electron's answer to a dialog: `{ canceled, filePaths }`, `{ canceled, filePath }` or `{ response, checkboxChecked }`. */
export interface DialogAnswer {
  readonly canceled?: boolean
  readonly filePaths?: readonly string[]
  readonly filePath?: string
  readonly response?: number
  readonly checkboxChecked?: boolean
}

export interface PermissionQuestion {
  /** The window that asks; the first one if none is named. */
  readonly window?: number
  /** Electron's word: notifications, media, geolocation, clipboard-read, openExternal ... */
  readonly permission: string
  readonly origin?: string
}

/** What the app decided. `undefined`: it set no such handler, and Electron would grant. */
export interface PermissionAnswer {
  readonly request: boolean | undefined
  readonly check: boolean | undefined
}

/** What a test can do to the app beside clicking in its pages. */
export interface ControlMethods {
  'control.recorded': (params: undefined) => Recorded
  'control.requests': (params: undefined) => readonly RecordedRequest[]
  'control.tray-click': (params: { readonly event: 'click' | 'double-click' | 'right-click' }) => void
  'control.tray-menu': (params: { readonly path: readonly string[] }) => void
  'control.menu': (params: { readonly path: readonly string[] }) => void
  'control.notification': (params: {
    readonly number: number
    readonly what: 'click' | 'close' | { readonly action: number }
  }) => void
  'control.answer-dialog': (params: DialogAnswer) => void
  'control.power': (params: { readonly event: PowerEvent }) => void
  'control.system-theme': (params: { readonly dark: boolean }) => void
  'control.online': (params: { readonly online: boolean }) => void
  'control.permission': (params: PermissionQuestion) => PermissionAnswer
  'control.attach-webview': (params: { readonly window: number; readonly src: string }) => { readonly refused: boolean }
  'control.close-window': (params: { readonly window: number }) => void
  'control.focus-window': (params: { readonly window: number; readonly focused: boolean }) => void
  'control.activate': (params: undefined) => void
  'control.quit': (params: undefined) => void
}
