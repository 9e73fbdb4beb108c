import { afterAll, expect, test } from 'vitest'
import type { AccountRow } from '../../../src-shared/ipc/index.ts'
import { closeBrowser, openWindow } from '../support/test-window.ts'

afterAll(closeBrowser)

const ada: AccountRow = {
  name: 'ada',
  kind: 'person',
  username: 'ada@contoso.example',
  tenantId: '11111111-2222-4333-8444-555555555555',
  clientId: '6f1d0c2a-0000-4000-8000-000000000000',
  state: 'sign-in-needed',
  usedBy: ['Every night', 'The library of the marketing department with its very long name'],
}
const whole: AccountRow = { ...ada, name: 'contoso', kind: 'application', username: null, state: 'good', usedBy: [] }

test('accounts say how they are, and what they may', async () => {
  const window = await openWindow({
    views: ['home', 'accounts'],
    target: { view: 'accounts' },
    answers: {
      'accounts.list': () => [ada, whole],
      'accounts.signOut': () => ({}),
      'accounts.permissions': () => ({
        rows: [
          { permission: 'Mail.Read', types: ['mail'], granted: true, restore: false },
          { permission: 'Files.Read.All', types: ['onedrive', 'libraries'], granted: false, restore: false },
          { permission: 'Mail.ReadWrite', types: ['mail'], granted: false, restore: true },
        ],
        missing: 1,
      }),
    },
  })
  const { page, api } = window
  await page.getByText('Sign-in needed').first().waitFor()
  await window.expectAccessible()
  await window.screenshot('accounts')
  await page.getByRole('button', { name: 'More about “contoso”' }).click()
  await page.getByRole('menuitem', { name: 'Permissions' }).click()
  await page.getByText('1 permission is missing').waitFor()
  await window.expectAccessible()
  await window.screenshot('accounts-permissions')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'More about “ada”' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByText(/^Every night and .* cannot run/).waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await expect.poll(() => api.paramsOf('accounts.signOut')).toEqual([{ name: 'ada' }])
  await window.close()
})

test('a notification about a sign-in opens the form for that account; none yet says what to do', async () => {
  const window = await openWindow({
    views: ['home', 'accounts'],
    target: { view: 'accounts', account: 'ada' },
    answers: { 'accounts.list': () => [ada] },
  })
  const { page, api } = window
  await page.getByRole('dialog', { name: 'Sign in “ada” again' }).waitFor()
  await window.expectAccessible()
  await page.keyboard.press('Escape')
  api.on('accounts.list', () => [])
  await window.push('changed', { what: ['accounts'] })
  await page.getByText('No account yet').waitFor()
  await window.close()
})
