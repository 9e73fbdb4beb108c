import { afterAll, expect, test } from 'vitest'
import { Refusal } from '../support/scripted-api.ts'
import { closeBrowser, openWindow } from '../support/test-window.ts'
import { answers, detailed, everyNight, longName, place } from './pretend-plans.ts'

afterAll(closeBrowser)

const views = ['home', 'plans', 'runs', 'accounts']

test('plans say what they do; one is paused, duplicated, removed', async () => {
  const window = await openWindow({
    views,
    target: { view: 'plans' },
    answers: { ...answers, 'plans.remove': () => ({}), 'plans.setPaused': () => ({}) },
  })
  const { page, api } = window
  await page.getByText('All users, groups, and sites (as contoso)').waitFor()
  await page.getByText('Monday, Thursday at 06:30, not between 08:00 and 18:00').waitFor()
  await page.getByText('14 daily, 8 weekly, 24 monthly').first().waitFor()
  await window.expectAccessible()
  await window.screenshot('plans')
  await page.getByRole('button', { name: 'More about Every night' }).click()
  await page.getByRole('menuitem', { name: 'Pause' }).click()
  await expect.poll(() => api.paramsOf('plans.setPaused')).toEqual([{ plan: 'p1', paused: true }])

  await page.getByRole('button', { name: 'More about Every night' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  const dialog = page.getByRole('dialog', { name: 'Remove the plan “Every night”?' })
  await dialog.getByText(`The repository in ${place} stays as it is`).waitFor()
  await window.expectAccessible()
  await window.screenshot('plans-remove')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect.poll(() => api.paramsOf('plans.remove')).toEqual([{ plan: 'p1' }])

  await page.getByRole('button', { name: 'More about Every night' }).click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await page.getByRole('heading', { level: 1, name: 'New plan' }).waitFor()
  await expect.poll(() => page.getByRole('textbox', { name: /^Name/ }).inputValue()).toBe('Every night (copy)')
  await window.close()
})

test('a plan with everything in it is shown and saved as it was', async () => {
  const window = await openWindow({
    views,
    target: { view: 'plans', plan: 'p2' },
    answers: { ...answers, 'plans.save': () => ({ plan: 'p2' }) },
  })
  const { page, api } = window
  await page.getByRole('heading', { level: 1, name: longName }).waitFor()
  await page.getByText('Source 2').first().waitFor()
  await page.getByRole('button', { name: 'Remove contoso.example/sites/marketing' }).waitFor()
  await expect.poll(() => page.getByRole('checkbox', { name: 'Mail', exact: true }).isChecked()).toBe(true)
  await expect
    .poll(() => page.getByLabel('Leave out what fits').first().inputValue())
    .toBe('users/*/mailbox/Junk\ntype:notes')
  await window.expectAccessible()
  await window.screenshot('plans-editor')
  await page.getByRole('heading', { name: 'How long snapshots stay' }).scrollIntoViewIfNeeded()
  await window.screenshot('plans-editor-below')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => api.paramsOf('plans.save')).toEqual([detailed])
  await page.getByText(`The plan “${longName}” is saved`).waitFor()
  await page.getByRole('heading', { level: 1, name: 'Plans' }).waitFor()
  await window.close()
})

test('what is missing is said at its field, and the first one gets the keyboard', async () => {
  const window = await openWindow({
    views,
    target: { view: 'plans' },
    answers: { ...answers, 'plans.save': () => ({ plan: 'p9' }) },
  })
  const { page, api } = window
  await page.getByRole('button', { name: 'New plan' }).click()
  await page.getByRole('checkbox', { name: 'Users' }).uncheck()
  await page.getByRole('checkbox', { name: 'Groups' }).uncheck()
  await page.getByRole('checkbox', { name: 'Sites' }).uncheck()
  await page.getByRole('radio', { name: 'Every few hours' }).check()
  await page.getByRole('spinbutton', { name: 'Every', exact: true }).fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('4 entries need attention').waitFor()
  for (const sentence of [
    'Enter a name for the plan.',
    'Choose users, groups or sites.',
    'Choose where the snapshots go.',
    'Enter a number of hours from 1 to 8784.',
  ])
    await page.getByText(sentence).waitFor()
  await expect
    .poll(() => page.getByRole('textbox', { name: /^Name/ }).evaluate((field) => field.matches(':focus')))
    .toBe(true)
  await window.expectAccessible()
  await window.screenshot('plans-problems')
  await page.getByRole('textbox', { name: /^Name/ }).fill('Mailboxes')
  await page.getByRole('checkbox', { name: 'Users' }).check()
  await page.getByRole('switch', { name: /All that the sign-in allows/ }).click()
  await page.getByRole('checkbox', { name: 'Calendars' }).uncheck()
  await page.getByRole('radio', { name: place }).check()
  await page.getByRole('spinbutton', { name: 'Every', exact: true }).fill('4')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(() => api.paramsOf('plans.save'))
    .toMatchObject([
      {
        id: null,
        name: 'Mailboxes',
        place,
        sources: [{ account: 'contoso', kinds: ['user'], roots: null, types: ['mail', 'onedrive'] }],
        schedule: { recurrence: { kind: 'hours', hours: 4 }, quiet: null },
        retention: { daily: 14, weekly: 8, monthly: 24, yearly: 10 },
      },
    ])
  await window.close()
})

test('the preview says which snapshots would go, why others stay, and what becomes free', async () => {
  const now = Date.now()
  const window = await openWindow({
    views,
    target: { view: 'plans', plan: 'p1' },
    answers: {
      ...answers,
      'plans.previewRetention': () => ({
        rows: Array.from({ length: 300 }, (_none, index) => ({
          snapshot: index.toString(16).padStart(64, '0'),
          time: now - index * 86_400_000,
          kept: index < 14,
          reasons: index < 14 ? ['daily snapshot', ...(index % 7 === 0 ? ['weekly snapshot'] : [])] : [],
        })),
        freed: 5e8,
      }),
    },
  })
  const { page, api } = window
  await page.getByRole('spinbutton', { name: 'One a day' }).fill('10')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByText('286 snapshots would go').waitFor()
  await page.getByText('14 stay. About 477 MiB would become free when the repository is pruned.').waitFor()
  await page.getByText('one of its day, one of its week').first().waitFor()
  expect(api.paramsOf('plans.previewRetention')).toEqual([
    { plan: 'p1', retention: { ...everyNight.retention, daily: 10 } },
  ])
  await window.expectAccessible()
  await window.screenshot('plans-preview')
  await window.close()
})

test('changes are asked about, and outlast a look at another page', async () => {
  const window = await openWindow({ views, target: { view: 'plans', plan: 'p1' }, answers })
  const { page } = window
  const name = page.getByRole('textbox', { name: /^Name/ })
  await name.fill('Every evening')
  await page.getByRole('button', { name: 'All plans' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.getByText('What you changed in “Every evening” is lost.').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await window.push('navigate', { view: 'accounts' })
  await page.getByText('A plan has changes that are not saved').waitFor()
  await page.getByRole('button', { name: 'Go on with it' }).click()
  await page.getByText('These changes are not saved yet').waitFor()
  await expect.poll(() => name.inputValue()).toBe('Every evening')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await dialog.getByRole('button', { name: 'Discard the changes' }).click()
  await page.getByRole('button', { name: 'New plan' }).waitFor()
  await window.close()
})

test('no plan leads to the wizard; what cannot be read or opened can be asked for again', async () => {
  const window = await openWindow({
    views,
    target: { view: 'plans' },
    answers: { ...answers, 'plans.list': () => [] },
  })
  const { page, api } = window
  await page.getByRole('button', { name: 'Set up the first plan' }).waitFor()
  await window.expectAccessible()
  await window.screenshot('plans-empty')
  api.on('plans.list', () => {
    throw new Refusal('engine.stopped', {}, 'later')
  })
  await window.push('changed', { what: ['plans'] })
  await page.getByText('The plans could not be read').waitFor()
  api.on('plans.get', () => {
    throw new Refusal('engine.stopped', {}, 'later')
  })
  await window.push('navigate', { view: 'plans', plan: 'p1' })
  await page.getByText('The plan could not be opened').waitFor()
  await window.expectAccessible()
  api.on('plans.get', () => everyNight)
  await window.push('changed', { what: ['plans'] })
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { level: 1, name: 'Every night' }).waitFor()
  await window.close()
})
