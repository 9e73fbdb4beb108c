import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { PASSPHRASE } from '../../support/backup-scene.ts'
import { formatNumber } from '../../../src-shared/text/amounts.ts'
import { ask } from './ask.ts'
import { openPath } from './tree.ts'

const program = join(import.meta.dirname, '../../bench/support/fill-repository.ts')

/** Makes `repository` and `profile` in a folder, with so many mails in one mailbox. */
export async function fillRepository(folder: string, mails: number): Promise<void> {
  const child = spawn(process.execPath, [program, folder, String(mails)], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the repository was not made: ${String(code)}`)
}

/** Unlocks the repository and lists its large folder. */
export async function openLargeFolder(page: Page, repository: string, mails: number): Promise<void> {
  await ask(page, 'destinations.unlock', { place: repository, passphrase: PASSPHRASE })
  await page.keyboard.press('Control+2')
  await page.getByRole('treeitem').first().waitFor()
  await openPath(page, 'Users', 'ada@contoso.example', 'Mail', 'Inbox')
  await page.getByText(`${formatNumber(mails)} items`).waitFor()
}
