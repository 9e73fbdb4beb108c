import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 640 },
]

/** `<name>-<width>-<theme>.png` in the folder of HOLDFAST_SCREENSHOTS. */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  const folder = process.env.HOLDFAST_SCREENSHOTS
  if (folder === undefined || folder === '') return
  await mkdir(folder, { recursive: true })
  const before = page.viewportSize()
  for (const size of sizes)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(folder, `${name}-${size.width}-${colorScheme}.png`) })
    }
  if (before !== null) await page.setViewportSize(before)
  await page.emulateMedia({ colorScheme: 'light' })
}
