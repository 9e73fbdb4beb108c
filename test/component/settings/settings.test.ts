import { afterAll, expect, test } from 'vitest'
import { aboutTexts } from '../../../src-renderer/src/lib/texts/about.ts'
import { usualPreferences } from '../support/default-answers.ts'
import { Refusal } from '../support/scripted-api.ts'
import { closeBrowser, openWindow } from '../support/test-window.ts'

afterAll(closeBrowser)

test('settings are kept as they are changed, and a refusal is told', async () => {
  const window = await openWindow({
    views: ['home', 'settings'],
    target: { view: 'settings' },
    answers: { 'app.setPreferences': () => usualPreferences },
  })
  const { page, api } = window
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect.poll(() => api.paramsOf('app.setPreferences')).toEqual([{ theme: 'dark' }])
  await page.getByLabel('Upload').fill('512')
  await expect.poll(() => api.paramsOf('app.setPreferences').at(-1)).toEqual({ limitUpload: 524_288 })
  await page.getByRole('switch', { name: /A check found damage/ }).click()
  const notifications: unknown = expect.objectContaining({ 'check-failed': false })
  await expect.poll(() => api.paramsOf('app.setPreferences').at(-1)).toEqual({ notifications })
  const calls = api.paramsOf('app.setPreferences').length
  await page.getByLabel(/nothing was backed up for/).fill('0')
  await page.getByText('Give a number from 1 to 365.').waitFor()
  expect(api.paramsOf('app.setPreferences')).toHaveLength(calls)
  api.on('app.setPreferences', () => {
    throw new Refusal('store.full', { place: 'the profile' }, 'later')
  })
  await page.getByRole('switch', { name: /Look for updates/ }).click()
  await page.getByText('The setting could not be saved').waitFor()
  await window.expectAccessible()
  await window.screenshot('settings')
  await window.close()
})

test('about says what this is and what it runs on', async () => {
  const window = await openWindow({
    views: ['home', 'about'],
    target: { view: 'about' },
    answers: { 'app.updates': () => ({ state: 'ready', version: '9.8.7' }) },
  })
  const { page, api } = window
  await page.getByRole('heading', { name: 'About Holdfast' }).waitFor()
  await page.getByText('Version 9.8.7 is ready.').waitFor()
  await page.getByRole('button', { name: /restic/ }).click()
  await expect.poll(() => api.paramsOf('app.openLink')).toEqual([{ link: 'restic' }])
  expect(await page.getByRole('button', { name: aboutTexts.license, exact: true }).count()).toBe(1)
  for (const absent of [aboutTexts.help, aboutTexts.releases])
    expect(await page.getByRole('button', { name: absent, exact: true }).count(), absent).toBe(0)
  await window.expectAccessible()
  await window.screenshot('about')
  await window.close()
})
