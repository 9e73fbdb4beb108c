import { call } from '../../lib/api.ts'
import { failureSentence } from '../../lib/failure-sentence.ts'
import { texts } from '../../lib/texts/index.ts'
import { plural } from '../../lib/texts/plural.ts'
import { showToast } from '../../ui/toasts.svelte.ts'

/** Starts a run of a plan; tells it if it cannot. */
export async function runPlan(plan: string): Promise<void> {
  await told(texts.home.cannotStart, () => call('plans.run', { plan }))
}

/** Starts runs of plans; those of one destination follow one another, and the toast says that some wait. */
export async function runPlans(plans: readonly string[]): Promise<void> {
  await told(texts.home.cannotStart, async () => {
    const { waiting } = await call('plans.runAll', { plans: [...plans] })
    if (waiting.length === 0) return
    showToast({ tone: 'info', title: plural(waiting.length, texts.home.waiting), text: texts.home.waitingText })
  })
}

export async function pausePlan(plan: string, paused: boolean): Promise<void> {
  await told(texts.home.cannotPause, () => call('plans.setPaused', { plan, paused }))
}

export async function stopOperation(operation: string): Promise<void> {
  await told(texts.home.cannotPause, () => call('operations.stop', { operation }))
}

async function told(title: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    showToast({ tone: 'error', title, text: failureSentence(cause) })
  }
}
