import { readdirSync, readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { aiko, inbox, maria } from '../demo/office-mails.ts'
import { plantOffice } from '../demo/office.ts'
import type { AppDriver } from '../support/electron-host/launch.ts'
import { settled } from './support/gallery.ts'
import { backUp, goTo, openScene, type Scene } from './support/office-scene.ts'
import { measured } from './support/page-measures.ts'
import { openPath } from './support/tree.ts'

const longTime = { timeout: 300_000 }

async function openBrowser(): Promise<Scene> {
  const scene = await openScene(plantOffice)
  await backUp(scene)
  await scene.app.reload(scene.page)
  await scene.page.getByRole('heading', { name: 'Contoso' }).first().waitFor()
  await goTo(scene.page, 'Restore')
  await scene.page.getByRole('treeitem').first().waitFor()
  return scene
}

/** Searches, and gives the result that fits. What was found before shows until then. */
async function find(page: Page, words: string, row: RegExp): Promise<Locator> {
  await measured(page, 'browse:search', () => page.getByRole('searchbox', { name: /Search subjects/ }).fill(words))
  const found = page.getByRole('region', { name: 'Search results' }).getByRole('row', { name: row }).first()
  await found.waitFor()
  return found
}

function previewOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Preview' })
}

/** Selects folders of the tree and opens a dialog with them. */
async function withFolder(page: Page, folder: RegExp, what: 'Restore…' | 'Export…'): Promise<Locator> {
  await page.getByRole('treeitem', { name: folder }).locator('.box').click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: what }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}

async function chooseFolder(app: AppDriver, dialog: Locator, path: string): Promise<void> {
  await app.answerDialog({ filePaths: [path] })
  await dialog.getByRole('button', { name: 'Choose…' }).click()
  await expect.poll(() => dialog.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe(path)
}

/** The number beside a word in the dialog. */
async function figure(dialog: Locator, word: string): Promise<number> {
  const value = dialog.locator('dt', { hasText: word }).locator('xpath=following-sibling::dd[1]')
  return Number((await value.innerText()).replaceAll(',', ''))
}

/** The date of each mail as people see it, so that titles that repeat are told apart. */
function mailsIn(scene: Scene, user: string, folder: string): readonly string[] {
  return scene.desktop.simulator.tenant
    .messages(user)
    .filter(({ folderPath }) => folderPath.includes(folder))
    .map(({ subject, receivedDateTime }) => `${receivedDateTime} ${subject ?? ''}`)
    .sort()
}

test('a search finds mails by their text, people and dates', longTime, async () => {
  const { page, app } = await openBrowser()
  await find(page, 'photos of the workshop', /Layout of the catalogue/)
  expect(await page.getByRole('row', { name: /Café at noon/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByRole('textbox', { name: 'From' }).fill('nora')
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: /Search subjects/ }).fill('')
  await page.getByRole('row', { name: /Offer for 2,000 catalogues/ }).waitFor()
  await page.getByText(/^[12] found$/).waitFor()
  await page.getByRole('button', { name: 'Back to the folders' }).click()
  await page.getByText('Choose a folder on the left').waitFor()
  await app.close()
})

test('every kind of item is shown as what it is', longTime, async () => {
  const { page, app } = await openBrowser()
  const preview = previewOf(page)
  const frame = preview.frameLocator('iframe')
  const seen = (text: string): Locator => preview.getByText(text).first()
  const expected: readonly (readonly [words: string, row: RegExp, sign: Locator])[] = [
    ['figures', /Quarterly figures/, frame.getByText('Export grows')],
    ['proofs', /Catalogue: last proofs/, seen('Room Harbour')],
    ['lindqvist', /Nora Lindqvist.*nora@printer|Nora Lindqvist/, preview.getByText('Lindqvist Printing')],
    ['contents', /Contents\.txt/, seen('Twelve new things')],
    ['proof', /Proof\.pdf/, preview.locator('canvas').first()],
    ['mark', /Mark\.png/, preview.getByRole('img', { name: /Mark\.png/ })],
    ['raw photos', /Raw photos\.zip/, seen('Raw photos.zip')],
    ['printer', /Send the catalogue to the printer/, seen('Photos of the workshop')],
    ['stand', /Book the stand/, frame.getByText('Hall 3, near the door')],
    ['blue lamp', /Names for the blue lamp/, frame.getByText('Lantern')],
    ['cover blue', /dealers|cover/i, frame.getByText('Blue it is.').or(seen('Blue it is.'))],
    ['rent tents', /Rain/, seen('Rent tents')],
  ]
  const missing: string[] = []
  for (const [words, row, sign] of expected) {
    try {
      await (await find(page, words, row)).click()
      await sign.waitFor()
    } catch (error) {
      missing.push(`${words}: ${String(error).split('\n')[0] ?? ''}: ${await preview.innerText()}`)
    }
  }
  expect(missing).toEqual([])
  await app.close()
})

test('an attachment is saved with the same bytes', longTime, async () => {
  const { page, app, desktop } = await openBrowser()
  await (await find(page, 'figures', /Quarterly figures/)).click()
  const path = desktop.path('saved.pdf')
  await app.answerDialog({ filePath: path })
  await previewOf(page).getByRole('button', { name: 'Save “Figures Q3.pdf”' }).click()
  await page.getByText('“Figures Q3.pdf” was saved').waitFor()
  const [letter] = inbox
  expect(readFileSync(path).equals(letter?.files?.[0]?.bytes ?? Buffer.alloc(0))).toBe(true)
  await app.close()
})

test('a dry run changes nothing and counts what the restore to another user then makes', longTime, async () => {
  const scene = await openBrowser()
  const { page, app } = scene
  await openPath(page, 'Users', maria, 'Mail', 'Inbox')
  const before = mailsIn(scene, maria, 'Dealers')
  expect(before.length).toBeGreaterThan(5)
  await page.keyboard.press('ArrowRight')
  const dialog = await withFolder(page, /^Dealers/, 'Restore…')
  await dialog.getByRole('radio', { name: /To another user/ }).click()
  await dialog.getByRole('option', { name: /Aiko Tanaka/ }).click()
  await dialog.getByRole('button', { name: 'Check first' }).click()
  await dialog.getByText('This is what would be done').waitFor()
  const expected = await figure(dialog, 'Would be created')
  expect(expected).toBe(before.length)
  expect(mailsIn(scene, aiko, 'Dealers')).toEqual([])
  await dialog.getByRole('button', { name: 'Start restoring' }).click()
  await dialog.getByText('All of it is there.').waitFor()
  expect(await figure(dialog, 'Created')).toBe(expected)
  expect(mailsIn(scene, aiko, 'Dealers')).toEqual(before)
  expect(mailsIn(scene, maria, 'Dealers')).toEqual(before)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await settled(page)
  await app.close()
})

test(
  'a folder of mails is restored to a folder of this machine, and exported as one mailbox file',
  longTime,
  async () => {
    const scene = await openBrowser()
    const { page, app, desktop } = scene
    const all = mailsIn(scene, maria, 'Dealers')
    await openPath(page, 'Users', maria, 'Mail', 'Inbox')
    await page.keyboard.press('ArrowRight')
    const dialog = await withFolder(page, /^Dealers/, 'Restore…')
    await dialog.getByRole('radio', { name: /To a folder on this machine/ }).click()
    await chooseFolder(app, dialog, desktop.path('restored'))
    await dialog.getByRole('button', { name: 'Check first' }).click()
    await dialog.getByRole('button', { name: 'Start restoring' }).click()
    await dialog.getByText('All of it is there.').waitFor()
    const files = readdirSync(desktop.path('restored'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((name) => name.endsWith('.eml'))).toHaveLength(all.length)
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Export…' }).click()
    await dialog.getByRole('radio', { name: /Mailboxes \(\.mbox\)/ }).click()
    await chooseFolder(app, dialog, desktop.path('exported'))
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    await dialog.getByText('Exported', { exact: true }).waitFor()
    const [mailbox = ''] = readdirSync(desktop.path('exported'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.mbox'),
    )
    const text = readFileSync(desktop.path('exported', mailbox), 'utf8')
    expect(text.match(/^From /gm)).toHaveLength(all.length)
    await app.close()
  },
)
