import type { Page } from 'playwright-core'

/** Opens folders of the tree one in the other, and lists the last one. */
export async function openPath(page: Page, ...names: readonly string[]): Promise<void> {
  let group = page.getByRole('tree')
  for (const [at, name] of names.entries()) {
    const row = group.getByRole('treeitem', { name: nameOf(name) }).first()
    await row.click()
    if (at < names.length - 1 && (await row.getAttribute('aria-expanded')) !== 'true')
      await page.keyboard.press('ArrowRight')
    group = page.getByRole('tree')
  }
}

function nameOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}( |,|$)`)
}
