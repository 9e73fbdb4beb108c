import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron'
import { texts } from './texts.ts'

export interface QuitParts {
  readonly hasOperations: () => boolean
  readonly ask: (options: MessageBoxOptions) => Promise<Pick<MessageBoxReturnValue, 'response'>>
  /** Starts nothing more by the schedule. */
  readonly stopSchedule: () => void
  readonly resumeSchedule: () => void
  /** Ends what is under way safely; resolves when it has ended, or when the engine does not answer. */
  readonly stopOperations: () => Promise<void>
  /** Ends the program, past all questions. */
  readonly exit: () => void
  readonly after: (milliseconds: number, call: () => void) => () => void
}

/** A run that does not end by then is cut off; the repository is made for that. */
const PATIENCE = 60_000

type Stage = 'running' | 'asking' | 'waiting' | 'leaving'

/** Leaves without harming a run: it is waited for, or stopped, as the person says. */
export class Quitting {
  readonly #parts: QuitParts
  #stage: Stage = 'running'

  constructor(parts: QuitParts) {
    this.#parts = parts
  }

  /** Whether windows may close for good. */
  get isLeaving(): boolean {
    return this.#stage === 'leaving'
  }

  /** Somebody wants to quit. Asks first if something is under way. */
  async quit(): Promise<void> {
    if (this.#stage === 'asking' || this.#stage === 'leaving') return
    if (!this.#parts.hasOperations()) {
      await this.leave()
      return
    }
    this.#stage = 'asking'
    const { response } = await this.#parts.ask(question)
    if (response === 1) await this.leave()
    else if (response === 0) this.#wait()
    else this.#stayOn()
  }

  /** An operation has ended: a quit that waited for it goes on. */
  operationsChanged(): void {
    if (this.#stage === 'waiting' && !this.#parts.hasOperations()) void this.leave()
  }

  /** Without asking: the machine shuts down, or somebody has answered. */
  async leave(): Promise<void> {
    if (this.#stage === 'leaving') return
    await this.prepare()
    this.#parts.exit()
  }

  /** Ends what is under way; the program may be ended by somebody else then (the installer of an update). */
  async prepare(): Promise<void> {
    this.#stage = 'leaving'
    this.#parts.stopSchedule()
    let cancel = (): void => undefined
    const patience = new Promise<void>((resolve) => {
      cancel = this.#parts.after(PATIENCE, resolve)
    })
    await Promise.race([this.#parts.stopOperations(), patience])
    cancel()
  }

  #wait(): void {
    this.#stage = 'waiting'
    this.#parts.stopSchedule()
    this.operationsChanged()
  }

  #stayOn(): void {
    this.#stage = 'running'
    this.#parts.resumeSchedule()
  }
}

const question: MessageBoxOptions = {
  type: 'question',
  title: texts.name,
  message: texts.quit.message,
  detail: texts.quit.detail,
  buttons: [texts.quit.wait, texts.quit.stop, texts.quit.cancel],
  defaultId: 0,
  cancelId: 2,
  noLink: true,
}
