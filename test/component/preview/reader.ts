import { expect } from 'vitest'
import type { Preview } from '../../../src-shared/ipc/index.ts'
import { plainMail, repository } from '../browse/pretend-repository.ts'
import { openWindow, type TestWindow } from '../support/test-window.ts'

export function mailOf(html: string, inline: Record<string, string> = {}): Preview {
  return { ...(plainMail as Extract<Preview, { kind: 'mail' }>), subject: 'Nasty', html, inline, parts: [] }
}

export interface Reader {
  readonly window: TestWindow
  /** Opens an item that looks so. */
  readonly open: (preview: Preview) => Promise<void>
  /** The same, and waits until its sheet is in the frame, with all that the sheet has asked for. */
  readonly show: (preview: Preview) => Promise<void>
}

/** A window in which items are looked at, one after the other. */
export async function reader(): Promise<Reader> {
  const window = await openWindow({ views: ['home', 'browse'], target: { view: 'browse' }, answers: repository() })
  const { page, api } = window
  await page.getByRole('searchbox', { name: /^Search subjects/ }).fill('report')
  await page.getByRole('row', { name: /Quarterly report 0 / }).waitFor()
  const rows = page.getByRole('region', { name: 'Search results' }).locator('[data-row]')
  let row = 0
  const open = async (preview: Preview): Promise<void> => {
    api.on('browse.preview', () => preview)
    const before = api.paramsOf('browse.preview').length
    await rows.nth(row++ % 8).click()
    await expect.poll(() => api.paramsOf('browse.preview').length).toBe(before + 1)
  }
  const show = async (preview: Preview): Promise<void> => {
    const before = api.paramsOf('preview.frame').length
    await open(preview)
    await expect.poll(() => api.paramsOf('preview.frame').length).toBe(before + 1)
    const shown = () => page.frames().find((frame) => frame.url() === `https://preview.test/${String(before + 1)}`)
    await expect.poll(() => shown() !== undefined).toBe(true)
    await shown()?.waitForLoadState('load')
  }
  return { window, open, show }
}
