import { afterAll, expect, test } from 'vitest'
import { draftOf, firstAnswers } from '../../../src-renderer/src/features/wizard/answers.ts'
import { closeBrowser } from '../support/test-window.ts'
import { application, openWizard, person, suggested, WizardScene } from '../support/wizard-scene.ts'

afterAll(closeBrowser)

const secret = 'the-secret-of-the-application'
const own = 'mauve trombone 47 gravel hovers sideways'
const registered = '6f1d0c2a-91d1-4a51-b7b1-0d9a3a1f5c11'

test('goes on where it was left, and then does not come by itself', async () => {
  const scene = new WizardScene()
  const first = await openWizard(scene)
  await first.page.getByLabel('Application (client) ID').fill(registered)
  await first.page.keyboard.press('Enter')
  await first.page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  await first.page.getByRole('radio', { name: 'Only some' }).check()
  await first.page.getByRole('option', { name: /Person 3,/ }).click()
  await first.page.keyboard.press('Space')
  await first.page.getByText('1 chosen').waitFor()
  await first.page.getByRole('button', { name: 'Not now' }).click()
  await first.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
  await first.close()
  expect(scene.draft).toMatchObject({ step: 'what', answers: { account: 'me', scope: 'chosen', left: true } })

  const second = await openWizard(scene)
  await second.page.getByRole('button', { name: 'Home', exact: true }).waitFor()
  await second.push('navigate', { view: 'wizard' })
  await second.page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  await second.page.getByText('1 chosen').waitFor()
  await second.page.getByRole('list', { name: 'Chosen' }).getByText('Person 3').waitFor()
  await second.close()
})

test('comes by itself when the window was closed in the middle', async () => {
  const answers = { ...firstAnswers, account: 'me', place: '/media/disk/Holdfast', placeTitle: '/media/disk/Holdfast' }
  const window = await openWizard(new WizardScene(draftOf('passphrase', answers, false), [person]))
  await window.page.getByRole('heading', { name: 'Choose a passphrase' }).waitFor()
  await window.page.getByText(suggested).waitFor()
  await window.close()
})

test('does not ask for the passphrase again once the repository is made', async () => {
  const place = '/media/disk/Holdfast'
  const answers = { ...firstAnswers, account: 'me', place, placeTitle: place, repository: place, isMade: true }
  const window = await openWizard(new WizardScene(draftOf('passphrase', answers, false), [person]))
  await window.page.getByText('The repository is ready').waitFor()
  await window.page.getByRole('button', { name: 'Next' }).click()
  await window.page.getByText('Save the recovery kit, put it in a safe place').waitFor()
  expect(window.api.paramsOf('destinations.create')).toEqual([])
  await window.close()
})

test('begins with the sign-in when the account is not there any more', async () => {
  const answers = { ...firstAnswers, account: 'gone', place: '/x', placeTitle: '/x' }
  const window = await openWizard(new WizardScene(draftOf('summary', answers, false)))
  await window.page.getByRole('heading', { name: 'Sign in to Microsoft 365' }).waitFor()
  await window.close()
})

test('keeps no secret and no passphrase in the draft', async () => {
  const scene = new WizardScene()
  const window = await openWizard(scene)
  const { page, api } = window
  await page.getByRole('radio', { name: 'An application' }).check()
  await page.getByLabel('Application (client) ID').fill(registered)
  await page.getByRole('textbox', { name: 'Tenant' }).fill('contoso.example')
  await page.getByRole('textbox', { name: 'Client secret' }).fill(secret)
  await window.screenshot('wizard-1-application')
  await page.keyboard.press('Enter')
  await page.getByText('6,000 users').waitFor()
  await window.screenshot('wizard-2-what-tenant')
  await window.expectAccessible()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Choose folder…' }).click()
  await page.getByText('Holdfast can write there').waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('radio', { name: 'My own' }).check()
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(own)
  await page.getByText('Strong').waitFor()
  await page.getByRole('textbox', { name: 'The same again' }).fill(own)
  await page.getByRole('checkbox', { name: /safe place/ }).check()
  await window.screenshot('wizard-4-passphrase-own')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { name: 'When should it run?' }).waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { name: 'Ready for the first run' }).waitFor()

  expect(api.paramsOf('accounts.signInApplication')).toMatchObject([{ credential: { kind: 'secret', secret } }])
  expect(api.paramsOf('destinations.create')).toMatchObject([{ passphrase: own }])
  expect(scene.drafts.length).toBeGreaterThan(4)
  const kept = JSON.stringify(scene.drafts)
  expect(kept).toContain(application.name)
  for (const hidden of [secret, own, suggested]) expect(kept).not.toContain(hidden)
  await window.close()
})

test('keeps the answers when going back', async () => {
  const answers = { ...firstAnswers, account: 'me', place: '/media/disk/Holdfast', placeTitle: '/media/disk/Holdfast' }
  const place = '/media/disk/Holdfast'
  const draft = draftOf('schedule', { ...answers, repository: place, isMade: true, isSafe: true }, false)
  const window = await openWizard(new WizardScene(draft, [person]))
  const { page } = window
  await page.getByRole('radio', { name: 'On some days' }).check()
  await page.getByRole('button', { name: 'Sunday' }).click()
  await page.getByLabel('At', { exact: true }).fill('21:15')
  await page.getByRole('button', { name: 'Back', exact: true }).click()
  await page.getByRole('button', { name: 'Back', exact: true }).click()
  await page.getByText('Holdfast can write there').waitFor()
  expect(await page.getByLabel('Folder', { exact: true }).inputValue()).toBe(place)
  await page.getByRole('button', { name: 'When' }).click()
  expect(await page.getByRole('button', { name: 'Sunday' }).getAttribute('aria-pressed')).toBe('true')
  expect(await page.getByLabel('At', { exact: true }).inputValue()).toBe('21:15')
  await window.close()
})
