import { expect, test } from 'vitest'
import { Desktop, mainWindow } from './support/desktop.ts'

test('a second start shows the window of the first one, and ends well', async () => {
  const desktop = await Desktop.set()
  const app = await desktop.start()
  const page = await mainWindow(app)
  await app.closeWindow(page)
  await app.waitForRecord(({ windows }) => windows.every(({ visible }) => !visible))
  const shown = app.waitForRecord(({ windows }) => windows.some(({ visible, focused }) => visible && focused))
  const second = await desktop.start()
  expect(await second.exited).toEqual({ code: 0, signal: null })
  const { windows, hosts } = await shown
  expect(windows).toHaveLength(1)
  expect(hosts.filter(({ running }) => running)).toHaveLength(1)
  expect(second.pages()).toEqual([])
  await page.locator('h1').first().waitFor()
  expect(await app.close()).toEqual({ code: 0, signal: null })
})
