import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { AppDriver } from '../support/electron-host/launch.ts'
import { ask } from './support/ask.ts'
import { planName, runCommand } from './support/command-line.ts'
import { mainWindow, type Desktop } from './support/desktop.ts'
import { eventWhere, nextEvent } from './support/page-events.ts'
import { age, ended } from './support/profile.ts'
import { desktopWithPlan } from './support/scenes.ts'
import { canBackUp, trayBecomes } from './support/tray.ts'

const HOUR = 3_600_000

/** A plan that runs every six hours, and has just run. */
async function desktopAtRest(): Promise<Desktop> {
  const desktop = await desktopWithPlan({ schedule: ['--every', '6'] })
  await runCommand(desktop, ['run', planName])
  return desktop
}

/** The machine sleeps until the plan's time has passed. */
async function sleepTooLong(desktop: Desktop, app: AppDriver): Promise<void> {
  await app.emitPower('suspend')
  age(desktop, 7 * HOUR)
}

/** It looks at one thing after the other: what it was told before the pause is done when there is no next run. */
async function schedulerHasLooked(page: Page): Promise<void> {
  const looked = eventWhere(page, 'activity', 'next', null)
  await ask(page, 'app.setPaused', { paused: true })
  await looked
}

test('a plan whose time came while the machine slept runs once after it', async () => {
  const desktop = await desktopAtRest()
  const app = await desktop.start()
  const page = await mainWindow(app)
  await canBackUp(app)
  expect(ended(desktop)).toEqual(['done'])
  await ask(page, 'app.setPreferences', { waitOnBattery: false })
  await app.emitPower('on-battery')
  await sleepTooLong(desktop, app)
  const over = await nextEvent(page, 'operationEnded')
  await app.emitPower('resume')
  await app.emitPower('unlock-screen')
  expect(await over()).toMatchObject({ kind: 'backup', outcome: 'done' })
  await trayBecomes(app, 'idle')
  await app.emitPower('suspend')
  await app.emitPower('resume')
  await schedulerHasLooked(page)
  expect(await ask(page, 'operations.list', {})).toEqual([])
  await app.close()
  expect(ended(desktop)).toEqual(['done', 'done'])
})

test('on battery it waits, if people want that, until the machine is plugged in', async () => {
  const desktop = await desktopAtRest()
  const app = await desktop.start()
  const page = await mainWindow(app)
  await canBackUp(app)
  await app.emitPower('on-battery')
  await sleepTooLong(desktop, app)
  await app.emitPower('resume')
  const waiting = page.getByText('The schedule waits until the machine is plugged in')
  await waiting.waitFor()
  await app.waitForRecord(({ trays }) => trays[0]?.toolTip === 'Holdfast waits until the computer is plugged in')
  expect(await ask(page, 'operations.list', {})).toEqual([])
  expect(ended(desktop)).toEqual(['done'])
  const over = await nextEvent(page, 'operationEnded')
  await app.emitPower('on-ac')
  expect(await over()).toMatchObject({ kind: 'backup', outcome: 'done' })
  await waiting.waitFor({ state: 'detached' })
  await app.close()
  expect(ended(desktop)).toEqual(['done', 'done'])
})
