import type { Page } from 'playwright-core'
import type { DialogAnswer, PermissionAnswer, PermissionQuestion, PowerEvent } from './control/methods.ts'
import type { Recorded, RecordedRequest } from './control/recorded.ts'

export interface LaunchOptions {
  /** The folder of the app's own data (`userData`). Whoever gives it removes it. */
  readonly profile: string
  /** The built main process; the app's own if none is named. */
  readonly main?: string
  /** What follows the app on the command line; switches of Chromium (`--host-resolver-rules=...`) reach it. */
  readonly args?: readonly string[]
  /** Added to this process' environment. */
  readonly env?: Readonly<Record<string, string>>
  /** What the system prefers; light if nothing is said. */
  readonly theme?: 'light' | 'dark'
  /** en-US if nothing is said. */
  readonly locale?: string
  /** What the app prints is printed here too. */
  readonly echo?: boolean
}

export interface AppExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Drives an app that runs, on whichever host. Waiting never polls: it ends when the app tells that something changed. */
export interface AppDriver {
  /** 'electron 45.x', or 'stand-in on Chromium 1xx'. */
  readonly hostName: string
  /** Of the main process. */
  readonly pid: number
  /** Resolves when the main process has ended. */
  readonly exited: Promise<AppExit>
  /** What the main process has printed, and its utility processes. */
  readonly output: string

  /** The pages of the windows, in the order in which the app opened them. */
  pages(): readonly Page[]
  /** The address of a page as the app knows it (`app://...`). */
  urlOf(page: Page): string
  /** The number of the window (`BrowserWindow.id`) of a page. */
  windowOf(page: Page): number
  /** Waits for a window that has loaded a page; `matches` sees its address as the app knows it. */
  waitForWindow(matches?: (url: string, page: Page) => boolean): Promise<Page>
  /** As a person reloads: the app's `will-navigate` is not asked. */
  reload(page: Page): Promise<void>
  /** As a person closes a window: the app may refuse. */
  closeWindow(page: Page): Promise<void>
  crashPage(page: Page): Promise<void>

  recorded(): Promise<Recorded>
  /** Waits until what is recorded satisfies `predicate`, and gives it. Rejects if the app ends before. */
  waitForRecord(predicate: (recorded: Recorded) => boolean): Promise<Recorded>
  /** All that the app has sent to the preloads of its pages, oldest first: its answers and its messages, as JSON. */
  sentToPages(): Promise<readonly string[]>
  /** Every request that a page has made. */
  requests(): Promise<readonly RecordedRequest[]>

  clickTray(event?: 'click' | 'double-click' | 'right-click'): Promise<void>
  /** `path`: labels, or ids, from the top. */
  clickTrayMenu(...path: readonly string[]): Promise<void>
  clickMenu(...path: readonly string[]): Promise<void>
  /** `number` counts from 0 in the order of `new Notification`. */
  clickNotification(number: number): Promise<void>
  closeNotification(number: number): Promise<void>
  chooseNotificationAction(number: number, action: number): Promise<void>
  /** Lies ready for the next dialog; a dialog without an answer is cancelled. */
  answerDialog(answer: DialogAnswer): Promise<void>
  emitPower(event: PowerEvent): Promise<void>
  /** What the system prefers from now on. */
  setTheme(theme: 'light' | 'dark'): Promise<void>
  setOnline(online: boolean): Promise<void>
  setFocus(page: Page, focused: boolean): Promise<void>
  /** What the app would decide if a page asked. */
  askPermission(question: PermissionQuestion): Promise<PermissionAnswer>
  /** Whether the app refuses a `<webview>` that a page attaches. */
  attachWebview(page: Page, src: string): Promise<{ readonly refused: boolean }>
  /** macOS: the dock icon was clicked. */
  activate(): Promise<void>
  /** kill -9 of the utility process that was started last; resolves once the app has been told. */
  crashHost(): Promise<void>

  /** Asks the app to quit, and waits until it has. */
  close(): Promise<AppExit>
  /** kill -9 of the main process. */
  kill(): Promise<AppExit>
}
