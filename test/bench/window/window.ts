// The restore browser over half a million items, measured in its own page: npm run bench:window. BENCH_ITEMS: how many.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { buildDesktop } from '../../../scripts/build-desktop.ts'
import { measured, scrolling } from '../../e2e/support/page-measures.ts'
import { fillRepository, openLargeFolder } from '../../e2e/support/large-mailbox.ts'
import { launchApp } from '../../support/electron-host/launch.ts'

const items = Number(process.env.BENCH_ITEMS ?? 500_000)
const rounds = 20
/** Milliseconds, and MiB of the page's process. */
const limits = { firstRowsMs: 300, searchMs: 200, longTaskMs: 50, rendererMiB: 300 }
const words = ['garden', 'meeting', 'invoice', 'travel', 'budget', 'quarter', 'holiday', 'team', 'order', 'contract']

const folder = mkdtempSync(join(tmpdir(), 'holdfast-window-'))

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)
}

async function firstRows(page: Page): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.getByRole('treeitem', { name: /^Mail\b/ }).click()
    await page.getByRole('heading', { name: 'Mail', exact: true }).waitFor()
    times.push(await measured(page, 'browse:first-rows', () => page.getByRole('treeitem', { name: /^Inbox/ }).click()))
  }
  return median(times)
}

async function searches(page: Page): Promise<number> {
  const field = page.getByRole('searchbox', { name: /Search subjects/ })
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const text = round < words.length ? (words[round] ?? '') : `no${Math.floor((round * items) / rounds)}`
    times.push(await measured(page, 'browse:search', () => field.fill(text)))
  }
  await page.getByRole('button', { name: 'Back to the folders' }).click()
  return median(times)
}

interface Memory {
  /** Of the page's process alone, as Chromium's task manager counts it (anonymous and swapped); MiB. */
  readonly own: number
  /** With what it shares with Chromium's other processes. */
  readonly resident: number
  readonly heap: number
}

async function memory(page: Page): Promise<Memory> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const heap = Math.round((metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1048576)
  const statuses = await rendererStatuses(page)
  const most = (names: readonly string[]): number => Math.max(heap, ...statuses.map((status) => mibOf(status, names)))
  return { own: most(['RssAnon', 'VmSwap']), resident: most(['VmRSS']), heap }
}

/** What Linux tells of Chromium's pages; nothing elsewhere. */
async function rendererStatuses(page: Page): Promise<readonly string[]> {
  const browser = page.context().browser()
  if (browser === null || process.platform !== 'linux') return []
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => readFileSync(`/proc/${id}/status`, 'utf8'))
}

function mibOf(status: string, names: readonly string[]): number {
  const sizes = names.map((name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0))
  return Math.round(sizes.reduce((sum, kibibytes) => sum + kibibytes, 0) / 1024)
}

buildDesktop()
try {
  await fillRepository(folder, items)
  const profile = join(folder, 'profile')
  const vault = { HOLDFAST_VAULT: join(folder, 'vault'), HOLDFAST_VAULT_PASSPHRASE: 'of the vault' }
  const app = await launchApp({ profile, env: { HOLDFAST_PROFILE: profile, ...vault }, locale: 'en-US' })
  try {
    const page = await app.waitForWindow((url) => url.startsWith('app://'))
    await page.locator('h1').first().waitFor()
    await openLargeFolder(page, join(folder, 'repository'), items)
    const firstRowsMs = await firstRows(page)
    const searchMs = await searches(page)
    await page.getByRole('treeitem', { name: /^Inbox/ }).click()
    const { longest: longTaskMs, count: longTasks } = await scrolling(page)
    const { own, resident, heap } = await memory(page)
    const found = { firstRowsMs, searchMs, longTaskMs, rendererMiB: own }
    const over = Object.entries(limits).filter(([name, most]) => found[name as keyof typeof found] > most)
    console.log(
      JSON.stringify({ host: app.hostName, items, ...found, longTasks, residentMiB: resident, heapMiB: heap, limits }),
    )
    for (const [name, most] of over) console.error(`${name} is over its limit of ${most}`)
    if (over.length > 0) process.exitCode = 1
  } finally {
    await app.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
