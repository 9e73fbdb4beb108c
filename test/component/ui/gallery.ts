import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'
import { drawn } from '../support/axe.ts'
import { chromiumPath } from '../../support/electron-host/browser/chromium.ts'

/** As strict as the application's own: what the kit needs beyond it would break there. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

export type Theme = 'light' | 'dark'

export interface GalleryOptions {
  readonly part?: string
  readonly theme?: Theme
  readonly width?: number
  readonly height?: number
}

export interface GalleryPage {
  readonly page: Page
  /** What the page logged as a warning or error, and what it threw. */
  readonly complaints: readonly string[]
}

/** The kit's gallery: built, served with the application's policy, and opened in Chromium. */
export class Gallery {
  readonly #folder: string
  readonly #server: Server
  readonly #browser: Browser
  readonly #address: string

  private constructor(folder: string, server: Server, browser: Browser) {
    this.#folder = folder
    this.#server = server
    this.#browser = browser
    this.#address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async open(): Promise<Gallery> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-gallery-'))
    const configFile = join(import.meta.dirname, '../../../src-renderer/vite.gallery.config.ts')
    await build({ configFile, logLevel: 'error', build: { outDir: folder } })
    const browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox'],
    })
    return new Gallery(folder, await serve(folder), browser)
  }

  async page({ part, theme = 'light', width = 1280, height = 800 }: GalleryOptions = {}): Promise<GalleryPage> {
    const page = await this.#browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(60_000)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    const query = new URLSearchParams({ theme, ...(part === undefined ? {} : { part }) })
    await page.goto(`${this.#address}/?${query.toString()}`)
    await page.locator('h1').waitFor()
    // Lists know their height.
    await drawn(page)
    return { page, complaints }
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await new Promise((resolve) => this.#server.close(resolve))
    await rm(this.#folder, { recursive: true })
  }
}

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://gallery').pathname
    const name = normalize(path === '/' ? '/index.html' : path)
    const headers = { 'content-type': types[extname(name)] ?? 'text/plain', 'content-security-policy': policy }
    readFile(join(folder, name)).then(
      (content) => response.writeHead(200, headers).end(content),
      () => response.writeHead(path === '/favicon.ico' ? 204 : 404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
