import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostName, type AppDriver } from '../../support/electron-host/launch.ts'
import { FixtureApp } from './fixture-app.ts'

const home = 'app://bundle/index.html?a=1#top'

/** A web server on this machine that writes down what it is asked. */
class Web {
  readonly asked: string[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? '')
      if (request.url === '/start') response.writeHead(302, { location: '/back?code=secret' }).end()
      else
        response
          .writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'seen=1' })
          .end(`<script>ran = 1</script>${String(request.headers.cookie)}`)
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

describe('windows of the stand-in for Electron', () => {
  const web = new Web()
  let fixture: FixtureApp
  let app: AppDriver
  let page: Page
  let origin: string

  beforeAll(async () => {
    fixture = await FixtureApp.build()
    origin = await web.listen()
    app = await fixture.launch()
    page = await app.waitForWindow()
  })

  afterAll(async () => {
    await fixture.end()
    web.close()
  })

  /** As the page's own script would call it. */
  function call(target: Page, channel: string, ...args: unknown[]): Promise<unknown> {
    return target.evaluate(`window.bridge.invoke(${[channel, ...args].map((each) => JSON.stringify(each)).join(', ')})`)
  }

  async function open(url: string, options: object): Promise<Page> {
    const number = (await call(page, 'open', url, options)) as number
    return await app.waitForWindow((_url, each) => app.windowOf(each) === number)
  }

  it('says which host it is', async () => {
    expect(await hostName()).toMatch(/^stand-in on Chromium \d+\./)
    expect(app.hostName).toMatch(/^stand-in on Chromium \d+\./)
  })

  it('shows main a page under its own address, and the page nothing of Node or Electron', async () => {
    expect(app.urlOf(page)).toBe(home)
    const { windows } = await app.waitForRecord((recorded) => recorded.windows[0]?.title === 'Fixture')
    expect(windows[0]).toMatchObject({
      url: home,
      title: 'Fixture',
      visible: true,
      bounds: { width: 900, height: 700 },
    })
    expect(windows[0]?.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
    await page.evaluate("document.title = 'Renamed'")
    await app.waitForRecord((recorded) => recorded.windows[0]?.title === 'Renamed')
    await page.evaluate("document.title = 'Fixture'")
    expect(await page.evaluate('[innerWidth, innerHeight]')).toEqual([900, 700])
    const globals =
      '[typeof require, typeof process, typeof module, typeof ipcRenderer, typeof bridge, typeof bridge.process]'
    expect(await page.evaluate(globals)).toEqual([
      'undefined',
      'undefined',
      'undefined',
      'undefined',
      'object',
      'string',
    ])
    expect(
      await page.evaluate(
        "Object.keys(window).filter((name) => /electron|stand|shim|post/i.test(name) && name !== 'postMessage')",
      ),
    ).toEqual([])
    expect(
      await page.evaluate('Object.isFrozen(bridge) && (() => { try { bridge = 1 } catch {} return typeof bridge })()'),
    ).toBe('object')
    expect(await page.locator('html').getAttribute('data-preloaded')).toBe('object')
  })

  it('has the policy of the scheme enforced by Chromium', async () => {
    expect(await page.evaluate('typeof window.inline')).toBe('undefined')
    expect(await page.evaluate(`fetch('${origin}/leak').catch((error) => error.name)`)).toBe('TypeError')
    expect(
      await page.evaluate("fetch('/sent', { method: 'POST', body: 'text' }).then((answer) => answer.json())"),
    ).toEqual({
      method: 'POST',
      body: 'text',
      url: 'app://bundle/sent',
    })
  })

  it('asks webRequest about whatever the policy lets through', async () => {
    const loaded = `new Promise((resolve) => {
      const image = new Image()
      image.onload = () => resolve('loaded')
      image.onerror = () => resolve('refused')
      image.src = '${origin}/pixel.png'
    })`
    expect(await page.evaluate(loaded)).toBe('refused')
    const requests = await app.requests()
    expect(requests.find(({ url }) => url.endsWith('/pixel.png'))).toMatchObject({
      outcome: 'refused',
      resourceType: 'Image',
      window: 1,
    })
    expect(web.asked).toEqual([])
  })

  it('tells main which frame speaks', async () => {
    const top = { url: home, origin: 'app://bundle', parent: null, top: home }
    expect(await call(page, 'sender')).toEqual(top)
    expect(await page.evaluate('bridge.early')).toEqual(top)
    const webPreferences = { preload: fixture.preload, nodeIntegrationInSubFrames: true }
    const framing = await open('app://bundle/framed.html', { webPreferences })
    await framing.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.onload = resolve
      frame.src = 'app://preview/framed.html'
      document.body.append(frame)
    })`)
    const inner = await framing.frames()[1]?.evaluate("window.bridge.invoke('sender')")
    const outer = 'app://bundle/framed.html'
    expect(inner).toEqual({ url: 'app://preview/framed.html', origin: 'app://preview', parent: outer, top: outer })
    await framing.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.onload = resolve
      frame.sandbox = 'allow-scripts'
      frame.srcdoc = '<p>mail'
      document.body.append(frame)
    })`)
    const boxed = await framing.frames()[2]?.evaluate("window.bridge.invoke('sender')")
    expect(boxed).toMatchObject({ url: 'about:srcdoc', origin: 'null', parent: outer })
    await app.closeWindow(framing)
  })

  it('gives frames below a page no preload, unless main wants it', async () => {
    await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.onload = resolve
      frame.src = window.address
      document.body.append(frame)
    })`)
    const [, framed] = page.frames()
    expect(await framed?.evaluate('[document.title, typeof bridge, typeof electronStandInPost]')).toEqual([
      'Framed',
      'undefined',
      'undefined',
    ])
  })

  it('carries what can be cloned, and refuses the rest', async () => {
    const echoed = `(async () => {
      const loop = { name: 'loop' }
      loop.self = loop
      const sent = { loop, date: new Date(5), bytes: new Uint8Array([1, 2, 255]), map: new Map([[1, { a: undefined }]]), big: 5n, error: new TypeError('no'), odd: [NaN, -0] }
      const got = await bridge.invoke('echo', sent)
      return [got.loop.self === got.loop, got.date.getTime(), got.bytes instanceof Uint8Array && [...got.bytes].join(), 'a' in got.map.get(1), got.big === 5n, got.error instanceof Error && got.error.message, Object.is(got.odd[1], -0) && Number.isNaN(got.odd[0])]
    })()`
    expect(await page.evaluate(echoed)).toEqual([true, 5, '1,2,255', true, true, 'no', true])
    const refused = (value: string): string =>
      `(async () => { try { await bridge.invoke('echo', ${value}) } catch (error) { return error.message } })()`
    expect(await page.evaluate(refused('() => 1'))).toBe('An object could not be cloned.')
    expect(await page.evaluate(refused('new Proxy({}, {})'))).toBe('An object could not be cloned.')
    expect(await page.evaluate(refused('new WeakMap()'))).toBe('An object could not be cloned.')
    await expect(call(page, 'not-cloneable')).rejects.toThrow('could not be cloned')
    await expect(call(page, 'fail')).rejects.toThrow("Error invoking remote method 'fail': RangeError: too far")
    await expect(call(page, 'nothing')).rejects.toThrow("No handler registered for 'nothing'")
  })

  it('carries messages both ways, and stops when a listener is taken away', async () => {
    const heard = `new Promise((resolve) => {
      const stop = bridge.on('heard', (text, date) => { stop(); resolve([text, date instanceof Date]) })
      bridge.send('said', 'hello')
    })`
    expect(await page.evaluate(heard)).toEqual(['hello', true])
    await app.waitForRecord(({ clipboard }) => clipboard.includes(`said hello by ${home}`))
  })

  it('refuses what main refuses: windows, navigations, permissions, webviews', async () => {
    await page.evaluate(`void window.open('${origin}/popup', 'name', 'width=200')`)
    const { opened } = await app.waitForRecord((recorded) => recorded.opened.length === 1)
    expect(opened).toEqual([{ url: `${origin}/popup`, allowed: false }])
    await page.evaluate(`void (location.href = '${origin}/elsewhere')`)
    const { navigations } = await app.waitForRecord((recorded) =>
      recorded.navigations.some(({ url }) => url.includes('elsewhere')),
    )
    expect(navigations.find(({ url }) => url.includes('elsewhere'))?.allowed).toBe(false)
    expect(await page.evaluate('document.title')).toBe('Fixture')
    expect(app.urlOf(page)).toBe(home)
    expect(app.pages()).toHaveLength(1)
    expect(web.asked).toEqual([])
    expect(await app.askPermission({ permission: 'notifications' })).toEqual({ request: true, check: false })
    expect(await app.askPermission({ permission: 'media' })).toEqual({ request: false, check: false })
    expect(await app.attachWebview(page, 'https://example.com')).toEqual({ refused: true })
  })

  it('opens what main allows, without a preload', async () => {
    await page.evaluate("void window.open('app://bundle/framed.html?allowed'.replace('app://bundle', location.origin))")
    const child = await app.waitForWindow((url) => url.includes('allowed'))
    expect(app.urlOf(child)).toBe('app://bundle/framed.html?allowed')
    expect(await child.evaluate('[typeof bridge, window.opener !== null]')).toEqual(['undefined', true])
    await child.close()
    await app.waitForRecord(({ windows }) => windows.length === 1)
  })

  it('keeps sessions apart, follows redirects with main, and forgets what is in memory', async () => {
    const other = await open(`${origin}/first`, { webPreferences: { partition: 'web' } })
    expect(await other.evaluate('[typeof bridge, typeof ran]')).toEqual(['undefined', 'undefined'])
    expect(await other.context().cookies()).toMatchObject([{ name: 'seen' }])
    expect(await page.context().cookies()).toEqual([])
    await expect(call(page, 'open', `${origin}/start`, { webPreferences: { partition: 'web' } })).rejects.toThrow(
      'ERR_ABORTED',
    )
    await app.waitForRecord(({ clipboard }) => clipboard.includes('redirect /back'))
    await expect(call(page, 'open', `${origin}/forbidden`, { webPreferences: { partition: 'web' } })).rejects.toThrow(
      'ERR_BLOCKED_BY_CLIENT',
    )
    expect(web.asked.filter((path) => path !== '/favicon.ico')).toEqual(['/first', '/start'])
  })

  it('brings a page back that has crashed', async () => {
    const fresh = app.waitForWindow((url, each) => url === home && each !== page)
    await app.crashPage(page)
    page = await fresh
    expect(await page.evaluate('typeof bridge')).toBe('object')
    await app.waitForRecord(({ clipboard }) => clipboard.includes('page crashed'))
    await app.reload(page)
    expect(await page.evaluate('document.title')).toBe('Fixture')
  })
})
