import { expect, test } from 'vitest'
import { hasRestic, restic } from '../integration/repository/restic.ts'
import { ask } from './support/ask.ts'
import { mails, passphrase } from './support/command-line.ts'
import { mainWindow } from './support/desktop.ts'
import { alertTold, itemsDone } from './support/page-events.ts'
import { ended } from './support/profile.ts'
import { desktopWithPlan, stallMessages } from './support/scenes.ts'
import { backUp, backUpToEnd, notified, trayBecomes } from './support/tray.ts'

test('an engine that is killed in the middle of a run is started again, and nothing is lost', async () => {
  const desktop = await desktopWithPlan()
  const app = await desktop.start()
  const page = await mainWindow(app)
  stallMessages(desktop)
  await backUp(app)
  await itemsDone(page)
  const banner = page.getByRole('alert').filter({ hasText: 'The engine stopped unexpectedly' })
  const shown = await alertTold(page, 'The engine stopped unexpectedly')
  await app.crashHost()
  await shown()
  await notified(app, 'The engine stopped')
  await app.waitForRecord(({ hosts }) => hosts.length === 2 && hosts[1]?.running === true)
  await banner.waitFor({ state: 'detached' })
  expect(ended(desktop)).toEqual([])
  await trayBecomes(app, 'error')
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  const runs = page.getByRole('listbox', { name: 'Runs' }).getByRole('option')
  await runs.filter({ hasText: 'Interrupted' }).waitFor()
  expect(await runs.count()).toBe(1)

  desktop.simulator.faults.clear()
  expect((await backUpToEnd(app, page)).outcome).toBe('done')
  await trayBecomes(app, 'idle')
  await runs.filter({ hasText: 'Done' }).waitFor()
  const { rows } = await ask(page, 'runs.list', { plan: null, cursor: null })
  expect(rows).toMatchObject([{ outcome: 'done', items: mails, unread: 0 }, { outcome: 'interrupted' }])
  await app.close()
  if (hasRestic) {
    const said = await restic(desktop.path('repository'), ['check', '--read-data'], { passphrase })
    expect(said).toContain('no errors were found')
  }
})
