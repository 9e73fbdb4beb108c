import type { Attention, Operation, PlanRow } from '../../../../src-shared/ipc/index.ts'
import { isPausedAt } from '../../../../src-shared/model/paused.ts'
import type { Destination } from '../../lib/navigation.svelte.ts'
import type { texts } from '../../lib/texts/index.ts'
import type { Tone } from '../../ui/types.ts'

export interface PlanState {
  readonly tone: Tone
  readonly word: keyof typeof texts.home.status
}

/** With these there is nothing new in the repository, or nothing can come. */
const notBackedUp: ReadonlySet<Attention['kind']> = new Set(['failed', 'nothing-backed-up', 'sign-in', 'locked'])

/** How a plan is, at a glance; what runs goes before what was. */
export function stateOf(plan: PlanRow, operation: Operation | undefined, now: number): PlanState {
  if (operation !== undefined || plan.elsewhere !== null) return { tone: 'info', word: 'running' }
  if (plan.attention.some(({ kind }) => notBackedUp.has(kind))) return { tone: 'error', word: 'error' }
  if (plan.attention.some(({ kind }) => kind === 'check-failed')) return { tone: 'error', word: 'damaged' }
  if (plan.attention.length > 0) return { tone: 'attention', word: 'attention' }
  if (isPausedAt(plan.paused, now)) return { tone: 'neutral', word: 'paused' }
  return plan.lastGood === null ? { tone: 'neutral', word: 'none' } : { tone: 'good', word: 'good' }
}

/** Where the button beside a thing that needs somebody leads; null: it starts a run. */
export function placeOf({ kind, plan, place, account }: Attention, row: PlanRow | undefined): Destination | null {
  const known = { ...(plan === null ? {} : { plan }), ...(place === null ? {} : { place }) }
  switch (kind) {
    case 'failed':
    case 'upkeep-failed':
    case 'incomplete': {
      const run = row?.lastRun?.run
      return { view: 'runs', ...known, ...(run === undefined ? {} : { run }) }
    }
    case 'sign-in':
      return { view: 'accounts', ...(account === null ? {} : { account }) }
    case 'nothing-backed-up':
      return null
    case 'mass-change':
      return { view: 'browse', ...known }
    case 'check-failed':
    case 'space':
    case 'locked':
      return { view: 'destinations', ...known }
  }
}
