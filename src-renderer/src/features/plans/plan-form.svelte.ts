import type { PlanDraft } from '../../../../src-shared/ipc/index.ts'
import { call } from '../../lib/api.ts'
import { rootKinds } from '../../lib/data.ts'
import { draftOf, entriesOf, newSource, type PlanEntries, type SourceEntry } from './plan-entries.ts'
import { problemsOf, type Problems } from './plan-problems.ts'

/** A plan while it is changed. */
export class PlanForm {
  /** Null: a new one. */
  readonly id: string | null
  /** As it is saved; null for a new one. */
  readonly saved: PlanEntries | null
  readonly #before: string
  #entries: PlanEntries
  #showsProblems = $state(false)
  readonly #problems = $derived.by(() => problemsOf(this.#entries))
  readonly #isChanged = $derived.by(() => JSON.stringify(this.#entries) !== this.#before)

  constructor(id: string | null, entries: PlanEntries) {
    this.id = id
    this.saved = id === null ? null : entries
    this.#entries = $state.raw(entries)
    this.#before = JSON.stringify(entries)
  }

  /** Of a plan that there is. Rejects with an ApiFailure. */
  static async load(plan: string): Promise<PlanForm> {
    return new PlanForm(plan, entriesOf(await call('plans.get', { plan })))
  }

  get entries(): PlanEntries {
    return this.#entries
  }

  get isChanged(): boolean {
    return this.#isChanged
  }

  /** By entry, once somebody wanted to save. */
  get problems(): Problems {
    return this.#showsProblems ? this.#problems : {}
  }

  change(entries: Partial<PlanEntries>): void {
    this.#entries = { ...this.#entries, ...entries }
  }

  changeSource(key: number, entry: Partial<SourceEntry>): void {
    this.change({ sources: this.#entries.sources.map((one) => (one.key === key ? { ...one, ...entry } : one)) })
  }

  /** One more, which reads with the account of the last one. */
  addSource(): void {
    const { sources } = this.#entries
    const key = Math.max(...sources.map((one) => one.key)) + 1
    const { account = '', kinds = rootKinds } = sources.at(-1) ?? {}
    this.change({ sources: [...sources, newSource(account, kinds, key)] })
  }

  removeSource(key: number): void {
    this.change({ sources: this.#entries.sources.filter((one) => one.key !== key) })
  }

  /** What can be saved; null if something is wrong, which `problems` tells from now on. */
  draft(): PlanDraft | null {
    this.#showsProblems = true
    return Object.keys(this.#problems).length === 0 ? draftOf(this.id, this.#entries) : null
  }
}
