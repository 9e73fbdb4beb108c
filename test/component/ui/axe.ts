import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds on the page, one line per rule and place. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // Evaluated, not added as a script: the policy forbids what is inline.
  await page.evaluate(axe.source)
  const results = await page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })')
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      return `${id}: ${target.join(' ')} ${failureSummary ?? ''}`
    }),
  )
}
