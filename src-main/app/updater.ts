import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { ValueOf } from '../../src-shared/ipc/contract.ts'
import { texts } from './texts.ts'

export type UpdateState = ValueOf<'app.updates'>

/** The part of electron-updater that is used. */
export type UpdateSource = Pick<
  AppUpdater,
  'checkForUpdates' | 'downloadUpdate' | 'quitAndInstall' | 'autoDownload' | 'autoInstallOnAppQuit'
>

export interface UpdaterParts {
  /** Undefined where the program does not update itself: a checkout, or a package of the system. */
  readonly source: UpdateSource | undefined
  readonly isWanted: () => boolean
  readonly hasOperations: () => boolean
  readonly ask: (options: MessageBoxOptions) => Promise<Pick<MessageBoxReturnValue, 'response'>>
  /** Ends the engine safely before the program is replaced. */
  readonly prepareToLeave: () => Promise<void>
  readonly after: (milliseconds: number, call: () => void) => () => void
  readonly onState: (state: UpdateState) => void
  readonly log: (sentence: string) => void
}

const DAY = 86_400_000
/** The start of the machine is busy enough. */
const FIRST = 5 * 60_000

/** Looks for a new version once a day, fetches it while nothing runs, and asks before it starts again with it. */
export class Updater {
  readonly #parts: UpdaterParts
  #state: UpdateState
  #wantsDownload = false
  #asked: string | undefined

  constructor(parts: UpdaterParts) {
    this.#parts = parts
    this.#state = { state: parts.source === undefined ? 'unavailable' : 'idle', version: null }
    if (parts.source === undefined) return
    parts.source.autoDownload = false
    parts.source.autoInstallOnAppQuit = false
  }

  get state(): UpdateState {
    return this.#state
  }

  start(): void {
    if (this.#parts.source !== undefined) this.#checkIn(FIRST)
  }

  async check(): Promise<UpdateState> {
    const { source, log } = this.#parts
    if (source === undefined || this.#state.state === 'checking' || this.#state.state === 'ready') return this.#state
    this.#become({ state: 'checking', version: null })
    try {
      const found = await source.checkForUpdates()
      if (found?.isUpdateAvailable !== true) this.#become({ state: 'idle', version: null })
      else await this.#download(found.updateInfo.version)
    } catch (error) {
      log(`looking for an update failed: ${error instanceof Error ? error.name : 'unknown'}`)
      this.#become({ state: 'failed', version: null })
    }
    return this.#state
  }

  /** An operation has begun or ended. */
  async operationsChanged(): Promise<void> {
    if (this.#parts.hasOperations() || this.#state.state !== 'waiting-for-run') return
    const { version } = this.#state
    if (version === null) return
    if (this.#wantsDownload) await this.#downloadSafely(version)
    else await this.#offer(version)
  }

  /** Starts again with the new version, unless something runs: then it waits for that. */
  async install(): Promise<void> {
    const { source, hasOperations, prepareToLeave } = this.#parts
    if (source === undefined || (this.#state.state !== 'ready' && this.#state.state !== 'waiting-for-run')) return
    if (this.#wantsDownload) return
    if (hasOperations()) {
      this.#become({ ...this.#state, state: 'waiting-for-run' })
      return
    }
    await prepareToLeave()
    source.quitAndInstall(false, true)
  }

  async #downloadSafely(version: string): Promise<void> {
    await this.#download(version).catch(() => {
      this.#become({ state: 'failed', version: null })
    })
  }

  async #download(version: string): Promise<void> {
    const { source, hasOperations } = this.#parts
    if (source === undefined) return
    this.#wantsDownload = hasOperations()
    if (this.#wantsDownload) {
      this.#become({ state: 'waiting-for-run', version })
      return
    }
    await source.downloadUpdate()
    this.#become({ state: 'ready', version })
    if (this.#asked !== version) await this.#offer(version)
  }

  async #offer(version: string): Promise<void> {
    this.#asked = version
    if (this.#parts.hasOperations()) {
      this.#become({ state: 'waiting-for-run', version })
      return
    }
    this.#become({ state: 'ready', version })
    const { response } = await this.#parts.ask(question(version))
    if (response === 0) await this.install()
  }

  #checkIn(milliseconds: number): void {
    this.#parts.after(milliseconds, () => {
      this.#checkIn(DAY)
      if (this.#parts.isWanted()) void this.check()
    })
  }

  #become(state: UpdateState): void {
    this.#state = state
    this.#parts.onState(state)
  }
}

function question(version: string): MessageBoxOptions {
  return {
    type: 'question',
    title: texts.name,
    message: texts.update.message(version),
    detail: texts.update.detail,
    buttons: [texts.update.install, texts.update.later],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  }
}
