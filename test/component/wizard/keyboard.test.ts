import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { closeBrowser } from '../support/test-window.ts'
import { clientId, goodResult, openWizard, suggested, WizardScene } from '../support/wizard-scene.ts'

afterAll(closeBrowser)

/** Accessible enough for a test: what names the element that has the focus. */
const focused = `(() => {
  const { activeElement: element } = document
  const label = element.labels?.[0]?.innerText ?? element.getAttribute('aria-label')
  return (label ?? element.innerText ?? '').trim()
})()`

const most = 40

/** Tab until something of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let pressed = 0; pressed < most; pressed++) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate<string>(focused)).startsWith(name)) return
  }
  throw new Error(`Nothing called ${name} can be reached with Tab.`)
}

test('can be gone through with the keyboard alone', async () => {
  const scene = new WizardScene()
  const window = await openWizard(scene)
  const { page, api } = window
  const heading = async (name: string): Promise<void> => {
    await page.getByRole('heading', { level: 1, name }).waitFor()
    // Each step begins at its heading, so that it is read out and Tab goes on from there.
    await expect.poll(() => page.evaluate(focused)).toContain(name)
  }

  await page.getByRole('heading', { level: 1, name: 'Sign in to Microsoft 365' }).waitFor()
  await tabTo(page, 'Application (client) ID')
  await page.keyboard.type(clientId)
  await page.keyboard.press('Enter')

  await heading('What should be backed up?')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await page.getByRole('option', { name: /Person 0,/ }).waitFor()
  await tabTo(page, 'Search users')
  await page.keyboard.type('Person 4321')
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: /Person 4321,/ }).waitFor()
  // Whoever types slowly is shown what fits the first digits, until now.
  await expect.poll(() => page.getByRole('option').count()).toBe(1)
  await tabTo(page, 'Person 4321')
  await page.keyboard.press('Space')
  await page.getByText('1 chosen').waitFor()
  await tabTo(page, 'Next')
  await page.keyboard.press('Enter')

  await heading('Where should it be kept?')
  await tabTo(page, 'Folder')
  await page.keyboard.type('/media/disk/Holdfast')
  await page.keyboard.press('Enter')

  await heading('Choose a passphrase')
  await page.getByText(suggested).waitFor()
  await tabTo(page, 'Save the recovery kit…')
  await page.keyboard.press('Enter')
  await page.getByText('The recovery kit is saved').waitFor()
  await tabTo(page, 'I keep the recovery kit')
  await page.keyboard.press('Space')
  await tabTo(page, 'Next')
  await page.keyboard.press('Enter')

  await heading('When should it run?')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await tabTo(page, 'Every')
  await page.keyboard.press('Enter')

  await heading('Ready for the first run')
  await tabTo(page, 'Back up now')
  await page.keyboard.press('Enter')
  await heading('The first run')
  await window.push('operationEnded', goodResult)
  await tabTo(page, 'Go to Home')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()

  expect(api.paramsOf('plans.save')).toMatchObject([
    {
      sources: [{ kinds: ['user'], roots: [{ kind: 'user', name: 'user4321@contoso.example' }] }],
      schedule: { recurrence: { kind: 'hours', hours: 6 } },
    },
  ])
  await window.close()
})
