import { renameSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { PlanDraft } from '../../src-shared/ipc/index.ts'
import { plantOffice } from '../demo/office.ts'
import { letterMime } from '../demo/letters.ts'
import { jonas, maria } from '../demo/office-mails.ts'
import { ask } from './support/ask.ts'
import { addPlan, passphrase, planName, signInPerson } from './support/command-line.ts'
import { Desktop, mainWindow } from './support/desktop.ts'
import { Gallery } from './support/gallery.ts'
import { backUp, draftOf, goTo, openScene, runPlan, type Scene } from './support/office-scene.ts'
import { signInAs } from './support/sign-in.ts'
import { backUpToEnd } from './support/tray.ts'
import { openPath } from './support/tree.ts'

const longTime = { timeout: 600_000 }

async function closeDialog(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).first().click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

async function chooseInMenu(page: Page, menu: string | RegExp, item: string): Promise<void> {
  await page.getByRole('button', { name: menu }).first().click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

test('every step of the wizard', longTime, async () => {
  const desktop = await Desktop.set(plantOffice)
  const app = await desktop.start()
  const page = await mainWindow(app)
  const gallery = new Gallery(app, page)
  const next = page.getByRole('button', { name: 'Next' })
  await page.getByLabel('Application (client) ID').fill(desktop.simulator.clientId)
  await gallery.look('wizard-1-sign-in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await signInAs(desktop, app, maria)
  await page.getByRole('heading', { name: 'What should be backed up?' }).waitFor()
  await gallery.look('wizard-2-what')
  await next.click()
  await app.answerDialog({ filePaths: [desktop.path('Backups')] })
  await page.getByRole('button', { name: 'Choose folder…' }).click()
  await page.waitForFunction(
    (path) => [...document.querySelectorAll('input')].some(({ value }) => value === path),
    desktop.path('Backups'),
  )
  await gallery.look('wizard-3-where')
  await next.click()
  await page.getByRole('heading', { name: 'Choose a passphrase' }).waitFor()
  await gallery.look('wizard-4-passphrase')
  await app.answerDialog({ filePath: desktop.path('kit.html') })
  await page.getByRole('button', { name: 'Save the recovery kit…' }).click()
  await page.getByText('The recovery kit is saved').waitFor()
  await page.getByRole('checkbox', { name: /safe place/ }).click()
  await next.click()
  await page.getByRole('heading', { name: 'When should it run' }).waitFor()
  await gallery.look('wizard-5-when')
  await next.click()
  await page.getByRole('button', { name: 'Back up now' }).waitFor()
  await gallery.look('wizard-6-summary')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText('Your first snapshot is there').waitFor()
  await gallery.look('wizard-7-done')
  expect(gallery.found).toEqual([])
  await app.close()
})

test('every page as long as there is nothing yet', longTime, async () => {
  const desktop = await Desktop.set(plantOffice)
  const app = await desktop.start()
  const page = await mainWindow(app)
  const gallery = new Gallery(app, page)
  for (const [at, name] of ['Home', 'Restore', 'Runs', 'Plans', 'Destinations', 'Accounts'].entries()) {
    await page.keyboard.press(`Control+${at + 1}`)
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await gallery.look(`empty-${name.toLowerCase()}`)
  }
  expect(gallery.found).toEqual([])
  await app.close()
})

/** Two plans with a history, one of which could not read everything. */
async function busyScene(): Promise<Scene> {
  const scene = await openScene(plantOffice)
  const { page, desktop } = scene
  const { tenant, faults } = desktop.simulator
  const retention = { ...draftOf(scene).retention, last: 30 }
  const plan = await backUp(scene, { name: 'Everything, every night', retention })
  for (const [at, subject] of ['Proofs of the cover', 'Visit on Friday'].entries()) {
    const date = `2026-11-2${at}T09:10:00Z`
    const letter = { from: `Jonas Weber <${jonas}>`, to: maria, subject, date, text: 'As we said this morning.' }
    tenant.addMessage(maria, 'inbox', letterMime(letter), { receivedDateTime: date })
    await runPlan(scene, plan)
  }
  const [lost] = tenant.messages(maria, 'archive')
  tenant.deleteMessage(maria, lost?.id ?? '', { permanent: true })
  await runPlan(scene, plan)
  const place = desktop.path('Second place')
  await ask(page, 'destinations.create', { place, passphrase: 'correct horse battery staple' })
  const unreadable = tenant.messages(jonas, 'inbox').slice(0, 3)
  faults.add({ kind: 'corrupt', match: { items: unreadable.map(({ id }) => id) } })
  const sources = draftOf(scene).sources.map((one) => ({ ...one, kinds: ['user' as const], types: ['mail'] }))
  const schedule: PlanDraft['schedule'] = {
    recurrence: { kind: 'hours', hours: 1 },
    quiet: { from: '08:00', to: '18:00' },
  }
  // Such a plan is due as soon as it is there, but in the quiet hours: it is not to begin by itself.
  await ask(page, 'app.setPaused', { paused: true })
  await backUp(scene, { name: 'Mail, every hour', place, schedule, sources })
  await ask(page, 'app.setPaused', { paused: false })
  await scene.app.reload(page)
  await page.getByRole('heading', { name: 'Everything, every night' }).first().waitFor()
  return scene
}

test('every page of a program with plans and a history', longTime, async () => {
  const { app, page } = await busyScene()
  const gallery = new Gallery(app, page)
  await gallery.look('home')

  await goTo(page, 'Runs')
  await page.getByRole('listitem').or(page.getByRole('option')).first().waitFor()
  await gallery.look('runs')
  await page.getByText('Mail, every hour').first().click()
  await page.getByText('What could not be read').waitFor()
  await gallery.look('run-details')

  await goTo(page, 'Plans')
  await gallery.look('plans')
  await page.getByRole('button', { name: 'Change Everything, every night' }).click()
  await page.getByRole('textbox', { name: 'Name' }).waitFor()
  await gallery.look('plan-editor')
  await page.getByRole('button', { name: 'All plans' }).click()
  await chooseInMenu(page, 'More about Everything, every night', 'Remove')
  await page.getByRole('alertdialog').or(page.getByRole('dialog')).waitFor()
  await gallery.look('plan-remove')
  await page.keyboard.press('Escape')

  await goTo(page, 'Destinations')
  await page.getByText('Size of the repository').nth(1).waitFor()
  await gallery.look('destinations')
  for (const item of ['Restore drill', 'Prune', 'Keys', 'Recovery kit']) {
    await chooseInMenu(page, /^More about /, item)
    await page.getByRole('dialog').waitFor()
    await gallery.look(`destination-${item.toLowerCase().replaceAll(' ', '-')}`)
    await closeDialog(page)
  }
  await page
    .getByRole('button', { name: /^Check now/ })
    .first()
    .click()
  await page.getByRole('dialog').waitFor()
  await gallery.look('destination-check')
  await closeDialog(page)

  await goTo(page, 'Accounts')
  await gallery.look('accounts')
  await chooseInMenu(page, /^More about /, 'Permissions')
  await page.getByRole('dialog').waitFor()
  await gallery.look('account-permissions')
  await closeDialog(page)
  await page.getByRole('button', { name: 'Add account' }).click()
  await page.getByRole('dialog').waitFor()
  await gallery.look('account-add')
  await closeDialog(page)

  await goTo(page, 'Settings')
  await gallery.look('settings')
  await goTo(page, 'About')
  await gallery.look('about')
  expect(gallery.found).toEqual([])
  await app.close()
})

test('every page of a program in trouble', longTime, async () => {
  const desktop = await Desktop.set(plantOffice)
  await signInPerson(desktop, 'maria', maria)
  await addPlan(desktop, { account: 'maria', user: maria })
  const app = await desktop.start()
  const page = await mainWindow(app)
  const gallery = new Gallery(app, page)
  await backUpToEnd(app, page)
  desktop.simulator.desk.endSessions(maria)
  desktop.simulator.tokens.expireAll()
  await backUpToEnd(app, page)
  await page.getByText(`${planName}: Sign-in needed`).waitFor()
  await gallery.look('trouble-home')
  await goTo(page, 'Runs')
  await page.getByRole('option').filter({ hasText: 'Failed' }).click()
  await page.getByRole('region', { name: planName }).waitFor()
  await gallery.look('trouble-run')

  await goTo(page, 'Accounts')
  await page
    .getByRole('button', { name: /^Sign in again/ })
    .first()
    .click()
  await page.getByRole('dialog').waitFor()
  await gallery.look('account-sign-in-again')
  await closeDialog(page)
  await chooseInMenu(page, /^More about /, 'Sign out')
  await page.getByRole('alertdialog').or(page.getByRole('dialog')).waitFor()
  await gallery.look('account-sign-out')
  await page.keyboard.press('Escape')

  await goTo(page, 'Restore')
  await page.getByRole('button', { name: 'Unlock' }).waitFor()
  await gallery.look('browse-locked')
  await page.getByLabel(/^Passphrase/).fill('not this one')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page.locator('[aria-invalid=true]').waitFor()
  await gallery.look('browse-wrong-passphrase')
  await page.getByLabel(/^Passphrase/).fill(passphrase)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page.getByRole('treeitem').first().waitFor()
  renameSync(desktop.path('repository'), desktop.path('gone'))
  await app.reload(page)
  await goTo(page, 'Destinations')
  await page.getByText('There is no repository in this place any more').waitFor()
  expect(await page.getByText('Size of the repository').count()).toBe(0)
  await gallery.look('destination-gone')
  // What the catalog knows is still there to be looked through.
  await goTo(page, 'Restore')
  await openPath(page, 'Users', maria, 'Mail', 'Inbox')
  await page.locator('[role=row][data-row="0"]').click()
  await page.getByRole('alert').first().waitFor()
  await gallery.look('browse-gone')
  expect(gallery.found).toEqual([])
  await app.close()
})

test('every state of the restore browser', longTime, async () => {
  const { app, page, desktop } = await busyScene()
  const gallery = new Gallery(app, page)
  await goTo(page, 'Restore')
  await page.getByRole('treeitem').first().waitFor()
  await gallery.look('browse')
  await openPath(page, 'Users', maria, 'Mail', 'Inbox')
  await page.getByRole('row', { name: /Quarterly figures/ }).click()
  await page.frameLocator('iframe').getByText('Export grows').waitFor()
  await gallery.look('browse-mail')
  await page.getByRole('row', { name: /Autumn on the quay/ }).click()
  await page.getByText(/remote images were blocked/).waitFor()
  await gallery.look('browse-mail-blocked')

  await page.getByRole('searchbox', { name: /Search subjects/ }).fill('catalogue')
  await page.getByRole('heading', { name: 'Search results' }).waitFor()
  await page.getByRole('row', { name: /Layout of the catalogue/ }).click()
  await page.frameLocator('iframe').getByText('a whole page').waitFor()
  await gallery.look('browse-search')
  await page.getByRole('button', { name: 'Filters' }).click()
  await gallery.look('browse-filters')
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: /Search subjects/ }).fill('nothing has this word in it')
  await page.getByText('Nothing was found').waitFor()
  await gallery.look('browse-nothing-found')
  await page.getByRole('button', { name: 'Back to the folders' }).click()

  await page
    .getByRole('treeitem', { name: /^Inbox/ })
    .locator('.box')
    .click()
  await gallery.look('browse-selected')
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Restore…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await gallery.look('restore-form')
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await dialog.getByText('This is what would be done').waitFor()
  await gallery.look('restore-dry-run')
  await dialog.getByRole('button', { name: 'Start restoring' }).click()
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().waitFor()
  await gallery.look('restore-done')
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Export…' }).click()
  await dialog.waitFor()
  await app.answerDialog({ filePaths: [desktop.path('Exported')] })
  await gallery.look('export')
  await closeDialog(page)

  await page.getByRole('button', { name: 'Compare…' }).click()
  await dialog.waitFor()
  await gallery.look('compare-choose')
  await dialog.getByRole('button', { name: 'Compare', exact: true }).click()
  await page.getByRole('button', { name: 'Close comparison' }).waitFor()
  await gallery.look('compare')
  expect(gallery.found).toEqual([])
  await app.close()
})
