import type { Notification, NotificationConstructorOptions } from 'electron'
import type { z } from 'zod'
import type { navigation, notificationKinds } from '../../src-shared/ipc/contract/app.ts'
import type { Attention } from '../../src-shared/ipc/contract/plans.ts'
import type { PreferenceStore } from './preferences.ts'
import { texts } from './texts.ts'

export type Navigation = z.infer<typeof navigation>
type NotificationKind = (typeof notificationKinds)[number]

export interface NotifierParts {
  readonly make: (options: NotificationConstructorOptions) => Pick<Notification, 'show' | 'on'>
  readonly preferences: PreferenceStore
  readonly now: () => number
  readonly planName: (id: string) => Promise<string | undefined>
  /** The run of a plan that ended last. */
  readonly lastRun: (plan: string) => Promise<string | undefined>
  readonly icon: string
  /** A click: shows the window, and in it what the notification was about. */
  readonly open: (to: Navigation) => void
}

const DAY = 86_400_000
/** What lies in the system's list of notifications can be clicked long after it was shown. */
const HELD = 50

const kinds: Readonly<Record<Attention['kind'], NotificationKind>> = {
  failed: 'problems',
  'upkeep-failed': 'problems',
  incomplete: 'problems',
  space: 'problems',
  locked: 'problems',
  'sign-in': 'sign-in',
  'nothing-backed-up': 'nothing-backed-up',
  'check-failed': 'check-failed',
  'mass-change': 'mass-change',
}

/**
 * Tells by a notification what begins to need somebody. What was told is told again only after it had been mended, but
 * for what each run finds anew.
 */
export class Notifier {
  readonly #parts: NotifierParts
  /** The last ones: one that nobody holds could be collected, and its click with it. */
  #shown: readonly Pick<Notification, 'show' | 'on'>[] = []

  constructor(parts: NotifierParts) {
    this.#parts = parts
  }

  /** `attention`: all that needs somebody now. */
  async tell(attention: readonly Attention[]): Promise<void> {
    const { preferences } = this.#parts
    const due = attention.filter((one) => this.#isTime(one))
    const told = new Set(preferences.remembered.told)
    const keys = [...new Set(due.map(keyOf))]
    const fresh = due.filter(
      (one, at) => !told.has(keyOf(one)) && due.findIndex((other) => keyOf(other) === keyOf(one)) === at,
    )
    // Noted before it is shown: a second call meanwhile must not show it again.
    if (keys.length !== told.size || fresh.length > 0) preferences.remember({ told: keys })
    for (const one of fresh) if (preferences.preferences.notifications[kinds[one.kind]]) await this.#show(one)
  }

  /** What is not about a plan, an account or a destination. */
  say(text: { readonly title: string; readonly body: string }, to: Navigation): void {
    const notification = this.#parts.make({ ...text, icon: this.#parts.icon })
    this.#shown = [...this.#shown.slice(-HELD), notification]
    notification.on('click', () => {
      this.#parts.open(to)
    })
    notification.show()
  }

  /** The engine tells every plan without a good run; how long people want to wait is theirs. */
  #isTime({ kind, since }: Attention): boolean {
    if (kind !== 'nothing-backed-up' || since === null) return true
    return this.#parts.now() - since >= this.#parts.preferences.preferences.nothingForDays * DAY
  }

  async #show(one: Attention): Promise<void> {
    const name = one.plan === null ? undefined : await this.#parts.planName(one.plan)
    const text = textOf(one, name ?? texts.notifications.somePlan, this.#parts.now())
    // Of the run that it is about, whatever runs before somebody clicks.
    const run = one.plan === null || !isOfRun(one) ? undefined : await this.#parts.lastRun(one.plan)
    this.say(text, { ...placeToLook(one), ...(run === undefined ? {} : { run }) })
  }
}

/** Each mass change is news; a plan that fails in every run is told once. */
function keyOf({ kind, plan, place, account, since }: Attention): string {
  return JSON.stringify([kind, plan, place, account, ...(kind === 'mass-change' ? [since] : [])])
}

function textOf(
  { kind, account, since }: Attention,
  plan: string,
  now: number,
): { readonly title: string; readonly body: string } {
  const { notifications } = texts
  switch (kind) {
    case 'sign-in':
      return notifications['sign-in'](account ?? notifications.someAccount)
    case 'nothing-backed-up':
      if (since === null) return notifications.neverBackedUp(plan)
      return notifications['nothing-backed-up'](plan, Math.max(1, Math.floor((now - since) / DAY)))
    case 'check-failed':
      return notifications['check-failed']()
    case 'space':
      return notifications.space()
    case 'failed':
    case 'upkeep-failed':
    case 'incomplete':
    case 'mass-change':
    case 'locked':
      return notifications[kind](plan)
  }
}

function isOfRun({ kind }: Attention): boolean {
  return kind === 'failed' || kind === 'upkeep-failed' || kind === 'incomplete' || kind === 'mass-change'
}

function placeToLook({ kind, plan, place, account }: Attention): Navigation {
  if (kind === 'sign-in') return { view: 'accounts', ...(account === null ? {} : { account }) }
  if (kind === 'check-failed' || kind === 'space' || kind === 'locked')
    return { view: 'destinations', ...(place === null ? {} : { place }) }
  if (kind === 'nothing-backed-up') return { view: 'home', ...(plan === null ? {} : { plan }) }
  return { view: 'runs', ...(plan === null ? {} : { plan }) }
}
