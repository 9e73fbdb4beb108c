import { expect, test } from 'vitest'
import { ask } from './support/ask.ts'
import { addPlan, planName, signInPerson } from './support/command-line.ts'
import { Desktop, mainWindow } from './support/desktop.ts'
import { ada } from './support/people.ts'
import { ended } from './support/profile.ts'
import { signInAs } from './support/sign-in.ts'
import { backUpToEnd, notified, trayBecomes } from './support/tray.ts'

test('a sign-in that was revoked is told, and mended by signing in again', async () => {
  const desktop = await Desktop.set()
  await signInPerson(desktop, 'ada', ada)
  await addPlan(desktop, { account: 'ada', user: ada })
  const app = await desktop.start()
  const page = await mainWindow(app)
  expect((await backUpToEnd(app, page)).outcome).toBe('done')

  const { simulator } = desktop
  simulator.desk.endSessions(ada)
  simulator.tokens.expireAll()
  expect(await backUpToEnd(app, page)).toMatchObject({ outcome: 'failed', problem: { code: 'auth.sign-in-again' } })
  await trayBecomes(app, 'error')
  const told = await notified(app, 'Sign in again')
  const attention = page.getByText(`${planName}: Sign-in needed`)
  await attention.waitFor()
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  const row = page.getByRole('option').filter({ hasText: 'Failed' })
  await row.getByText(/sign in again/i).waitFor()

  await app.clickNotification(told)
  const dialog = page.getByRole('dialog', { name: 'Sign in “ada” again' })
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await signInAs(desktop, app, ada)
  await page.getByText('“ada” is signed in').first().waitFor()
  await dialog.waitFor({ state: 'detached' })
  expect(await ask(page, 'accounts.list', {})).toMatchObject([{ name: 'ada', state: 'good' }])
  await page.getByRole('button', { name: 'Home', exact: true }).click()
  await page.getByRole('heading', { name: 'Plans' }).waitFor()
  expect(await attention.count()).toBe(0)

  expect(await backUpToEnd(app, page)).toMatchObject({ outcome: 'done', problem: null })
  await trayBecomes(app, 'idle')
  await app.close()
  expect(ended(desktop)).toEqual(['done', 'failed', 'done'])
})
