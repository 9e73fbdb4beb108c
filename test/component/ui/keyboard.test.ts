import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Gallery } from './gallery.ts'

let gallery: Gallery
let page: Page

beforeAll(async () => {
  gallery = await Gallery.open()
})

afterAll(() => gallery.close())

const text = (id: string): Promise<string | null> => page.locator(`#${id}`).textContent()
const focused = (attribute: string): Promise<string | null> => page.locator(':focus').getAttribute(attribute)
const showsText = (id: string, words: string): Promise<void> =>
  page.locator(`#${id}`).getByText(words, { exact: true }).waitFor()

const bottom = (box: { y: number; height: number } | null): number => (box === null ? NaN : box.y + box.height)

describe('a table of a million rows', () => {
  beforeEach(async () => {
    ;({ page } = await gallery.page({ part: 'rows' }))
    await page.getByText('Message number 0', { exact: true }).waitFor()
    await page.locator('[role=row][data-row="0"]').focus()
  })

  test('draws only what shows, and says how many there are', async () => {
    expect(await page.locator('[role=row][data-row]').count()).toBeLessThan(60)
    expect(await page.getByRole('grid', { name: 'Messages' }).getAttribute('aria-rowcount')).toBe('1000001')
  })

  test('goes to the last row and back', async () => {
    await page.keyboard.press('End')
    await page.getByText('Message number 999999', { exact: true }).waitFor()
    expect(await focused('aria-rowindex')).toBe('1000001')
    const box = await page.locator(':focus').boundingBox()
    const table = await page.getByRole('grid', { name: 'Messages' }).boundingBox()
    // Such a list scrolls in steps of a pixel that are more than a pixel of rows.
    expect(Math.abs(bottom(box) - bottom(table))).toBeLessThan(2)
    await page.keyboard.press('Home')
    await page.getByText('Message number 0', { exact: true }).waitFor()
    expect(await focused('data-row')).toBe('0')
  })

  test('moves by row and by page, and keeps the focus on the row it left out of sight', async () => {
    await page.keyboard.press('ArrowDown')
    expect(await focused('data-row')).toBe('1')
    await page.keyboard.press('PageDown')
    await page.keyboard.press('PageDown')
    expect(Number(await focused('data-row'))).toBeGreaterThan(15)
    const row = await focused('data-row')
    await page.evaluate('document.querySelector("[role=grid] .scroller").scrollTop = 20_000_000')
    await page.locator('[role=row][data-row="625000"]').waitFor()
    expect(await focused('data-row')).toBe(row)
    await page.evaluate('document.querySelector("[role=grid] .scroller").scrollTop = 0')
    await page.locator('[role=row][data-row="0"]').waitFor()
    expect(await focused('data-row')).toBe(row)
  })

  test('selects by space, extends by shift, takes all by Ctrl+A', async () => {
    await page.keyboard.press('Space')
    await showsText('selected', '1')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await showsText('selected', '3')
    await page.keyboard.press('Space')
    await showsText('selected', '2')
    await page.keyboard.press('Control+a')
    await showsText('selected', '1000000')
    expect(await page.getByRole('checkbox', { name: 'Select all' }).isChecked()).toBe(true)
    await page.keyboard.press('Space')
    await showsText('selected', '999999')
  })

  test('selects by the mouse; looking at a row loses nothing', async () => {
    await page.locator('[role=row][data-row="2"] .mark').click()
    await page.locator('[role=row][data-row="5"]').click({ modifiers: ['Shift'] })
    await showsText('selected', '4')
    await page.locator('[role=row][data-row="8"]').click({ modifiers: ['Control'] })
    await showsText('selected', '5')
    await page.locator('[role=row][data-row="1"]').click()
    await showsText('active', '1')
    await showsText('selected', '5')
  })

  test('opens by Enter and sorts by its head', async () => {
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await showsText('opened', '1')
    const messages = page.getByRole('grid', { name: 'Messages' })
    await messages.getByRole('button', { name: 'From' }).click()
    await showsText('sort', 'from ascending')
    expect(await messages.getByRole('columnheader', { name: 'From' }).getAttribute('aria-sort')).toBe('ascending')
  })
})

describe('a tree', () => {
  beforeEach(async () => {
    ;({ page } = await gallery.page({ part: 'rows' }))
    await page.getByRole('treeitem', { name: 'Folder 0' }).focus()
  })

  test('opens, goes in, goes out and closes by the arrows', async () => {
    await page.keyboard.press('ArrowRight')
    await page.locator('[role=treeitem][aria-level="2"]').first().waitFor()
    await page.keyboard.press('ArrowRight')
    expect(await focused('aria-level')).toBe('2')
    await page.keyboard.press('ArrowLeft')
    expect(await focused('aria-level')).toBe('1')
    await page.keyboard.press('ArrowLeft')
    expect(await focused('aria-expanded')).toBe('false')
    expect(await page.locator('[role=treeitem][aria-level="2"]').count()).toBe(0)
  })

  test('leaves the keyboard with its folder when the one above it opens', async () => {
    await page.keyboard.press('ArrowDown')
    expect(await focused('data-row')).toBe('1')
    await page.getByRole('treeitem', { name: 'Folder 0' }).locator('.arrow').dispatchEvent('click')
    await page.locator('[role=treeitem][aria-level="2"]').first().waitFor()
    expect([await focused('aria-level'), await focused('data-row')]).toEqual(['1', '52'])
  })

  test('loads what comes after the first page', async () => {
    await page.keyboard.press('ArrowRight')
    await page.locator('[role=treeitem][aria-level="2"]').first().waitFor()
    await page.evaluate('document.querySelector("[role=tree]").scrollTop = 50 * 30 - 200')
    await page.getByRole('treeitem', { name: 'Show more' }).click()
    await page.locator('[role=treeitem][aria-posinset="51"]').waitFor()
  })

  test('says why a folder did not open, and tries again', async () => {
    await page.getByRole('treeitem', { name: 'Folder 2' }).press('ArrowRight')
    await page.getByRole('treeitem', { name: 'The folder could not be read: no answer.' }).click()
    await page.locator('[role=treeitem][aria-level="2"]').first().waitFor()
    expect(await page.getByText('no answer').count()).toBe(0)
  })

  test('checks by space and selects by Enter', async () => {
    await page.keyboard.press('ArrowDown')
    expect(await focused('aria-checked')).toBe('true')
    await page.keyboard.press('Space')
    expect(await focused('aria-checked')).toBe('false')
    await page.keyboard.press('Enter')
    await showsText('folder', 'root-1')
    expect(await focused('aria-selected')).toBe('true')
  })
})

describe('layers', () => {
  test('a dialog takes the focus into its first field and gives it back', async () => {
    ;({ page } = await gallery.page({ part: 'layers' }))
    await page.getByRole('button', { name: 'Open dialog' }).press('Enter')
    await page.locator('input:focus').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.locator('button:focus', { hasText: 'Open dialog' }).waitFor()
  })

  test('a list inside a dialog can be seen and chosen from, and Escape closes only the list', async () => {
    ;({ page } = await gallery.page({ part: 'layers' }))
    await page.getByRole('button', { name: 'Open dialog' }).click()
    await page.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('dialog').getByRole('option', { name: 'OneDrive' }).click()
    await page.getByRole('combobox', { name: 'Kind' }).getByText('OneDrive').waitFor()
    await page.getByRole('combobox', { name: 'Kind' }).press('Enter')
    await page.getByRole('option', { name: 'OneDrive' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('option', { name: 'OneDrive' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('dialog').count()).toBe(1)
  })

  test('what has to be typed before it is removed has to be typed', async () => {
    ;({ page } = await gallery.page({ part: 'layers' }))
    await page.getByRole('button', { name: 'Remove destination' }).click()
    await page.getByRole('dialog').locator('input:focus').waitFor()
    const remove = page.getByRole('dialog').getByRole('button', { name: 'Remove' })
    await page.keyboard.type('dis')
    expect(await remove.isDisabled()).toBe(true)
    await page.keyboard.type('k')
    await remove.click()
    await showsText('removed', '1')
  })

  test('a menu is walked by the arrows, over what is disabled', async () => {
    ;({ page } = await gallery.page({ part: 'actions' }))
    await page.getByRole('button', { name: 'Actions' }).press('Enter')
    await page.locator('[role=menuitem]:focus', { hasText: 'Back up now' }).waitFor()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await showsText('chosen', 'remove')
  })

  test('a busy button is not pressed', async () => {
    ;({ page } = await gallery.page({ part: 'actions' }))
    await page.getByRole('button', { name: 'Saving' }).click({ force: true })
    await page.getByRole('button', { name: 'Back up now' }).click()
    await showsText('clicks', '1')
  })
})

describe('fields', () => {
  beforeEach(async () => {
    ;({ page } = await gallery.page({ part: 'fields' }))
  })

  test('a combobox filters, chooses by the keyboard, and forgets what was typed in vain', async () => {
    const site = page.getByRole('combobox', { name: 'Site' })
    await site.click()
    await site.fill('site 12')
    await page.getByRole('option').first().waitFor()
    expect(await page.getByRole('option').count()).toBe(1)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await showsText('site', 'site-12')
    await site.fill('nothing like this')
    await page.keyboard.press('Escape')
    await page.getByText('Nothing matches').waitFor({ state: 'detached' })
    expect(await site.inputValue()).toBe('Site 12')
  })

  test('a search comes once the typing rests, and at once on Enter and when it is cleared', async () => {
    const field = page.getByRole('searchbox', { name: 'Search mail' })
    await field.pressSequentially('invoice')
    await showsText('searched', 'invoice')
    await field.fill('offer')
    await field.press('Enter')
    expect(await text('searched')).toBe('offer')
    await field.press('Escape')
    expect(await text('searched')).toBe('')
    expect(await field.inputValue()).toBe('')
  })

  test('a passphrase shows when it is asked for', async () => {
    const field = page.getByRole('textbox', { name: 'Passphrase' })
    expect(await field.getAttribute('type')).toBe('password')
    await page.getByRole('button', { name: 'Show Passphrase' }).click()
    expect(await field.getAttribute('type')).toBe('text')
  })

  test('an error belongs to its field', async () => {
    const field = page.getByRole('textbox', { name: 'Tenant' })
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    const described = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
    const words = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).textContent()))
    expect(words.join(' ')).toContain('No tenant of this name was found.')
  })
})
