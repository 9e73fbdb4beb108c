import { afterAll, expect, test } from 'vitest'
import { Refusal } from '../support/scripted-api.ts'
import { closeBrowser, openWindow } from '../support/test-window.ts'
import { answers, drive, drivePlace } from './pretend-plans.ts'

afterAll(closeBrowser)

const views = ['home', 'plans', 'runs', 'accounts']
const folder = '/media/other/Backup'

test('a plan gets a new repository in a folder', async () => {
  const window = await openWindow({
    views,
    target: { view: 'plans', plan: 'p1' },
    answers: {
      ...answers,
      'app.chooseFolder': () => ({ path: folder }),
      'destinations.test': () => ({ state: 'absent', writable: true, free: 5e11, total: 1e12 }),
      'destinations.create': () => ({ repository: 'r2' }),
      'plans.save': () => ({ plan: 'p1' }),
    },
  })
  const { page, api } = window
  await page.getByRole('radio', { name: 'Another place' }).check()
  await page.getByRole('button', { name: 'Choose folder…' }).click()
  await page.getByText('Holdfast can write there').waitFor()
  await page.getByText('harvest-copper-lantern-mosaic-drift-willow').waitFor()
  await window.expectAccessible()
  await window.screenshot('plans-new-place')
  await page.getByRole('button', { name: 'Make the repository' }).click()
  await expect
    .poll(() => api.paramsOf('destinations.create'))
    .toEqual([{ place: folder, passphrase: 'harvest-copper-lantern-mosaic-drift-willow' }])
  await page.getByText('The snapshots until now stay in the place before').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => api.paramsOf('plans.save')[0]?.place).toBe(folder)
  await window.close()
})

test('a repository that is there already, and one that is locked, ask for the passphrase', async () => {
  const window = await openWindow({
    views,
    target: { view: 'plans', plan: 'p1' },
    answers: {
      ...answers,
      'app.chooseFolder': () => ({ path: folder }),
      'destinations.test': () => ({ state: 'repository', writable: true, free: 5e11, total: 1e12 }),
      'destinations.unlock': () => {
        throw new Refusal('repository.wrong-passphrase')
      },
    },
  })
  const { page, api } = window
  await page.getByRole('radio', { name: 'Another place' }).check()
  await page.getByRole('button', { name: 'Choose folder…' }).click()
  await page.getByText('There is a repository in this place already').waitFor()
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('wrong')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('textbox', { name: 'Passphrase' }).getAttribute('aria-invalid')).toBe('true')
  await page.getByRole('radio', { name: drive.title }).check()
  await page.getByText('This repository is locked').waitFor()
  await window.expectAccessible()
  await window.screenshot('plans-locked-place')
  api.on('destinations.unlock', () => ({ repository: 'r1' }))
  api.on('destinations.list', () => [{ ...drive, unlocked: true }])
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('right')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect.poll(() => page.getByText('This repository is locked').count()).toBe(0)
  expect(api.paramsOf('destinations.unlock').at(-1)).toEqual({ place: drivePlace, passphrase: 'right' })
  await window.close()
})
