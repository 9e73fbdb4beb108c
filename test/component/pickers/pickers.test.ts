import { afterAll, expect, test } from 'vitest'
import { draftOf, firstAnswers, type Answers, type Step } from '../../../src-renderer/src/features/wizard/answers.ts'
import { Refusal, type Handlers } from '../support/scripted-api.ts'
import { closeBrowser, type TestWindow } from '../support/test-window.ts'
import { application, openWizard, person, WizardScene } from '../support/wizard-scene.ts'

afterAll(closeBrowser)

function openAt(step: Step, answers: Partial<Answers>, handlers: Handlers = {}): Promise<TestWindow> {
  const draft = draftOf(step, { ...firstAnswers, ...answers }, false)
  return openWizard(new WizardScene(draft, [person, application]), { answers: handlers })
}

test('draws few of thousands of users, and loads them as they show', async () => {
  const window = await openAt('what', { account: 'contoso', scope: 'chosen' })
  const { page, api } = window
  const options = page.getByRole('option')
  await page.getByRole('option', { name: /Person 0,/ }).waitFor()
  expect(await options.count()).toBeLessThan(40)
  expect(api.paramsOf('directory.roots')).toHaveLength(1)

  await page.getByRole('option', { name: /Person 0,/ }).focus()
  for (let pages = 0; pages < 3; pages++) {
    await page.keyboard.press('End')
    await page.getByRole('option', { name: new RegExp(`Person ${(pages + 1) * 200},`) }).waitFor()
  }
  expect(api.paramsOf('directory.roots').map(({ cursor }) => cursor)).toEqual([null, '200', '400', '600'])
  expect(await options.count()).toBeLessThan(60)
  await window.close()
})

test('searches at the server and keeps what was chosen over searches and kinds', async () => {
  const window = await openAt('what', { account: 'contoso', scope: 'chosen' })
  const { page, api } = window
  await page.getByRole('searchbox').fill('Person 12')
  await page.getByRole('option', { name: /Person 120,/ }).waitFor()
  await page.getByRole('option', { name: /Person 12,/ }).click()
  await page.keyboard.press('Space')
  await page.getByRole('searchbox').fill('Person 5999')
  await page.getByRole('option', { name: /Person 5999,/ }).click()
  await page.keyboard.press('Space')
  await page.getByText('2 chosen').waitFor()
  await page.getByRole('tab', { name: 'Groups' }).click()
  await page.getByRole('option', { name: /Sales/ }).click()
  await page.keyboard.press('Space')
  await page.getByText('3 chosen').waitFor()
  await window.screenshot('picker-roots')
  await window.expectAccessible()
  await page.getByRole('tab', { name: 'Users' }).click()
  await page.getByRole('searchbox').fill('Person 12')
  await page.getByRole('option', { name: /Person 120,/ }).waitFor()
  expect(await page.getByRole('option', { name: /Person 12,/ }).getAttribute('aria-selected')).toBe('true')
  await page.getByRole('button', { name: 'Remove Sales' }).click()
  await page.getByText('2 chosen').waitFor()
  await page.getByRole('searchbox').fill('nobody')
  await page.getByText('Nothing fits “nobody”').waitFor()
  expect(api.paramsOf('directory.roots').map(({ query }) => query)).toContain('Person 5999')
  await window.close()
})

test('says why users cannot be listed, and tries again', async () => {
  const window = await openAt(
    'what',
    { account: 'me', scope: 'chosen' },
    {
      'directory.roots': () => {
        throw new Refusal('graph.unreachable', {}, 'later')
      },
    },
  )
  const { page, api } = window
  await page.getByText('Microsoft Graph cannot be reached: check the connection, then try again.').waitFor()
  await window.expectAccessible()
  api.on('directory.roots', () => ({
    rows: [{ kind: 'user', id: 'u', name: 'ada@contoso.example', title: 'Ada' }],
    next: null,
    limited: true,
  }))
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('option', { name: /Ada/ }).waitFor()
  await page.getByText('This account may only see itself.').waitFor()
  await window.close()
})

test('makes the address of a library from site, library, folder and a new name', async () => {
  const window = await openAt('where', { account: 'contoso' })
  const { page, api } = window
  await page.getByRole('radio', { name: 'SharePoint' }).check()
  await page.getByRole('option', { name: /Intranet/ }).click()
  await page.getByText('Chosen: Intranet').waitFor()
  await page.getByText('466 GiB of 931 GiB free').waitFor()
  await page.getByRole('treeitem', { name: /Backups/ }).click()
  await page.getByText('Intranet / Documents / Backups / Holdfast').waitFor()
  await page.getByLabel('Name of the new folder').fill('Of 2026?')
  await page.getByRole('button', { name: 'Use this place' }).click()
  await page.getByText('OneDrive and SharePoint take no folder of that name').waitFor()
  await window.screenshot('picker-place')
  await window.expectAccessible()
  await page.getByLabel('Name of the new folder').fill('Of 2026')
  await page.getByRole('button', { name: 'Use this place' }).click()
  await page.getByText('Holdfast can write there').waitFor()
  expect(api.paramsOf('directory.place')).toMatchObject([
    { kind: 'sharepoint', root: { id: 's1' }, drive: { id: 'd1' }, folders: ['Backups', 'Of 2026'] },
  ])
  await page.getByRole('button', { name: 'Next', exact: true }).click()
  await page.getByRole('heading', { name: 'Choose a passphrase' }).waitFor()
  await window.close()
})

test('asks an application whose OneDrive it is, and a person not', async () => {
  const first = await openAt('where', { account: 'contoso', placeKind: 'onedrive' })
  await first.page.getByRole('group', { name: 'Whose OneDrive' }).waitFor()
  await first.page.getByRole('option', { name: /Person 1,/ }).click()
  await first.page.getByText('Chosen: Person 1').waitFor()
  await expect.poll(() => first.api.paramsOf('directory.drives')).toMatchObject([{ root: { kind: 'user', id: 'u1' } }])
  await first.close()

  const second = await openAt('where', { account: 'me', placeKind: 'onedrive' })
  await second.page.getByLabel('Name of the new folder').waitFor()
  expect(second.api.paramsOf('directory.drives')).toMatchObject([{ root: null }])
  await second.close()
})
