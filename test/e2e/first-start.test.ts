import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Clicks } from './support/clicks.ts'
import { Desktop, mainWindow } from './support/desktop.ts'
import { ada } from './support/people.ts'
import { signInAs } from './support/sign-in.ts'

test('from the first start to the first snapshot, at most nine clicks besides typing', async () => {
  const desktop = await Desktop.set()
  const app = await desktop.start()
  const page = await mainWindow(app)
  const clicks = new Clicks()
  await page.getByLabel('Application (client) ID').fill(desktop.simulator.clientId)
  await clicks.on(page.getByRole('button', { name: 'Sign in', exact: true }))
  await signInAs(desktop, app, ada)
  await page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  await clicks.on(page.getByRole('button', { name: 'Next' }))
  await app.answerDialog({ filePaths: [desktop.path('repository')] })
  await clicks.on(page.getByRole('button', { name: 'Choose folder…' }))
  await page.getByText('Holdfast can write there').waitFor()
  await clicks.on(page.getByRole('button', { name: 'Next' }))
  await page.getByRole('heading', { name: 'Choose a passphrase' }).waitFor()
  await app.answerDialog({ filePath: desktop.path('kit.html') })
  await clicks.on(page.getByRole('button', { name: 'Save the recovery kit…' }))
  await page.getByText('The recovery kit is saved').waitFor()
  await clicks.on(page.getByRole('checkbox', { name: /safe place/ }))
  await clicks.on(page.getByRole('button', { name: 'Next' }))
  await page.getByRole('heading', { name: 'When should it run' }).waitFor()
  await clicks.on(page.getByRole('button', { name: 'Next' }))
  await clicks.on(page.getByRole('button', { name: 'Back up now' }))
  await page.getByText('Your first snapshot is there', { exact: true }).waitFor({ timeout: 120_000 })
  expect(clicks.count).toBeLessThanOrEqual(9)
  expect(readdirSync(desktop.path('repository', 'snapshots'))).toHaveLength(1)
  console.log(`${String(clicks.count)} clicks from the first start to the first snapshot`)
  await app.close()
})
