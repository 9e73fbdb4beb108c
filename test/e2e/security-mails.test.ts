import { expect, test } from 'vitest'
import { nastyMails } from '../component/preview/nasty-mails.ts'
import { letterMime } from '../demo/letters.ts'
import type { AppDriver } from '../support/electron-host/launch.ts'
import { Desktop, mainWindow } from './support/desktop.ts'
import { backUp, goTo, openScene } from './support/office-scene.ts'
import { ada, grace } from './support/people.ts'
import { openPath } from './support/tree.ts'

const longTime = { timeout: 300_000 }

/** Whatever a page asked for beyond what is its own. */
async function outgoing(app: AppDriver): Promise<readonly string[]> {
  const own = /^(app|data|blob|about):/
  return (await app.requests()).map(({ url }) => url).filter((url) => !own.test(url))
}

function titleOf(number: number): string {
  return `Mail ${String(number).padStart(2, '0')} of ${String(nastyMails.length)}`
}

const users = [
  {
    userPrincipalName: ada,
    displayName: 'Ada Lovelace',
    messages: nastyMails.map(({ html }, at) => {
      const date = new Date(Date.UTC(2024, 2, 1, 8, at)).toISOString()
      const mime = letterMime({ from: grace, to: ada, subject: titleOf(at), date, html }).toString('latin1')
      return { folder: 'inbox', mime, receivedDateTime: date }
    }),
  },
]

test(
  'mails that want to do something are backed up and opened: nothing runs, and nothing is asked for',
  longTime,
  async () => {
    const scene = await openScene({ kind: 'inline', users })
    const { page, app } = scene
    await backUp(scene)
    await app.reload(page)
    await page.getByRole('heading', { name: 'Contoso' }).first().waitFor()
    await page.evaluate(() => {
      addEventListener('message', ({ data }) => {
        if (data === 'boom') document.documentElement.dataset.ran = 'yes'
      })
    })
    await goTo(page, 'Restore')
    await openPath(page, 'Users', ada, 'Mail', 'Inbox')
    const wrong: string[] = []
    await page.getByRole('row', { name: new RegExp(titleOf(nastyMails.length - 1)) }).click()
    for (const [at, { name, blocked }] of [...nastyMails.entries()].reverse()) {
      if (at < nastyMails.length - 1) await page.keyboard.press('ArrowDown')
      const preview = page.getByRole('region', { name: 'Preview' })
      await preview.getByRole('heading', { name: titleOf(at) }).waitFor()
      const frame = preview.locator(`iframe[title*="${titleOf(at)}"]`)
      await frame.contentFrame().locator('body').waitFor({ state: 'attached' })
      const sandbox = await frame.getAttribute('sandbox')
      if (sandbox !== '') wrong.push(`${name}: the frame is given ${String(sandbox)}`)
      const told = await preview.getByText(/remote images? (was|were) blocked/).count()
      if (told !== (blocked > 0 ? 1 : 0)) wrong.push(`${name}: ${String(told)} notes about blocked images`)
      for (const url of await outgoing(app)) wrong.push(`${name}: asked for ${url}`)
    }
    expect(wrong).toEqual([])
    expect(await page.evaluate(() => document.documentElement.dataset.ran)).toBeUndefined()
    const { navigations, opened } = await app.recorded()
    // The preview itself is loaded into its frame.
    const elsewhere = navigations.filter(({ url }) => !url.startsWith('app://preview/'))
    expect({ elsewhere, opened, windows: app.pages().length }).toEqual({ elsewhere: [], opened: [], windows: 1 })
    // Whoever listens above would have heard it.
    await page.evaluate(() => postMessage('boom', '*'))
    await page.waitForFunction(() => document.documentElement.dataset.ran === 'yes')
    await app.close()
  },
)

test('after the button only the https images of that mail are asked for', longTime, async () => {
  const scene = await openScene({ kind: 'inline', users })
  const { page, app } = scene
  await backUp(scene)
  await app.reload(page)
  await page.getByRole('heading', { name: 'Contoso' }).first().waitFor()
  await goTo(page, 'Restore')
  await openPath(page, 'Users', ada, 'Mail', 'Inbox')
  const at = nastyMails.findIndex(({ name }) => name === 'tracking pixel')
  expect(nastyMails.length - at).toBeLessThan(15)
  await page.getByRole('row', { name: new RegExp(titleOf(at)) }).click()
  await page.getByText('3 remote images were blocked').waitFor()
  expect(await outgoing(app)).toEqual([])
  await page.getByRole('button', { name: 'Load images' }).click()
  await page.getByText(/1 image was left out/).waitFor()
  const images = async (): Promise<readonly string[]> => [...new Set(await outgoing(app))].sort()
  const wanted = ['https://evil.example/t.gif?u=ada', 'https://evil.example/t2.gif']
  await expect.poll(images).toEqual(wanted)
  await page.getByRole('row', { name: new RegExp(titleOf(at + 1)) }).click()
  await page.getByRole('heading', { name: titleOf(at + 1) }).waitFor()
  await page.frameLocator('iframe').getByText('shown').waitFor()
  expect(await images()).toEqual(wanted)
  await app.close()
})

test('the sign-in window has a session of its own in memory, no preload, and visits only https', longTime, async () => {
  const desktop = await Desktop.set()
  const app = await desktop.start()
  const page = await mainWindow(app)
  await page.getByLabel('Application (client) ID').fill(desktop.simulator.clientId)
  const sessions: string[] = []
  for (let times = 0; times < 2; times++) {
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    const popup = await app.waitForWindow((url) => url.startsWith(desktop.simulator.loginBaseUrl))
    const id = app.windowOf(popup)
    const { windows } = await app.recorded()
    const shown = windows.find((one) => one.id === id)
    expect(shown?.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    })
    expect(shown?.webPreferences.preload).toBeUndefined()
    expect(shown?.session).not.toMatch(/^persist:|^default$/)
    sessions.push(shown?.session ?? '')
    expect(await popup.evaluate(() => 'holdfast' in globalThis)).toBe(false)
    expect(await app.askPermission({ window: id, permission: 'geolocation' })).toEqual({ request: false, check: false })
    for (const url of ['http://evil.example/', 'http://127.0.0.1:9/']) {
      await popup.evaluate((address) => {
        location.href = address
      }, url)
      const { navigations } = await app.waitForRecord(
        (recorded) => recorded.navigations.filter((one) => one.url === url).length > times,
      )
      expect(navigations.filter((one) => one.url === url && one.allowed)).toEqual([])
    }
    await popup.evaluate(() => void window.open('https://evil.example/'))
    const { opened } = await app.waitForRecord((recorded) => recorded.opened.length > times)
    expect(opened.filter(({ allowed }) => allowed)).toEqual([])
    await app.closeWindow(popup)
    await app.waitForRecord((recorded) => recorded.windows.length === 1)
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  }
  expect(new Set(sessions).size).toBe(2)
  await app.close()
})
