import type { AccountRow } from '../../../../src-shared/ipc/index.ts'
import { call } from '../../lib/api.ts'
import type { Suggestion } from './suggestion.ts'
import { answersOf, draftOf, firstAnswers, planOf, stepOf, steps, type Answers, type Step } from './answers.ts'
import { firstOpenStep, problemOf } from './step-problems.ts'

/** The wizard from its first question to the run that it starts. What it is told is kept at every step. */
export class Wizard {
  #answers = $state.raw<Answers>(firstAnswers)
  #step = $state<Step>('sign-in')
  #accounts = $state.raw<readonly AccountRow[]>([])
  #isReady = $state(false)
  #problem = $state<string>()
  #keepFailure = $state.raw<unknown>(null)
  #operation = $state<string | null>(null)
  #plan = $state<string | null>(null)
  #furthest = $state(0)
  /** Typed or suggested; only here, for as long as the window shows the wizard. */
  passphrase = $state('')
  /** The last one that was suggested; likewise. */
  suggestion = $state.raw<Suggestion | null>(null)
  readonly #account = $derived(this.#accounts.find(({ name }) => name === this.#answers.account))

  get answers(): Answers {
    return this.#answers
  }

  get step(): Step {
    return this.#step
  }

  get accounts(): readonly AccountRow[] {
    return this.#accounts
  }

  get account(): AccountRow | undefined {
    return this.#account
  }

  get isApplication(): boolean {
    return this.#account?.kind === 'application'
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** Why there is no going on from this step. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** The answers could not be kept. */
  get keepFailure(): unknown {
    return this.#keepFailure
  }

  /** The first run. */
  get operation(): string | null {
    return this.#operation
  }

  get plan(): string | null {
    return this.#plan
  }

  /** Goes on where it was left, as far as that still holds. Rejects with an ApiFailure. */
  async begin(): Promise<void> {
    const [{ draft }, accounts] = await Promise.all([call('wizard.draft', {}), call('accounts.list', {})])
    this.#accounts = accounts
    if (draft !== null) this.#resume(answersOf(draft), stepOf(draft))
    else if (accounts[0] !== undefined) this.useAccount(accounts[0].name)
    this.#isReady = true
  }

  #resume(answers: Answers, step: Step): void {
    const isThere = this.#accounts.some(({ name }) => name === answers.account)
    this.#answers = isThere ? answers : { ...answers, account: null }
    const open = firstOpenStep(this.#answers, this.isApplication)
    this.#show(steps.indexOf(open) < steps.indexOf(step) ? open : step)
  }

  change(answers: Partial<Answers>): void {
    this.#answers = { ...this.#answers, ...answers }
    this.#problem = undefined
  }

  /** Takes an account that has just signed in, and goes on. */
  async signedIn(account: AccountRow): Promise<void> {
    this.#accounts = [...this.#accounts.filter(({ name }) => name !== account.name), account]
    this.useAccount(account.name)
    await this.next()
  }

  /** Another account sees other things: what was chosen by the one before does not hold. */
  useAccount(name: string): void {
    if (name === this.#answers.account) return
    const { scope, kinds, roots, types } = firstAnswers
    this.change({ account: name, scope, kinds, roots, types })
  }

  say(problem: string | undefined): void {
    this.#problem = problem
  }

  stateOf(step: Step): 'done' | 'current' | 'todo' {
    if (step === this.#step) return 'current'
    // What nobody has seen yet is not done, though its proposals would do.
    const reached = Math.min(this.#furthest, steps.indexOf(firstOpenStep(this.#answers, this.isApplication)))
    return steps.indexOf(step) <= reached ? 'done' : 'todo'
  }

  #show(step: Step): void {
    this.#step = step
    this.#furthest = Math.max(this.#furthest, steps.indexOf(step))
  }

  async next(): Promise<void> {
    this.#problem = problemOf(this.#step, this.#answers, this.isApplication)
    const following = steps[steps.indexOf(this.#step) + 1]
    if (this.#problem === undefined && following !== undefined) await this.go(following)
  }

  async back(): Promise<void> {
    const before = steps[steps.indexOf(this.#step) - 1]
    if (before !== undefined) await this.go(before)
  }

  async go(step: Step): Promise<void> {
    this.#problem = undefined
    this.#show(step)
    await this.keep(false)
  }

  /** Keeps the answers for later. */
  async keep(left: boolean): Promise<void> {
    try {
      await call('wizard.saveDraft', { draft: draftOf(this.#step, this.#answers, left) })
      this.#keepFailure = null
    } catch (cause) {
      this.#keepFailure = cause
    }
  }

  /** Saves the plan, runs it, and forgets the answers. Rejects with an ApiFailure; then it can be called again. */
  async start(): Promise<void> {
    this.#problem = problemOf('summary', this.#answers, this.isApplication)
    const draft = planOf(this.#answers, this.isApplication)
    if (this.#problem !== undefined || draft === null) return
    // A second try changes the plan of the first one.
    const { plan } = await call('plans.save', { ...draft, id: this.#plan })
    this.#plan = plan
    await this.run()
    await this.#forget()
  }

  /** Runs the plan that was saved. Rejects with an ApiFailure. */
  async run(): Promise<void> {
    if (this.#plan === null) return
    const { operation } = await call('plans.run', { plan: this.#plan })
    this.#operation = operation
  }

  async #forget(): Promise<void> {
    this.passphrase = ''
    this.suggestion = null
    try {
      await call('wizard.saveDraft', { draft: null })
    } catch (cause) {
      this.#keepFailure = cause
    }
  }
}
