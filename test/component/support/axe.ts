import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const require = createRequire(import.meta.url)
const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** Two frames in which nothing moves: what watches sizes has seen the last one, which comes at the end of a frame. */
const atRest = `(async () => {
  const moves = () =>
    document.getAnimations().some((one) => one.playState === 'running' && one.effect?.getTiming().iterations !== Infinity)
  for (let frames = 0; frames < 2; frames = moves() ? 0 : frames + 1) await new Promise(requestAnimationFrame)
})()`

/** Resolves once the page shows what it has come to, to people and to keys. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(atRest)
}

/** What axe finds on the page once it is drawn, one line for each element. */
export async function findings(page: Page): Promise<readonly string[]> {
  await drawn(page)
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(source)
  const { violations }: { violations: readonly Violation[] } = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], iframes: false })`,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}: ${failureSummary ?? ''}`),
  )
}
