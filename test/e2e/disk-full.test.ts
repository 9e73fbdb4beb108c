import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mail } from '../integration/mail/mailbox-fixture.ts'
import { hasRestic, restic } from '../integration/repository/restic.ts'
import { ask } from './support/ask.ts'
import { addPlan, passphrase, planName, signInApplication } from './support/command-line.ts'
import { Desktop, mainWindow } from './support/desktop.ts'
import { ada } from './support/people.ts'
import { bigText, mountSmallDisk, whyNoMounts } from './support/small-disk.ts'
import { backUpToEnd, trayBecomes } from './support/tray.ts'

const MEBIBYTE = 1024 * 1024
const reason = whyNoMounts()
if (reason !== undefined) console.log(`no test of a full disk: ${reason}`)

const count = 12
const users = [
  {
    userPrincipalName: ada,
    displayName: 'Ada Lovelace',
    messages: Array.from({ length: count }, (_, at) => ({
      folder: 'inbox',
      mime: mail(`Big ${String(at)}`, { body: bigText(MEBIBYTE) }),
    })),
  },
]

test.skipIf(reason !== undefined)('a disk that is full is told, and nothing is lost', async () => {
  const desktop = await Desktop.set({ kind: 'inline', users })
  const disk = await mountSmallDisk(48)
  const place = join(disk, 'repository')
  await signInApplication(desktop)
  await addPlan(desktop, { account: 'firm', user: ada, place })
  const ballast = join(disk, 'ballast')
  writeFileSync(ballast, Buffer.alloc(44 * MEBIBYTE))

  const app = await desktop.start()
  const page = await mainWindow(app)
  expect(await backUpToEnd(app, page)).toMatchObject({ outcome: 'failed', problem: { code: 'store.full' } })
  await trayBecomes(app, 'error')
  const sentence = /There is no room left.*: make room and try again, what is stored already is used\./
  await page.getByText(`${planName}: The last run failed`).waitFor()
  await page.getByText(sentence).first().waitFor()
  await page.getByRole('button', { name: 'Show the run' }).click()
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
  const details = page.getByRole('region', { name: planName, exact: true })
  await details.getByText('Failed', { exact: true }).waitFor()
  await details.getByText(sentence).waitFor()

  rmSync(ballast)
  expect(await backUpToEnd(app, page)).toMatchObject({ outcome: 'done', problem: null })
  await trayBecomes(app, 'idle')
  const { rows } = await ask(page, 'runs.list', { plan: null, cursor: null })
  expect(rows).toMatchObject([{ outcome: 'done', items: count, unread: 0 }, { outcome: 'failed' }])
  await app.close()
  if (hasRestic) expect(await restic(place, ['check', '--read-data'], { passphrase })).toContain('no errors were found')
})
