import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { AppDriver } from '../../support/electron-host/launch.ts'
import type { Desktop } from './desktop.ts'
import { ada } from './people.ts'
import { signInAs } from './sign-in.ts'

export async function goOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Next' }).click()
}

/** From the first page to the question where to. */
export async function signInAndChooseAll(desktop: Desktop, app: AppDriver, page: Page): Promise<void> {
  await page.getByLabel('Application (client) ID').fill(desktop.simulator.clientId)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await signInAs(desktop, app, ada)
  await page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  await goOn(page)
  await page.getByRole('heading', { name: 'Where should it be kept?' }).waitFor()
}

export async function chooseFolder(app: AppDriver, page: Page, folder: string): Promise<void> {
  await app.answerDialog({ filePaths: [folder] })
  await page.getByRole('button', { name: 'Choose folder…' }).click()
  await expect.poll(() => page.getByLabel('Folder', { exact: true }).inputValue()).toBe(folder)
  await goOn(page)
}

/** Takes the passphrase that is made, keeps the recovery kit, and goes on. Gives the passphrase. */
export async function takePassphrase(app: AppDriver, page: Page, kit: string): Promise<string> {
  await page.getByRole('heading', { name: 'Choose a passphrase' }).waitFor()
  const passphrase = await suggested(page)
  await app.answerDialog({ filePath: kit })
  await page.getByRole('button', { name: 'Save the recovery kit…' }).click()
  await page.getByText('The recovery kit is saved').waitFor()
  await page.getByRole('checkbox', { name: /safe place/ }).click()
  await goOn(page)
  await page.getByRole('heading', { name: 'When should it run' }).waitFor()
  return passphrase
}

export async function suggested(page: Page): Promise<string> {
  const text = await page.locator('code').first().innerText()
  return text.trim()
}

/** From the summary to the first snapshot. */
export async function startFirstRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText('Your first snapshot is there', { exact: true }).waitFor({ timeout: 120_000 })
}
