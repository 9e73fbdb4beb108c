import { afterAll, expect, test } from 'vitest'
import { Refusal } from '../support/scripted-api.ts'
import { closeBrowser } from '../support/test-window.ts'
import { application, clientId, openWizard, WizardScene } from '../support/wizard-scene.ts'

afterAll(closeBrowser)

test('makes a certificate, and waits until it is uploaded', async () => {
  const certificate = '/home/ada/.config/Holdfast/contoso.pem'
  const window = await openWizard(new WizardScene(), {
    answers: { 'accounts.signInApplication': () => ({ account: application, certificate }) },
  })
  const { page, api } = window
  await page.getByRole('radio', { name: 'An application' }).check()
  await page.getByLabel('Application (client) ID').fill(clientId)
  await page.getByRole('textbox', { name: 'Tenant' }).fill('contoso.example')
  await page.getByRole('radio', { name: 'Create a certificate' }).check()
  await page.keyboard.press('Enter')
  await page.getByText('The certificate is made').waitFor()
  await page.getByText(certificate).waitFor()
  await window.screenshot('wizard-1-certificate')
  await window.expectAccessible()
  await page.getByRole('button', { name: 'Show the file' }).click()
  await expect.poll(() => api.paramsOf('app.showInFolder')).toEqual([{ path: certificate }])
  await page.getByRole('button', { name: 'I have uploaded it' }).click()
  await page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  expect(api.paramsOf('accounts.signInApplication')).toEqual([
    {
      name: 'contoso',
      clientId,
      tenantId: 'contoso.example',
      cloud: 'global',
      credential: { kind: 'create-certificate' },
    },
  ])
  await window.close()
})

test('reads a certificate from a file, with its password', async () => {
  const window = await openWizard(new WizardScene(), {
    answers: { 'app.chooseFile': () => ({ path: '/home/ada/holdfast.pfx' }) },
  })
  const { page, api } = window
  await page.getByRole('radio', { name: 'An application' }).check()
  await page.getByLabel('Application (client) ID').fill(clientId)
  await page.getByRole('textbox', { name: 'Tenant' }).fill('contoso.example')
  await page.getByRole('radio', { name: 'Certificate', exact: true }).check()
  await page.keyboard.press('Enter')
  await page.getByText('Choose the certificate file.').waitFor()
  await page.getByRole('button', { name: 'Choose file…' }).click()
  const file = page.getByRole('textbox', { name: 'Certificate file' })
  await expect.poll(() => file.inputValue()).toBe('/home/ada/holdfast.pfx')
  api.on('accounts.signInApplication', () => {
    throw new Refusal('auth.certificate-password', { reason: 'missing' })
  })
  await page.getByLabel('Application (client) ID').press('Enter')
  await page.getByText('The certificate file is protected by a password: enter it.').waitFor()
  await page.getByRole('textbox', { name: 'Password of the file' }).fill('of the file')
  api.on('accounts.signInApplication', () => ({ account: application, certificate: null }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  expect(api.paramsOf('accounts.signInApplication').map(({ credential }) => credential)).toEqual([
    { kind: 'certificate', file: '/home/ada/holdfast.pfx', password: null },
    { kind: 'certificate', file: '/home/ada/holdfast.pfx', password: 'of the file' },
  ])
  await window.close()
})

test('signs in again with an account that has to', async () => {
  const account = { ...application, kind: 'person', name: 'me', state: 'sign-in-needed' } as const
  const window = await openWizard(new WizardScene(null, [account]))
  const { page, api } = window
  await page.getByText('This account has to sign in again').waitFor()
  expect(await page.getByLabel('Application (client) ID').inputValue()).toBe(clientId)
  await window.expectAccessible()
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).last().click()
  await page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  expect(api.paramsOf('accounts.signIn')).toMatchObject([{ name: 'me', how: 'window' }])
  await window.close()
})
