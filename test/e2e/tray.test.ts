import { expect, test } from 'vitest'
import { mail } from '../integration/mail/mailbox-fixture.ts'
import type { AppDriver, Recorded } from '../support/electron-host/launch.ts'
import { ask } from './support/ask.ts'
import { mails, planName } from './support/command-line.ts'
import { mainWindow, type Desktop } from './support/desktop.ts'
import { ada } from './support/people.ts'
import { desktopWithPlan, messageContent } from './support/scenes.ts'
import { backUp, canBackUp, canBackUpNow, notified, trayBecomes, trayState } from './support/tray.ts'

const incomplete = `${planName} was backed up, but not all of it`

/** A new message that cannot be read: the next run leaves it out. */
function addDamagedMail({ simulator }: Desktop): void {
  const { id } = simulator.tenant.addMessage(ada, 'inbox', mail('Damaged'))
  simulator.faults.add({ kind: 'corrupt', match: { route: messageContent, items: [id] } })
}

function isBackingUp({ trays }: Recorded): boolean {
  return trays[0]?.toolTip.includes(`Backing up ${planName}`) === true
}

async function isVisible(app: AppDriver): Promise<boolean> {
  return (await app.recorded()).windows.some(({ visible }) => visible)
}

test('the tray shows what goes on, its menu does what it says, and a notification leads to its run', async () => {
  const desktop = await desktopWithPlan()
  const app = await desktop.start()
  const page = await mainWindow(app)
  await canBackUp(app)
  const first = await trayBecomes(app, 'idle')
  const labels = first.trays[0]?.menu?.filter(({ type }) => type !== 'separator').map(({ label }) => label)
  expect(labels).toEqual(['Back up now', 'Pause the schedule', 'Open Holdfast', 'Restore...', 'Quit Holdfast'])

  desktop.simulator.setLatency(2_000)
  await backUp(app)
  await app.waitForRecord((recorded) => !canBackUpNow(recorded) && isBackingUp(recorded))
  desktop.simulator.setLatency(0)
  await trayBecomes(app, 'idle')
  expect((await ask(page, 'runs.list', { plan: null, cursor: null })).rows).toMatchObject([{ outcome: 'done' }])
  expect((await app.recorded()).notifications).toEqual([])

  addDamagedMail(desktop)
  await backUp(app)
  await trayBecomes(app, 'attention')
  const told = await notified(app, incomplete)
  await page.getByText(`${planName}: Some items could not be read`).waitFor()

  await app.clickTrayMenu('Pause the schedule', 'Until I resume it')
  await page.getByText('The schedule is paused').waitFor()
  await app.clickTrayMenu('Resume the schedule')
  await page.getByText('The schedule is paused').waitFor({ state: 'detached' })

  await app.closeWindow(page)
  const hidden = await app.waitForRecord(({ windows }) => windows.every(({ visible }) => !visible))
  expect(hidden.windows).toHaveLength(1)
  await notified(app, 'Holdfast goes on')
  await app.clickTrayMenu('Open Holdfast')
  await app.waitForRecord(({ windows }) => windows.some(({ visible }) => visible))
  await app.closeWindow(page)
  await app.waitForRecord(({ windows }) => windows.every(({ visible }) => !visible))

  await app.clickNotification(told)
  await app.waitForRecord(({ windows }) => windows.some(({ visible }) => visible))
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
  const details = page.getByRole('region', { name: planName, exact: true })
  await details.getByText('Not everything', { exact: true }).waitFor()
  await details.getByText(`users/${ada}`).first().waitFor()
  const rows = page.getByRole('listbox', { name: 'Runs' }).getByRole('option')
  await expect.poll(() => rows.count()).toBe(2)
  expect(await rows.nth(0).getAttribute('aria-selected')).toBe('true')

  await app.clickTrayMenu('Restore...')
  await page.getByRole('heading', { name: 'Restore', level: 1 }).waitFor()
  const titles = (await app.recorded()).notifications.map(({ title }) => title)
  expect(titles).toEqual([incomplete, 'Holdfast goes on'])
  const exit = app.exited
  await app.clickTrayMenu('Quit Holdfast')
  expect(await exit).toEqual({ code: 0, signal: null })
})

test('kinds of notifications that are switched off are not shown', async () => {
  const desktop = await desktopWithPlan()
  const app = await desktop.start()
  const page = await mainWindow(app)
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await page.getByRole('switch', { name: 'A run had problems' }).click()
  await expect.poll(async () => (await ask(page, 'app.preferences', {})).notifications.problems).toBe(false)
  addDamagedMail(desktop)
  await backUp(app)
  await trayBecomes(app, 'attention')
  const [run] = (await ask(page, 'runs.list', { plan: null, cursor: null })).rows
  expect(run).toMatchObject({ outcome: 'incomplete', items: mails, unread: 1 })
  // Another one, which comes after what would have been shown.
  await app.closeWindow(page)
  await notified(app, 'Holdfast goes on')
  expect((await app.recorded()).notifications.map(({ title }) => title)).toEqual(['Holdfast goes on'])
  expect(await isVisible(app)).toBe(false)
  expect(trayState(await app.recorded())).toBe('attention')
  await app.close()
})
