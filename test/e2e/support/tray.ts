import { basename } from 'node:path'
import type { Page } from 'playwright-core'
import type { EventOf } from '../../../src-shared/ipc/index.ts'
import type { AppDriver, Recorded } from '../../support/electron-host/launch.ts'
import { nextEvent } from './page-events.ts'

/** The drawing beside the clock, without theme and extension: idle, running, attention, error, paused. */
export function trayState({ trays }: Recorded): string {
  return basename(trays[0]?.image.path ?? '', '.png').replace(/-(light|dark)$|Template$/, '')
}

export async function trayBecomes(app: AppDriver, state: string): Promise<Recorded> {
  return await app.waitForRecord((recorded) => trayState(recorded) === state)
}

/** The program knows its plans, and the first one can be run. */
export async function canBackUp(app: AppDriver): Promise<void> {
  await app.waitForRecord(canBackUpNow)
}

export function canBackUpNow({ trays }: Recorded): boolean {
  return (trays[0]?.menu ?? []).some(({ label, enabled }) => label === 'Back up now' && enabled)
}

/** Starts the one plan by the tray, and waits until it runs. */
export async function backUp(app: AppDriver): Promise<void> {
  await canBackUp(app)
  await app.clickTrayMenu('Back up now')
  await trayBecomes(app, 'running')
}

/** The same, and waits for its end. */
export async function backUpToEnd(app: AppDriver, page: Page): Promise<EventOf<'operationEnded'>> {
  const ended = await nextEvent(page, 'operationEnded')
  await backUp(app)
  return await ended()
}

/** Resolves once a notification of that title is shown; gives its number. */
export async function notified(app: AppDriver, title: string | RegExp): Promise<number> {
  const fits = (text: string): boolean => (typeof title === 'string' ? text === title : title.test(text))
  const { notifications } = await app.waitForRecord((recorded) =>
    recorded.notifications.some((one) => one.shown && fits(one.title)),
  )
  return notifications.find((one) => one.shown && fits(one.title))?.number ?? -1
}
