import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ask } from './support/ask.ts'
import { makeRepository, passphrase, signInPerson } from './support/command-line.ts'
import { Desktop, mainWindow, vaultPassphrase } from './support/desktop.ts'
import { ada } from './support/people.ts'
import { leaks } from './support/profile.ts'
import { keptTokens } from './support/secrets.ts'
import {
  chooseFolder,
  goOn,
  signInAndChooseAll,
  startFirstRun,
  suggested,
  takePassphrase,
} from './support/wizard-steps.ts'

test('a wizard that is left goes on where it was, and keeps no secret in the profile', async () => {
  const desktop = await Desktop.set()
  const folder = desktop.path('repository')
  const secrets = [vaultPassphrase, desktop.simulator.desk.password(ada)]
  const first = await desktop.start()
  let page = await mainWindow(first)
  await signInAndChooseAll(desktop, first, page)
  await chooseFolder(first, page, folder)
  await page.getByRole('heading', { name: 'Choose a passphrase' }).waitFor()
  secrets.push(await suggested(page), 'typed by hand and never taken')
  await page.getByRole('radio', { name: 'My own' }).click()
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('typed by hand and never taken')
  expect(await first.close()).toEqual({ code: 0, signal: null })
  expect(existsSync(folder)).toBe(false)
  secrets.push(...(await keptTokens(desktop)))
  expect(secrets.length).toBeGreaterThan(6)
  // What is looked for is looked for in the right place.
  expect(leaks(desktop, [folder])).not.toEqual([])
  expect(leaks(desktop, secrets)).toEqual([])

  const second = await desktop.start()
  page = await mainWindow(second)
  await page.getByRole('heading', { name: 'Choose a passphrase' }).waitFor()
  await page.getByRole('button', { name: 'Back', exact: true }).last().click()
  await page.getByRole('heading', { name: 'Where should it be kept?' }).waitFor()
  expect(await page.getByLabel('Folder', { exact: true }).inputValue()).toBe(folder)
  await goOn(page)
  secrets.push(await takePassphrase(second, page, desktop.path('kit.html')))
  await page.getByRole('radio', { name: 'Every few hours' }).click()
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.getByRole('button', { name: 'Set up the first plan' }).waitFor()
  await second.close()

  const third = await desktop.start()
  page = await mainWindow(third)
  await page.getByRole('button', { name: 'Set up the first plan' }).click()
  await page.getByRole('heading', { name: 'When should it run?' }).waitFor()
  expect(await page.getByRole('radio', { name: 'Every few hours' }).isChecked()).toBe(true)
  await goOn(page)
  // Such a plan is due as soon as it is there: the schedule may not be quicker than the button.
  await ask(page, 'app.setPaused', { paused: true })
  await startFirstRun(page)
  const plans = await ask(page, 'plans.list', {})
  expect(plans).toMatchObject([{ place: folder, schedule: { recurrence: { kind: 'hours', hours: 6 } } }])
  await third.close()
  expect(readdirSync(desktop.path('repository', 'snapshots'))).toHaveLength(1)
  expect(leaks(desktop, [...secrets, ...(await keptTokens(desktop))])).toEqual([])
})

test('a repository that is there already is opened with its passphrase', async () => {
  const desktop = await Desktop.set()
  await signInPerson(desktop, 'ada', ada)
  const folder = desktop.path('repository')
  await makeRepository(folder)
  const app = await desktop.start()
  const page = await mainWindow(app)
  await page.getByRole('heading', { name: 'Sign in to Microsoft 365' }).waitFor()
  await goOn(page)
  await page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  await goOn(page)
  await chooseFolder(app, page, folder)
  await page.getByRole('heading', { name: 'Open the repository' }).waitFor()
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('not the one of this')
  await goOn(page)
  await page.getByRole('alert').filter({ hasText: 'The repository could not be opened' }).waitFor()
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase)
  await goOn(page)
  await page.getByRole('heading', { name: 'When should it run' }).waitFor()
  expect(await ask(page, 'destinations.list', {})).toMatchObject([{ place: folder, unlocked: true }])
  await app.close()
  expect(readdirSync(desktop.path('repository', 'keys'))).toHaveLength(1)
  expect(leaks(desktop, [passphrase, 'not the one of this'])).toEqual([])
})
