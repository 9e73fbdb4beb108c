import { chromium, type Browser } from 'playwright-core'
import type { Switch } from '../control/shapes.ts'

/** The switches of the app's that Chromium gets; others are Electron's or the app's own. */
const passedOn = new Set([
  'force-color-profile',
  'force-device-scale-factor',
  'host-resolver-rules',
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
  'js-flags',
  'lang',
  'proxy-bypass-list',
  'proxy-server',
])

const always = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // One process per page, so that one session of DevTools sees all of its frames.
  '--disable-site-isolation-trials',
  '--disable-features=IsolateOrigins,IsolateSandboxedIframes,site-per-process',
]

export const isHeaded = process.env.HOLDFAST_HEADED === '1'

export const chromiumPath = process.env.HOLDFAST_CHROMIUM ?? '/usr/bin/chromium'

export async function startChromium(switches: readonly Switch[]): Promise<Browser> {
  const wanted = switches.filter(({ name }) => passedOn.has(name))
  return await chromium.launch({
    executablePath: chromiumPath,
    headless: !isHeaded,
    // Chromium refuses to sandbox for root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...always, ...wanted.map(({ name, value }) => (value === '' ? `--${name}` : `--${name}=${value}`))],
  })
}
