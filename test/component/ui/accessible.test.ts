import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findings } from '../support/axe.ts'
import { Gallery, type GalleryPage, type Theme } from './gallery.ts'

let gallery: Gallery

beforeAll(async () => {
  gallery = await Gallery.open()
})

afterAll(() => gallery.close())

const parts = ['actions', 'fields', 'telling', 'layers', 'charts', 'rows']
const themes: readonly Theme[] = ['light', 'dark']

/** Each opens one layer of the gallery. */
const layers: Readonly<Record<string, { part: string; open: (view: GalleryPage) => Promise<void> }>> = {
  menu: {
    part: 'actions',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menu').waitFor()
    },
  },
  popover: {
    part: 'actions',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Filters' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  select: {
    part: 'fields',
    open: async ({ page }) => {
      await page.getByRole('combobox', { name: 'Cloud' }).click()
      await page.getByRole('listbox').waitFor()
    },
  },
  combobox: {
    part: 'fields',
    open: async ({ page }) => {
      await page.getByRole('combobox', { name: 'Site' }).fill('nothing like this')
      await page.getByText('Nothing matches').waitFor()
    },
  },
  dialog: {
    part: 'layers',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Open dialog' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  'confirming dialog': {
    part: 'layers',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Remove destination' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  toasts: {
    part: 'layers',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Show error toast' }).click()
      await page.getByText('Not saved').waitFor()
    },
  },
  tooltip: {
    part: 'actions',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Settings' }).focus()
      await page.getByRole('tooltip').or(page.locator('.tooltip')).first().waitFor()
    },
  },
  'table of a chart': {
    part: 'charts',
    open: async ({ page }) => {
      await page.getByText('Show as a table').first().click()
      await page.getByRole('table').waitFor()
    },
  },
  'open folders': {
    part: 'rows',
    open: async ({ page }) => {
      await page.getByRole('treeitem', { name: 'Folder 0' }).press('ArrowRight')
      await page.locator('[role=treeitem][aria-level="2"]').first().waitFor()
    },
  },
}

describe.each(themes)('axe finds nothing, %s', (theme) => {
  test.each(parts)('in %s', async (part) => {
    const { page, complaints } = await gallery.page({ part, theme })
    expect(await findings(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })

  test.each(Object.entries(layers))('with the %s open', async (_name, { part, open }) => {
    const view = await gallery.page({ part, theme })
    await open(view)
    expect(await findings(view.page)).toEqual([])
    expect(view.complaints).toEqual([])
    await view.page.close()
  })
})

test('axe is really asked: a picture without words is found', async () => {
  const { page } = await gallery.page({ part: 'actions' })
  await page.evaluate('document.querySelector("main").append(document.createElement("img"))')
  expect(await findings(page)).toEqual([expect.stringContaining('image-alt')])
  await page.close()
})

test.each(parts)('nothing sticks out of %s at double zoom', async (part) => {
  const { page } = await gallery.page({ part, width: 640, height: 400 })
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  await page.close()
})
