import { afterAll, expect, test } from 'vitest'
import { draftOf, firstAnswers, type Answers, type Step } from '../../../src-renderer/src/features/wizard/answers.ts'
import { Refusal, type Handlers } from '../support/scripted-api.ts'
import { closeBrowser, type TestWindow } from '../support/test-window.ts'
import { goodResult, openWizard, person, runOperation, suggested, WizardScene } from '../support/wizard-scene.ts'

afterAll(closeBrowser)

const place = '/media/disk/Holdfast'
const signedIn: Partial<Answers> = { account: 'me' }
const placed: Partial<Answers> = { ...signedIn, place, placeTitle: place }
const made: Partial<Answers> = { ...placed, repository: place, isMade: true, isSafe: true }

function openAt(step: Step, answers: Partial<Answers>, handlers: Handlers = {}): Promise<TestWindow> {
  return openWizard(new WizardScene(draftOf(step, { ...firstAnswers, ...answers }, false), [person]), {
    answers: handlers,
  })
}

test('says what is missing to sign in, and why Microsoft refused', async () => {
  const window = await openWizard(new WizardScene())
  const { page, api } = window
  const submit = page.getByRole('main').getByRole('button', { name: 'Sign in' }).last()
  await submit.click()
  await page.getByText('Enter the client ID of your app registration.').waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe(
    await page.getByLabel('Application (client) ID').getAttribute('id'),
  )
  await page.keyboard.type('my app')
  await submit.click()
  await page.getByText('A client ID looks like').waitFor()
  await window.expectAccessible()
  await page.getByLabel('Application (client) ID').fill('6f1d0c2a-91d1-4a51-b7b1-0d9a3a1f5c11')
  api.on('accounts.signIn', () => {
    throw new Refusal('auth.declined', { reason: 'no-browser' })
  })
  await submit.click()
  await page.getByText('No browser could be opened: sign in in a window of Holdfast, or with a code.').waitFor()
  await window.screenshot('wizard-1-sign-in-failed')
  await window.expectAccessible()
  await window.close()
})

test('shows the code of a device, and can be cancelled', async () => {
  let refuse: (cause: Refusal) => void = () => undefined
  const window = await openWizard(new WizardScene(), {
    answers: {
      'accounts.signIn': () => new Promise((_resolve, reject) => (refuse = reject)),
      'accounts.cancelSignIn': () => {
        refuse(new Refusal('cancelled'))
        return {}
      },
    },
  })
  const { page, api } = window
  await page.getByLabel('Application (client) ID').fill('6f1d0c2a-91d1-4a51-b7b1-0d9a3a1f5c11')
  await page.getByRole('radio', { name: 'With a code' }).check()
  await page.keyboard.press('Enter')
  await page.getByText('Asking for a code…').waitFor()
  await window.push('deviceCode', { code: 'F7KQ2L9XA', url: 'https://microsoft.com/devicelogin' })
  await page.getByText('F7KQ2L9XA').waitFor()
  await window.screenshot('wizard-1-device-code')
  await window.expectAccessible()
  await page.getByRole('button', { name: 'Open the sign-in page' }).click()
  await expect.poll(() => api.paramsOf('app.openLink')).toEqual([{ link: 'device-login' }])
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByLabel('Application (client) ID').waitFor()
  expect(await page.getByText('Signing in did not work').count()).toBe(0)
  await window.close()
})

test('names the permissions that are missing', async () => {
  const window = await openAt('what', signedIn, {
    'accounts.permissions': () => ({
      rows: [
        { permission: 'Mail.Read', types: ['mail'], granted: false, restore: false },
        { permission: 'Mail.ReadWrite', types: ['mail'], granted: false, restore: true },
      ],
      missing: 2,
    }),
  })
  const { page } = window
  await page.getByText('1 permission is missing').waitFor()
  await page.getByText('Show what is missing').click()
  await page.getByText('Mail.Read: for Mail').waitFor()
  await page.getByRole('switch', { name: 'All that the sign-in allows' }).click()
  await page.getByRole('button', { name: 'Calendars' }).click()
  await window.screenshot('wizard-2-what-missing')
  await window.expectAccessible()
  await window.close()
})

test('wants a folder that can be written to, and proposes one beside other files', async () => {
  const window = await openAt('where', signedIn)
  const { page, api } = window
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText('Choose a folder.', { exact: true }).waitFor()
  await window.expectAccessible()

  api.on('destinations.test', () => {
    throw new Refusal('store.permission', { place }, 'never')
  })
  await page.getByLabel('Folder', { exact: true }).fill(place)
  await page.keyboard.press('Enter')
  await page.getByText(`Access to ${place} is denied`).waitFor()
  await window.screenshot('wizard-3-where-denied')

  api.on('destinations.test', (asked) => ({
    state: asked.place === place ? 'other' : 'absent',
    writable: true,
    free: 2e9,
    total: 1e12,
  }))
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Use a folder “Holdfast” in it' }).click()
  await page.getByText('There is little room left').waitFor()
  expect(await page.getByLabel('Folder', { exact: true }).inputValue()).toBe(`${place}/Holdfast`)
  await window.expectAccessible()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { name: 'Choose a passphrase' }).waitFor()
  await window.close()
})

test('opens a repository that is there already', async () => {
  const window = await openAt('passphrase', placed, {
    'destinations.test': () => ({ state: 'repository', writable: true, free: null, total: null }),
  })
  const { page, api } = window
  await page.getByRole('heading', { name: 'Open the repository' }).waitFor()
  api.on('destinations.unlock', ({ passphrase }) => {
    if (passphrase !== 'right') throw new Refusal('repository.wrong-passphrase', { place })
    return { repository: 'r1' }
  })
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText('Enter the passphrase of the repository.').first().waitFor()
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByText(`The passphrase does not open the repository in ${place}`).waitFor()
  await window.screenshot('wizard-4-unlock')
  await window.expectAccessible()
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('right')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'When should it run?' }).waitFor()
  await window.close()
})

test('takes no passphrase that can be guessed, or that differs', async () => {
  const window = await openAt('passphrase', placed)
  const { page, api } = window
  await page.getByText(suggested).waitFor()
  await page.getByRole('radio', { name: 'My own' }).check()
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('Password123')
  await page.getByRole('button', { name: 'Save the recovery kit…' }).click()
  await page.getByText('This passphrase can be guessed').waitFor()
  await window.screenshot('wizard-4-passphrase-weak')
  await window.expectAccessible()
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('mauve trombone 47 gravel hovers sideways')
  await page.getByRole('textbox', { name: 'The same again' }).fill('mauve trombone')
  await page.getByText('The two are not the same.').waitFor()
  await page.getByRole('button', { name: 'Save the recovery kit…' }).click()
  expect(api.paramsOf('destinations.create')).toEqual([])
  await window.close()
})

test('tells why a repository cannot be made, and that a kit was not saved', async () => {
  const window = await openAt('passphrase', placed, { 'kit.save': () => ({ path: null }) })
  const { page, api } = window
  await page.getByText(suggested).waitFor()
  api.on('destinations.create', () => {
    throw new Refusal('store.full', { place })
  })
  await page.getByRole('button', { name: 'Save the recovery kit…' }).click()
  await page.getByText(`There is no room left in ${place}: make room and try again`).waitFor()
  await page.getByRole('button', { name: 'Choose another place' }).waitFor()
  api.on('destinations.create', () => ({ repository: 'r1' }))
  await page.getByRole('button', { name: 'Save the recovery kit…' }).click()
  await page.getByText('The recovery kit was not saved yet').waitFor()
  await window.expectAccessible()
  await window.close()
})

test('wants rules that keep something, and days to run on', async () => {
  const window = await openAt('schedule', made)
  const { page } = window
  await page.getByRole('radio', { name: 'My own rules' }).check()
  for (const label of ['Daily', 'Weekly', 'Monthly', 'Yearly']) await page.getByLabel(label, { exact: true }).fill('')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText('Enter how many snapshots stay').waitFor()
  await window.screenshot('wizard-5-schedule-custom')
  await window.expectAccessible()
  await page.getByLabel('Daily', { exact: true }).fill('30')
  await page.getByRole('radio', { name: 'Every few hours' }).check()
  await page.getByLabel('Every', { exact: true }).fill('4')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText('Every 4 hours').waitFor()
  await page.getByText('30 daily', { exact: true }).waitFor()
  await window.close()
})

test('saves the plan once, though it could not be started at first', async () => {
  const window = await openAt('summary', made)
  const { page, api } = window
  await page.getByLabel('Name of the plan').fill('')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText('Enter a name for the plan.').waitFor()
  await page.getByLabel('Name of the plan').fill('Mail of Ada')
  api.on('plans.run', () => {
    throw new Refusal('engine.stopped', {}, 'later')
  })
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText('The engine stopped in the middle of this.').waitFor()
  await window.expectAccessible()
  api.on('plans.run', () => ({ operation: runOperation }))
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByRole('heading', { name: 'The first run' }).waitFor()
  expect(api.paramsOf('plans.save').map(({ id, name }) => ({ id, name }))).toEqual([
    { id: null, name: 'Mail of Ada' },
    { id: 'plan-1', name: 'Mail of Ada' },
  ])

  await window.push('operationEnded', {
    ...goodResult,
    outcome: 'failed',
    figures: {},
    problem: { code: 'auth.sign-in-again', params: { reason: 'revoked', account: 'me' } },
  })
  await page.getByText('The sign-in of the account “me” was ended').waitFor()
  await page.getByRole('button', { name: 'Sign in again' }).waitFor()
  await window.screenshot('wizard-7-failed')
  await window.expectAccessible()
  api.on('plans.run', () => ({ operation: 'operation-2' }))
  await page.getByRole('button', { name: 'Run it again' }).click()
  await page.getByRole('button', { name: 'Stop' }).waitFor()
  await window.close()
})

test('says when the answers cannot be kept', async () => {
  const window = await openAt('what', signedIn, {
    'wizard.saveDraft': () => {
      throw new Refusal('store.full', {})
    },
  })
  await window.page.getByRole('button', { name: 'Not now' }).click()
  await window.page.getByText('Your answers could not be kept for later').waitFor()
  await window.page.getByRole('button', { name: 'Close' }).click()
  await window.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
  await window.close()
})
