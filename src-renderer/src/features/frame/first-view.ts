import { call } from '../../lib/api.ts'
import { navigation } from '../../lib/navigation.svelte.ts'

/** Whoever has no plan yet begins with the wizard, unless they have left it with "Not now". */
export async function showFirstView(): Promise<void> {
  if (navigation.current.view !== 'home') return
  const [plans, { draft }] = await Promise.all([call('plans.list', {}), call('wizard.draft', {})])
  const isLeft = draft?.answers.left === true
  if (plans.length === 0 && !isLeft) navigation.replace({ view: 'wizard' })
}
