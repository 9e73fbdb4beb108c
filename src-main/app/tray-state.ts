import type { Activity, Operation } from '../../src-shared/ipc/contract/operations.ts'
import type { Attention } from '../../src-shared/ipc/contract/plans.ts'
import { formatNumber } from '../../src-shared/text/amounts.ts'
import { texts } from './texts.ts'

/** What the icon says at a glance; a drawing of each is in resources/tray. */
export type TrayState = 'idle' | 'running' | 'attention' | 'error' | 'paused'

export interface TrayInput {
  readonly activity: Activity
  readonly attention: readonly Pick<Attention, 'level'>[]
  readonly planName: (id: string) => string | undefined
  readonly locale: string
}

/** A stopped engine before all else, then what goes on, then what needs somebody. */
export function trayState({ activity, attention }: Pick<TrayInput, 'activity' | 'attention'>): TrayState {
  if (activity.engine === 'crashed') return 'error'
  if (activity.operations.length > 0) return 'running'
  if (attention.some(({ level }) => level === 'error')) return 'error'
  if (attention.length > 0) return 'attention'
  return activity.paused === false ? 'idle' : 'paused'
}

/** No names but those of plans: people look over shoulders. */
export function trayTooltip(input: TrayInput): string {
  const { tray } = texts
  const { activity, locale } = input
  const state = trayState(input)
  if (activity.engine === 'crashed') return tray.crashed
  if (state === 'running') return progressText(input)
  if (state === 'error') return tray.error
  if (state === 'attention') return tray.attention
  if (state === 'paused') return tray.paused
  if (activity.engine === 'starting') return tray.starting
  if (activity.waiting === 'battery') return tray.waitingBattery
  if (activity.waiting === 'metered') return tray.waitingMetered
  if (activity.next === null) return tray.idle
  return tray.next(
    new Intl.DateTimeFormat(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(activity.next),
  )
}

function progressText({ activity, planName }: TrayInput): string {
  const [first, ...others] = activity.operations
  if (first === undefined) return texts.tray.idle
  const what = texts.operations[first.kind](first.plan === null ? '' : (planName(first.plan) ?? ''))
  return what + itemsText(first) + (others.length === 0 ? '' : texts.tray.more(others.length))
}

function itemsText({ progress }: Operation): string {
  if (progress === null) return ''
  const items = formatNumber(progress.items)
  if (progress.expected === undefined || progress.expected < progress.items) return texts.tray.progress(items)
  return texts.tray.progressOf(items, formatNumber(progress.expected))
}
