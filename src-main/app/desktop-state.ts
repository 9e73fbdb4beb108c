import type { Attention, PlanRow } from '../../src-shared/ipc/contract/plans.ts'
import type { IpcError } from '../../src-shared/ipc/errors.ts'
import { errorSentence } from '../../src-shared/text/errors.ts'
import type { HostState } from '../engine-host/client.ts'
import type { HostQuestions } from '../ipc/host-questions.ts'
import { readHostTopic } from '../ipc/host-topics.ts'
import { IpcFailure } from '../ipc/ipc-failure.ts'
import type { KnownPaths } from '../ipc/known-paths.ts'
import type { TopicSender } from '../ipc/topic-sender.ts'
import type { ActivityBoard } from './activity.ts'
import type { Notifier } from './notifications.ts'
import type { PreferenceStore } from './preferences.ts'
import type { Quitting } from './quit.ts'
import type { Scheduler } from './scheduler.ts'
import { texts } from './texts.ts'
import type { Updater } from './updater.ts'

export interface DesktopStateParts {
  readonly now: () => number
  readonly preferences: PreferenceStore
  readonly board: ActivityBoard
  readonly topics: Pick<TopicSender, 'send'>
  readonly paths: Pick<KnownPaths, 'addFrom'>
  readonly questions: HostQuestions
  readonly scheduler: Pick<Scheduler, 'look'>
  readonly notifier: Pick<Notifier, 'say' | 'tell'>
  readonly quitting: Pick<Quitting, 'operationsChanged'>
  readonly updater: Pick<Updater, 'operationsChanged'>
  readonly updateTray: () => void
  /** Sets what starts at login by what there is to back up. */
  readonly applyAutostart: () => void
  readonly log: (sentence: string) => void
}

type DeviceCode = { readonly code: string; readonly url: string } | null

const CRASH_HOLDS = 10 * 60_000

/** What is known of the engine, and who is told when it changes. */
export class DesktopState {
  readonly #parts: DesktopStateParts
  #plans: readonly PlanRow[] = []
  #attention: readonly Attention[] = []
  #deviceCode: DeviceCode = null
  #toldCrash = -Infinity

  constructor(parts: DesktopStateParts) {
    this.#parts = parts
  }

  get plans(): readonly PlanRow[] {
    return this.#plans
  }

  get attention(): readonly Attention[] {
    return this.#attention
  }

  get deviceCode(): DeviceCode {
    return this.#deviceCode
  }

  get hasOperations(): boolean {
    return this.#parts.board.current.operations.length > 0
  }

  /** In whichever process. */
  isRunning(plan: string): boolean {
    if (this.#plans.some(({ id, elsewhere }) => id === plan && elsewhere !== null)) return true
    return this.#parts.board.current.operations.some((operation) => operation.plan === plan)
  }

  /** Asks the engine once more when it is a plan that is not known yet. */
  async planName(id: string): Promise<string | undefined> {
    if (!this.#plans.some((plan) => plan.id === id)) await this.readPlans()
    return this.knownPlanName(id)
  }

  /** The engine is asked: a run that has just ended is not among what is known. */
  async lastRun(plan: string): Promise<string | undefined> {
    await this.readPlans()
    return this.#plans.find(({ id }) => id === plan)?.lastRun?.run
  }

  knownPlanName(id: string): string | undefined {
    return this.#plans.find((plan) => plan.id === id)?.name
  }

  /** A pause until a moment is over when that has come. */
  paused(): boolean | number {
    const { paused } = this.#parts.preferences.remembered
    if (typeof paused !== 'number' || paused > this.#parts.now()) return paused
    this.#notePause(false)
    return false
  }

  setPaused(paused: boolean | number): void {
    this.#notePause(paused)
    void this.#parts.scheduler.look()
  }

  /** For the schedule, which tries again. */
  async runPlan(plan: string): Promise<void> {
    await this.#startPlan(plan)
  }

  /** For a person, who is told if it cannot be: the window may not be there. */
  async backUpNow(plan: string): Promise<void> {
    const refusal = await this.#startPlan(plan)
    if (refusal === undefined) return
    const { notifications } = texts
    const title = notifications.notStarted(this.knownPlanName(plan) ?? notifications.somePlan)
    this.#parts.notifier.say({ title, body: sentenceOf(refusal) }, { view: 'home', plan })
  }

  /** Gives why it could not be. */
  async #startPlan(plan: string): Promise<IpcError | undefined> {
    try {
      await this.#parts.questions.contract('plans.run', { plan })
      return undefined
    } catch (error) {
      this.#parts.log(`a plan could not be started: ${error instanceof Error ? error.message : 'unknown'}`)
      return error instanceof IpcFailure ? error.error : { code: 'internal', params: {}, retry: 'never' }
    }
  }

  engineBecame(state: HostState): void {
    const { board, topics, scheduler } = this.#parts
    board.update({ engine: state })
    if (state === 'running') {
      this.sendLimits()
      void this.readPlans()
      void scheduler.look()
    }
    if (state !== 'crashed') return
    this.#noteDeviceCode(null)
    for (const ended of board.endOperations()) topics.send('operationEnded', ended)
    this.#tellCrash()
    this.#operationsChanged()
  }

  /** One that stops again and again is told once. */
  #tellCrash(): void {
    const { now, preferences, notifier } = this.#parts
    const isNew = now() - this.#toldCrash >= CRASH_HOLDS
    this.#toldCrash = now()
    if (isNew && preferences.preferences.notifications.problems)
      notifier.say(texts.notifications.crashed, { view: 'home' })
  }

  hostTold(topic: string, value: unknown): void {
    const { board, paths, topics, scheduler, notifier } = this.#parts
    const told = readHostTopic(topic, value)
    switch (told?.topic) {
      case 'operations':
        board.update({ operations: told.value })
        this.#operationsChanged()
        return
      case 'operationEnded':
        paths.addFrom(told.value)
        topics.send('operationEnded', told.value)
        void scheduler.look()
        return
      case 'changed':
        topics.send('changed', told.value)
        if (told.value.what.some((what) => what === 'plans' || what === 'runs')) void this.#plansChanged()
        return
      case 'deviceCode':
        this.#noteDeviceCode(told.value)
        return
      case 'attention':
        this.#attention = told.value
        this.#parts.updateTray()
        void notifier.tell(told.value)
        return
      case undefined:
        this.#parts.log('the engine host told something that nobody understands')
    }
  }

  /** Rates that people chose; the engine forgets them when it is started again. */
  sendLimits(): void {
    const { limitUpload, limitDownload } = this.#parts.preferences.preferences
    this.#parts.questions.internal('host.limits', { upload: limitUpload, download: limitDownload }).catch(() => {
      this.#parts.log('the engine did not take the limits of the network')
    })
  }

  async readPlans(): Promise<void> {
    const plans = await this.#parts.questions.contract('plans.list', {}).catch(() => undefined)
    if (plans === undefined) return
    const hadNone = this.#plans.length === 0
    this.#plans = plans
    this.#parts.updateTray()
    if (hadNone !== (plans.length === 0)) this.#parts.applyAutostart()
  }

  async #plansChanged(): Promise<void> {
    await this.readPlans()
    await this.#parts.scheduler.look()
  }

  #notePause(paused: boolean | number): void {
    this.#parts.preferences.remember({ paused })
    this.#parts.board.update({ paused })
  }

  #noteDeviceCode(code: DeviceCode): void {
    if (code === null && this.#deviceCode === null) return
    this.#deviceCode = code
    this.#parts.topics.send('deviceCode', code)
  }

  #operationsChanged(): void {
    this.#parts.quitting.operationsChanged()
    void this.#parts.updater.operationsChanged()
  }
}

function sentenceOf({ code, params }: IpcError): string {
  if (code === 'engine.stopped' || code === 'ipc.refused' || code === 'ipc.malformed')
    return texts.notifications.engineAway
  return errorSentence(code, params)
}
