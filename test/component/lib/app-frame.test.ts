import { afterAll, expect, test } from 'vitest'
import { Refusal } from '../support/scripted-api.ts'
import { closeBrowser, openWindow } from '../support/test-window.ts'
import { idle, openWizard, runningOperation, WizardScene } from '../support/wizard-scene.ts'
import { usualPreferences } from '../support/default-answers.ts'

afterAll(closeBrowser)

const views = ['wizard', 'home']

test('goes back and forward through the views, with the mouse and the keyboard', async () => {
  const window = await openWindow({ views })
  const { page } = window
  const current = page.locator('[aria-current=page]')
  await page.getByRole('button', { name: 'Home', exact: true }).waitFor()
  await page.keyboard.press('Control+1')
  await window.push('navigate', { view: 'wizard' })
  await page.getByRole('heading', { name: 'Sign in to Microsoft 365' }).waitFor()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect.poll(() => current.textContent()).toMatch(/^\s*Home\s*$/)
  expect(await page.getByRole('button', { name: 'Back' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Forward' }).click()
  await page.getByRole('heading', { name: 'Sign in to Microsoft 365' }).waitFor()
  await window.close()
})

test('begins with the wizard when there is nothing, as soon as the engine runs', async () => {
  const window = await openWizard(new WizardScene(), { activity: { ...idle, engine: 'starting' }, waits: false })
  const { page } = window
  await page.getByText('The engine is starting').waitFor()
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(0)
  await window.push('activity', idle)
  await page.getByRole('heading', { name: 'Sign in to Microsoft 365' }).waitFor()
  await window.close()
})

test('tells of a crashed engine and a paused schedule', async () => {
  const window = await openWindow({ views })
  const { page, api } = window
  await window.push('activity', { ...idle, engine: 'crashed', paused: true })
  await page.getByText('The engine stopped unexpectedly').waitFor()
  api.on('app.setPaused', () => ({}))
  await window.screenshot('frame-crashed')
  await window.expectAccessible()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(() => api.paramsOf('app.setPaused')).toEqual([{ paused: false }])
  await window.push('activity', idle)
  await expect.poll(() => page.getByText('The engine stopped unexpectedly').count()).toBe(0)
  await window.close()
})

test('shows what runs, and stops it', async () => {
  const window = await openWindow({ views })
  const { page, api } = window
  await window.push('activity', { ...idle, operations: [{ ...runningOperation, plan: null }] })
  await page.getByText('1,250 of 5,000 items, 70.0 MiB').waitFor()
  await window.screenshot('frame-activity')
  await window.expectAccessible()
  api.on('operations.stop', () => {
    throw new Refusal('engine.stopped', {}, 'later')
  })
  await page.getByRole('button', { name: 'Stop Backing up' }).click()
  await page.getByText('It could not be stopped').waitFor()
  expect(api.paramsOf('operations.stop')).toEqual([{ operation: runningOperation.id }])
  await window.push('activity', { ...idle, operations: [{ ...runningOperation, stopping: true }] })
  expect(await page.getByRole('button', { name: 'Stopping…' }).isDisabled()).toBe(true)
  await window.close()
})

test('takes the theme that is wanted', async () => {
  const window = await openWindow({ views })
  const theme = (): Promise<unknown> => window.page.evaluate('document.documentElement.dataset.theme ?? null')
  expect(await theme()).toBeNull()
  await window.push('preferences', { ...usualPreferences, theme: 'dark' })
  expect(await theme()).toBe('dark')
  await window.push('preferences', usualPreferences)
  expect(await theme()).toBeNull()
  await window.close()
})
