import type { Locator } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { closeBrowser } from '../support/test-window.ts'
import {
  clientId,
  goodResult,
  idle,
  openWizard,
  runningOperation,
  suggested,
  WizardScene,
} from '../support/wizard-scene.ts'

afterAll(closeBrowser)

test('leads from the first start to the first snapshot with at most 9 clicks', async () => {
  const scene = new WizardScene()
  const window = await openWizard(scene)
  const { page, api } = window
  let clicks = 0
  const click = async (target: Locator): Promise<void> => {
    clicks++
    await target.click()
  }
  const heading = (name: string): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor()
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true })

  await heading('Sign in to Microsoft 365')
  await window.screenshot('wizard-1-sign-in')
  await window.expectAccessible()
  await page.getByLabel('Application (client) ID').fill(clientId)
  await click(page.getByRole('main').getByRole('button', { name: 'Sign in' }).last())

  await heading('What should be backed up?')
  await page.getByText('The sign-in allows all of this').waitFor()
  await window.screenshot('wizard-2-what')
  await window.expectAccessible()
  await click(button('Next'))

  await heading('Where should it be kept?')
  await click(button('Choose folder…'))
  await page.getByText('Holdfast can write there').waitFor()
  await window.screenshot('wizard-3-where')
  await window.expectAccessible()
  await click(button('Next'))

  await heading('Choose a passphrase')
  await page.getByText(suggested).waitFor()
  await window.screenshot('wizard-4-passphrase')
  await window.expectAccessible()
  await click(button('Save the recovery kit…'))
  await page.getByText('The recovery kit is saved').waitFor()
  await click(page.getByRole('checkbox', { name: /safe place/ }))
  await window.screenshot('wizard-4-passphrase-saved')
  await click(button('Next'))

  await heading('When should it run')
  await window.screenshot('wizard-5-schedule')
  await window.expectAccessible()
  await click(button('Next'))

  await heading('Ready for the first run')
  await window.screenshot('wizard-6-summary')
  await window.expectAccessible()
  await click(button('Back up now'))

  await heading('The first run')
  await window.push('activity', { ...idle, operations: [runningOperation] })
  await page.getByText('users/ada@contoso.example/mailbox/Inbox').waitFor()
  await window.screenshot('wizard-7-run')
  await window.expectAccessible()
  await window.push('activity', idle)
  await window.push('operationEnded', goodResult)
  await page.getByText('Your first snapshot is there').waitFor()
  await page.getByText('5,000 items are safe').waitFor()
  await window.screenshot('wizard-8-done')
  await window.expectAccessible()

  console.log(`First start to first snapshot: ${clicks} clicks.`)
  expect(clicks).toBeLessThanOrEqual(9)
  expect(api.paramsOf('destinations.create')).toEqual([{ place: '/media/disk/Holdfast', passphrase: suggested }])
  expect(api.paramsOf('kit.save')).toEqual([{ place: '/media/disk/Holdfast', format: 'html', withPassphrase: true }])
  const [plan] = api.paramsOf('plans.save')
  expect(plan).toMatchObject({
    id: null,
    place: '/media/disk/Holdfast',
    sources: [{ account: 'me', kinds: ['user'], roots: null, types: null }],
    schedule: { recurrence: { kind: 'daily', at: '12:30' } },
    retention: { daily: 14, weekly: 8, monthly: 24, yearly: 10 },
  })
  expect(scene.draft).toBeNull()
  await window.close()
})
