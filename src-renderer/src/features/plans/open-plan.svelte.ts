import type { PlanForm } from './plan-form.svelte.ts'

/** The plan that is being changed. It outlasts the page: somebody who looks something up elsewhere finds it again. */
class OpenPlan {
  #form = $state.raw<PlanForm | null>(null)

  get form(): PlanForm | null {
    return this.#form
  }

  get isChanged(): boolean {
    return this.#form?.isChanged === true
  }

  open(form: PlanForm): void {
    this.#form = form
  }

  close(): void {
    this.#form = null
  }
}

export const openPlan = new OpenPlan()
