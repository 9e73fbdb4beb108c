// https://www.electronjs.org/docs/latest/tutorial/security: each recommendation that applies, asked of the running program.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchApp, type AppDriver } from '../support/electron-host/launch.ts'
import type { RecordedWindow } from '../support/electron-host/control/recorded.ts'
import { ask } from './support/ask.ts'
import { mainWindow } from './support/desktop.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'holdfast-security-'))
let app: AppDriver
let page: Page

beforeAll(async () => {
  const env = {
    HOLDFAST_PROFILE: folder,
    HOLDFAST_VAULT: join(folder, 'vault'),
    HOLDFAST_VAULT_PASSPHRASE: 'of the vault',
  }
  const args = ['--host-resolver-rules=MAP * ~NOTFOUND']
  app = await launchApp({ profile: folder, env, args, locale: 'en-US' })
  page = await mainWindow(app)
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ownWindow(): Promise<RecordedWindow> {
  const { windows } = await app.recorded()
  expect(windows).toHaveLength(1)
  const [window] = windows
  if (window === undefined) throw new Error('there is no window')
  return window
}

/** What a page gets when it asks for an address: a status, or why not. */
async function fetched(address: string): Promise<string> {
  return await page.evaluate(
    (url) =>
      fetch(url).then(
        async (answer) => `${answer.status} ${(await answer.text()).slice(0, 20)}`,
        () => 'refused',
      ),
    address,
  )
}

describe('Electron recommends', () => {
  test('1. only secure content is loaded', async () => {
    expect((await ownWindow()).url).toMatch(/^app:\/\/holdfast\//)
    for (const address of ['http://evil.example/', 'https://evil.example/', 'ws://evil.example/'])
      expect(await fetched(address)).toBe('refused')
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const image = new Image()
          image.onerror = resolve
          image.src = 'http://evil.example/a.png'
        }),
    )
    const schemes = (await app.requests())
      .filter(({ outcome }) => outcome !== 'refused')
      .map(({ url }) => new URL(url).protocol)
    expect([...new Set(schemes)].filter((scheme) => !['app:', 'data:', 'blob:'].includes(scheme))).toEqual([])
  })

  test('2. no Node.js integration', async () => {
    const { webPreferences } = await ownWindow()
    for (const name of ['nodeIntegration', 'nodeIntegrationInWorker', 'nodeIntegrationInSubFrames'])
      expect(webPreferences[name]).toBe(false)
    const names = ['require', 'process', 'module', 'Buffer', '__dirname']
    expect(await page.evaluate((all) => all.filter((name) => name in globalThis), names)).toEqual([])
  })

  test('3. context isolation', async () => {
    expect((await ownWindow()).webPreferences.contextIsolation).toBe(true)
    expect(
      await page.evaluate(() => ['ipcRenderer', 'electron', 'contextBridge'].filter((name) => name in globalThis)),
    ).toEqual([])
  })

  test('4. process sandboxing, of all pages', async () => {
    const { windows, app: itself } = await app.recorded()
    expect(itself.sandboxed).toBe(true)
    expect(windows.map(({ webPreferences }) => webPreferences.sandbox)).toEqual([true])
    // What a sandboxed preload may load.
    const preload = readFileSync(join(root, 'out/preload/preload.cjs'), 'utf8')
    expect([...new Set(preload.match(/require\([^)]*\)/g))]).toEqual(['require("electron")'])
  })

  test('5. permission requests are denied', async () => {
    const asked = [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
      'display-capture',
      'fileSystem',
    ]
    for (const permission of asked)
      expect({ permission, ...(await app.askPermission({ permission })) }).toEqual({
        permission,
        request: false,
        check: false,
      })
  })

  test('6. web security stays on', async () => {
    expect((await ownWindow()).webPreferences.webSecurity).toBe(true)
    expect((await app.recorded()).app.switches.map(({ name }) => name)).not.toContain('disable-web-security')
  })

  test('7. a strict Content-Security-Policy, which an inline script runs up against', async () => {
    const policy = await page.evaluate(async () => {
      const { headers } = await fetch('app://holdfast/index.html')
      return headers.get('content-security-policy') ?? ''
    })
    const directives = new Map(policy.split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1)] as const))
    for (const name of ['default-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors'])
      expect({ name, is: directives.get(name) }).toEqual({ name, is: ["'none'"] })
    expect(directives.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"])
    // Frames may only come from the preview, whose address the stand-in writes in its own way.
    expect(directives.get('frame-src')).toHaveLength(1)
    directives.delete('frame-src')
    expect(
      [...directives.values()].flat().filter((one) => /https?:|\*|'unsafe-eval'|strict-dynamic/.test(one)),
    ).toEqual([])
    const violated = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          })
          const script = document.createElement('script')
          script.textContent = 'globalThis.wasRun = true'
          document.body.append(script)
          script.remove()
        }),
    )
    expect(violated).toBe('script-src-elem')
    const handler = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          })
          const button = document.createElement('button')
          button.setAttribute('onclick', 'globalThis.wasRun = true')
          button.click()
        }),
    )
    expect(handler).toBe('script-src-attr')
    expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false)
  })

  test('8. allowRunningInsecureContent stays off', async () => {
    expect((await ownWindow()).webPreferences.allowRunningInsecureContent).toBe(false)
  })

  test('9. experimental features stay off', async () => {
    expect((await ownWindow()).webPreferences.experimentalFeatures).toBe(false)
    const switches = (await app.recorded()).app.switches.map(({ name }) => name)
    expect(
      switches.filter((name) => /experimental|no-sandbox|remote-debugging|ignore-certificate-errors$/.test(name)),
    ).toEqual([])
  })

  test('10. enableBlinkFeatures is not used', async () => {
    expect((await ownWindow()).webPreferences.enableBlinkFeatures).toBeUndefined()
    expect((await app.recorded()).app.switches.map(({ name }) => name)).not.toContain('enable-blink-features')
  })

  test('11 and 12. no webview: neither the tag nor one that is attached all the same', async () => {
    expect((await ownWindow()).webPreferences.webviewTag).toBe(false)
    expect(await page.evaluate(() => document.querySelectorAll('webview').length)).toBe(0)
    for (const src of ['https://evil.example/', 'app://holdfast/index.html'])
      expect(await app.attachWebview(page, src)).toEqual({ refused: true })
  })

  test('13. navigation is limited to the own page', async () => {
    const away = [
      'https://evil.example/',
      'http://evil.example/',
      'file:///etc/passwd',
      'app://preview/x',
      'data:text/html,x',
    ]
    for (const url of away) {
      await page.evaluate((address) => {
        location.href = address
      }, url)
      // Chromium itself refuses some before anybody is asked.
      if (url.startsWith('http'))
        await app.waitForRecord(({ navigations }) => navigations.some((one) => one.url === url))
    }
    const { navigations } = await app.recorded()
    expect(navigations.filter(({ allowed }) => allowed)).toEqual([])
    expect(app.urlOf(page)).toBe('app://holdfast/index.html')
    expect(await page.locator('h1').first().isVisible()).toBe(true)
  })

  test('14. no new windows', async () => {
    const before = (await app.recorded()).opened.length
    const wanted = ['https://evil.example/', 'about:blank', 'app://holdfast/index.html']
    for (const url of wanted) await page.evaluate((address) => void window.open(address), url)
    const { opened, windows } = await app.waitForRecord((recorded) => recorded.opened.length >= before + wanted.length)
    expect(opened.filter(({ allowed }) => allowed)).toEqual([])
    expect(windows).toHaveLength(1)
    expect(app.pages()).toHaveLength(1)
  })

  test('15. openExternal takes only https addresses of listed hosts', async () => {
    const refused = [
      'https://evil.example/',
      'https://restic.net.evil.example/',
      'https://user@restic.net/',
      'http://restic.net/',
      'file:///etc/passwd',
      'smb://restic.net/share',
      'ms-msdt:/id',
    ]
    for (const url of refused) await page.evaluate((address) => void window.open(address), url)
    await page.evaluate(() => void window.open('https://restic.net/'))
    const { external } = await app.waitForRecord((recorded) => recorded.external.length > 0)
    expect(external).toEqual([{ how: 'openExternal', target: 'https://restic.net/' }])
    await expect(ask(page, 'app.openLink', { link: 'https://evil.example' as 'help' })).rejects.toThrow('ipc.malformed')
  })

  test('16. it runs on the Electron that package.json names', async () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>
    }
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as {
      readonly version: string
    }
    const [wanted = ''] = /\d+/.exec(devDependencies.electron ?? '') ?? []
    expect(version.split('.')[0]).toBe(wanted)
    const { runtime } = await ask(page, 'app.info', {})
    expect(Object.values(runtime)).toContain(version)
  })

  test('17. only the own page is answered: frames in it have nothing to call with', async () => {
    const { url } = await ask(page, 'preview.frame', { html: '<p>shown</p>', remote: false, dark: false })
    await page.evaluate((src) => {
      const frame = document.createElement('iframe')
      frame.setAttribute('sandbox', '')
      frame.src = src
      document.body.append(frame)
    }, url)
    await page.frameLocator('iframe').getByText('shown').waitFor()
    const [frame] = page.frames().filter((one) => one !== page.mainFrame())
    expect(await frame?.evaluate(() => typeof (globalThis as { holdfast?: unknown }).holdfast)).toBe('undefined')
    await page.evaluate(() => document.querySelector('iframe')?.remove())
  })

  test('18. a protocol of its own instead of file://', async () => {
    const { privilegedSchemes } = await app.recorded()
    expect(privilegedSchemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }])
    expect(JSON.stringify(privilegedSchemes)).not.toContain('bypassCSP":true')
    expect(await fetched('file:///etc/passwd')).toBe('refused')
    expect(await fetched('app://holdfast/index.html')).toMatch(/^200 <!doctype/i)
    for (const path of ['../main/main.js', '%2e%2e/main/main.js', '..%2fmain%2fmain.js', '..%5cmain%5cmain.js'])
      expect(await fetched(`app://holdfast/${path}`)).toMatch(/^40\d/)
  })

  test('19. the fuses are set', () => {
    const text = readFileSync(join(root, 'electron-builder.yml'), 'utf8')
    const [, lines = ''] = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(text) ?? []
    const fuses = Object.fromEntries(
      [...lines.matchAll(/^ {2}(\w+): (\w+)$/gm)].map((line): [string, string] => [line[1] ?? '', line[2] ?? '']),
    )
    expect(fuses).toEqual({
      runAsNode: 'false',
      enableCookieEncryption: 'true',
      enableNodeOptionsEnvironmentVariable: 'false',
      enableNodeCliInspectArguments: 'false',
      enableEmbeddedAsarIntegrityValidation: 'true',
      onlyLoadAppFromAsar: 'true',
      grantFileProtocolExtraPrivileges: 'false',
    })
  })

  test('20. no API of Electron is exposed: two functions, and no event reaches a listener', async () => {
    interface Bridge {
      readonly subscribe: (topic: string, listener: (...given: unknown[]) => void) => () => void
    }
    const exposed = await page.evaluate(() => {
      const { holdfast } = globalThis as unknown as { holdfast: Bridge }
      return new Promise<{ names: readonly string[]; given: readonly unknown[] }>((resolve) => {
        const names = Object.keys(holdfast)
        const end = holdfast.subscribe('preferences', (...given) => {
          end()
          resolve({ names, given })
        })
      })
    })
    expect([...exposed.names].sort()).toEqual(['invoke', 'subscribe'])
    expect(exposed.given).toHaveLength(1)
    expect(exposed.given[0]).toHaveProperty('theme')
  })
})
