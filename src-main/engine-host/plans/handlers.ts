import { readContentChoice } from '../../commands/parts/content-filter.ts'
import { chosenTypes } from '../../commands/parts/data-types.ts'
import { OptionValues } from '../../commands/parts/option-values.ts'
import { readRootFilter } from '../../commands/parts/root-filter.ts'
import { readIncludedTypes } from '../../commands/parts/source-options.ts'
import { UsageError } from '../../commands/parts/usage-error.ts'
import { requirePlan } from '../../commands/plan.ts'
import type { PlanDraft } from '../../../src-shared/ipc/contract/plans.ts'
import type { Plan, Settings, SourceSettings } from '../../settings/model.ts'
import { changeSettings, readSettings } from '../../settings/settings-file.ts'
import type { Handlers } from '../context.ts'
import type { PickedTitles } from '../destinations/picked-titles.ts'
import { givenValues } from '../host-values.ts'
import type { HostServices } from '../services.ts'
import { draftOf, planOf } from './plan-draft.ts'
import { listPlans } from './plan-rows.ts'
import { previewRetention } from './preview-retention.ts'
import { startPlan } from './run-plan.ts'

type Methods =
  | 'plans.list'
  | 'plans.get'
  | 'plans.save'
  | 'plans.remove'
  | 'plans.run'
  | 'plans.setPaused'
  | 'plans.previewRetention'

export function planHandlers(services: HostServices, titles: PickedTitles, quietDays: () => number): Handlers<Methods> {
  const { profile, clock } = services
  const change = async (how: (settings: Settings) => Settings): Promise<void> => {
    await changeSettings(profile, () => clock.now(), how)
    services.emit('changed', { what: ['plans', 'destinations'] })
  }
  return {
    'plans.list': () => listPlans(services, quietDays()),
    'plans.get': async ({ plan }) => draftOf(requirePlan(await readSettings(profile), plan)),
    'plans.save': async (draft) => {
      let id = ''
      await change((settings) => {
        const saved = savedPlan(settings, draft, clock.now())
        id = saved.id
        return { ...settings, plans: withPlan(settings.plans, saved) }
      })
      const title = titles.of(draft.place)
      if (title !== undefined) await services.state.notePlace(draft.place, { title })
      return { plan: id }
    },
    'plans.remove': async ({ plan: id }) => {
      const { destination } = requirePlan(await readSettings(profile), id)
      // The repository stays, and with it its place in the list.
      await services.state.notePlace(destination, {})
      await change((settings) => ({ ...settings, plans: settings.plans.filter((plan) => plan.id !== id) }))
      return {}
    },
    'plans.run': async ({ plan }) => ({
      operation: startPlan(services, requirePlan(await readSettings(profile), plan)).id,
    }),
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

/** Throws UsageError for what no run could be made of. */
function savedPlan({ plans }: Settings, draft: PlanDraft, now: number): Plan {
  const before = draft.id === null ? undefined : plans.find(({ id }) => id === draft.id)
  if (draft.id !== null && before === undefined)
    throw new UsageError('The plan was removed meanwhile: save it as a new one.')
  const taken = plans.some(({ id, name }) => id !== before?.id && name.toLowerCase() === draft.name.toLowerCase())
  if (taken) throw new UsageError(`There is a plan "${draft.name}" already: choose another name.`)
  const plan = planOf(draft, before, now)
  for (const source of plan.sources) requireReadable(source)
  return plan
}

/** What a run reads of its options before it asks anybody. */
function requireReadable(source: SourceSettings): void {
  const values = givenValues(new OptionValues(new Map()), source)
  const content = readContentChoice(values.list('include'), values.list('exclude'))
  const types = chosenTypes(readIncludedTypes(values), content)
  readRootFilter(content.rootIncludes, content.rootExcludes, (kind) => types[kind].length > 0)
}

function withPlan(plans: readonly Plan[], plan: Plan): readonly Plan[] {
  const isThere = plans.some(({ id }) => id === plan.id)
  return isThere ? plans.map((one) => (one.id === plan.id ? plan : one)) : [...plans, plan]
}
