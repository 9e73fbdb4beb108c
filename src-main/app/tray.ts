import { join } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import { texts } from './texts.ts'
import { trayState, trayTooltip, type TrayInput, type TrayState } from './tray-state.ts'

export interface NamedPlan {
  readonly id: string
  readonly name: string
  readonly isRunning: boolean
}

export interface TrayActions {
  readonly open: () => void
  readonly backUp: (plan: string) => void
  readonly restore: () => void
  readonly newPlan: () => void
  readonly setPaused: (paused: boolean | number) => void
  readonly quit: () => void
}

/** What is shown of the program beside the clock. */
export interface TrayIcon {
  setImage(path: string): void
  setToolTip(text: string): void
  setMenu(items: MenuItemConstructorOptions[]): void
}

export interface TrayParts {
  readonly icon: TrayIcon
  readonly folder: string
  readonly platform: NodeJS.Platform
  readonly isDark: () => boolean
  readonly now: () => number
  readonly actions: TrayActions
}

/** Keeps icon, tooltip and menu in step with what goes on; asks the system only for what changed. */
export class TrayView {
  readonly #parts: TrayParts
  #image = ''
  #tooltip = ''
  #menu = ''

  constructor(parts: TrayParts) {
    this.#parts = parts
  }

  update(input: TrayInput & { readonly plans: readonly NamedPlan[] }): void {
    const { icon, actions, now } = this.#parts
    const image = this.#imageOf(trayState(input))
    if (image !== this.#image) icon.setImage((this.#image = image))
    const tooltip = trayTooltip(input)
    if (tooltip !== this.#tooltip) icon.setToolTip((this.#tooltip = tooltip))
    const { paused } = input.activity
    // A menu that is open closes when it is replaced.
    const menu = JSON.stringify([input.plans, paused, input.activity.engine])
    if (menu === this.#menu) return
    this.#menu = menu
    icon.setMenu(trayMenu(input.plans, paused !== false, actions, now))
  }

  #imageOf(state: TrayState): string {
    const { folder, platform, isDark } = this.#parts
    return join(folder, trayImage(state, platform, isDark()))
  }
}

/** macOS colours the image itself; elsewhere it has to fit the panel. */
export function trayImage(state: TrayState, platform: NodeJS.Platform, isDark: boolean): string {
  return platform === 'darwin' ? `${state}Template.png` : `${state}-${isDark ? 'dark' : 'light'}.png`
}

export function trayMenu(
  plans: readonly NamedPlan[],
  isPaused: boolean,
  actions: TrayActions,
  now: () => number,
): MenuItemConstructorOptions[] {
  const { tray } = texts
  return [
    ...backUpItems(plans, actions),
    isPaused ? { label: tray.resume, click: () => actions.setPaused(false) } : pauseItem(actions, now),
    { type: 'separator' },
    { label: tray.open, click: actions.open },
    { label: tray.restore, click: actions.restore },
    { type: 'separator' },
    { label: tray.quit, click: actions.quit },
  ]
}

function backUpItems(plans: readonly NamedPlan[], actions: TrayActions): MenuItemConstructorOptions[] {
  const label = texts.tray.backUpNow
  const [first, ...others] = plans
  if (first === undefined) return [{ label: texts.menu.newPlan, click: actions.newPlan }]
  const item = (plan: NamedPlan, text: string): MenuItemConstructorOptions => ({
    label: text,
    enabled: !plan.isRunning,
    click: () => actions.backUp(plan.id),
  })
  if (others.length === 0) return [item(first, label)]
  // An ampersand in a label marks the key of the next letter.
  return [{ label, submenu: plans.map((plan) => item(plan, plan.name.replaceAll('&', '&&'))) }]
}

function pauseItem({ setPaused }: TrayActions, now: () => number): MenuItemConstructorOptions {
  const { tray } = texts
  return {
    label: tray.pause,
    submenu: [
      { label: tray.pauseHour, click: () => setPaused(now() + 3_600_000) },
      { label: tray.pauseTomorrow, click: () => setPaused(tomorrowMorning(now())) },
      { label: tray.pauseOpen, click: () => setPaused(true) },
    ],
  }
}

/** Six o'clock on the next day by the clock on the wall. */
function tomorrowMorning(now: number): number {
  const day = new Date(now)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 6).getTime()
}
