import { requireOwnSeries } from '../../commands/parts/own-series.ts'
import { UsageError } from '../../commands/parts/usage-error.ts'
import { requirePlan } from '../../commands/plan.ts'
import type { PlanDraft } from '../../../src-shared/ipc/contract/plans.ts'
import type { Plan, Settings } from '../../settings/model.ts'
import { changeSettings, readSettings } from '../../settings/settings-file.ts'
import type { Handlers } from '../context.ts'
import { keptPlace } from '../destinations/known-places.ts'
import type { PickedTitles } from '../destinations/picked-titles.ts'
import type { HostServices } from '../services.ts'
import { draftOf, planOf } from './plan-draft.ts'
import { listPlans } from './plan-rows.ts'
import { previewRetention } from './preview-retention.ts'
import { startPlan } from './run-plan.ts'
import type { WaitingPlans } from './waiting-plans.ts'

type Methods =
  | 'plans.list'
  | 'plans.get'
  | 'plans.save'
  | 'plans.remove'
  | 'plans.run'
  | 'plans.runAll'
  | 'plans.setPaused'
  | 'plans.previewRetention'

export function planHandlers(
  services: HostServices,
  waiting: WaitingPlans,
  titles: PickedTitles,
  quietDays: () => number,
): Handlers<Methods> {
  const { profile, clock } = services
  const change = async (how: (settings: Settings) => Settings): Promise<void> => {
    await changeSettings(profile, () => clock.now(), how)
    services.emit('changed', { what: ['plans', 'destinations'] })
  }
  return {
    ...startHandlers(services, waiting),
    'plans.list': () => listPlans(services, quietDays()),
    'plans.get': async ({ plan }) => draftOf(requirePlan(await readSettings(profile), plan)),
    'plans.save': async (asked) => {
      const draft = { ...asked, place: await keptPlace(services, asked.place) }
      let id = ''
      await change((settings) => {
        const saved = savedPlan(settings, draft, clock.now())
        id = saved.id
        return { ...settings, plans: withPlan(settings.plans, saved) }
      })
      await noteTitle(services, titles, draft.place)
      return { plan: id }
    },
    'plans.remove': async ({ plan: id }) => {
      const { destination } = requirePlan(await readSettings(profile), id)
      // The repository stays, and with it its place in the list.
      await services.state.notePlace(destination, {})
      await change((settings) => ({ ...settings, plans: settings.plans.filter((plan) => plan.id !== id) }))
      return {}
    },
    'plans.setPaused': async ({ plan: id, paused }) => {
      await change((settings) => {
        const plan = requirePlan(settings, id)
        return { ...settings, plans: withPlan(settings.plans, { ...plan, schedule: { ...plan.schedule, paused } }) }
      })
      return {}
    },
    'plans.previewRetention': (asked, { signal }) => previewRetention(services, asked, signal),
  }
}

/** What was picked rather than typed is shown as it was when it was picked. */
async function noteTitle({ state }: HostServices, titles: PickedTitles, place: string): Promise<void> {
  const title = titles.of(place)
  if (title !== undefined) await state.notePlace(place, { title })
}

function startHandlers(services: HostServices, waiting: WaitingPlans): Handlers<'plans.run' | 'plans.runAll'> {
  const { profile } = services
  return {
    'plans.run': async ({ plan: id }) => {
      const { id: operation } = await startPlan(services, requirePlan(await readSettings(profile), id))
      waiting.forget(id)
      return { operation }
    },
    'plans.runAll': async ({ plans }) => {
      const settings = await readSettings(profile)
      return { waiting: await waiting.runAll(plans.map((id) => requirePlan(settings, id))) }
    },
  }
}

/** Throws UsageError for what no run could be made of. */
function savedPlan({ plans }: Settings, draft: PlanDraft, now: number): Plan {
  const before = draft.id === null ? undefined : plans.find(({ id }) => id === draft.id)
  if (draft.id !== null && before === undefined)
    throw new UsageError('The plan was removed meanwhile: save it as a new one.')
  const taken = plans.some(({ id, name }) => id !== before?.id && name.toLowerCase() === draft.name.toLowerCase())
  if (taken) throw new UsageError(`There is a plan "${draft.name}" already: choose another name.`)
  const plan = planOf(draft, before, now)
  requireOwnSeries(plans, plan)
  return plan
}

function withPlan(plans: readonly Plan[], plan: Plan): readonly Plan[] {
  const isThere = plans.some(({ id }) => id === plan.id)
  return isThere ? plans.map((one) => (one.id === plan.id ? plan : one)) : [...plans, plan]
}
