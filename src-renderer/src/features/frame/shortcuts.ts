import { navigation, type ViewName } from '../../lib/navigation.svelte.ts'

/** Views by the digit that leads there with Ctrl or Command. */
const byDigit: readonly ViewName[] = ['home', 'browse', 'runs', 'plans', 'destinations', 'accounts', 'settings']

/** Keys of the whole window: Ctrl+1 to 7 and Ctrl+comma for views, Alt and arrows for back and forward. */
export function onWindowKey(event: KeyboardEvent): void {
  const act = actionOf(event)
  if (act === undefined) return
  event.preventDefault()
  act()
}

function actionOf(event: KeyboardEvent): (() => void) | undefined {
  const { key, altKey, shiftKey } = event
  const isCommand = event.ctrlKey || event.metaKey
  if (shiftKey) return undefined
  if (altKey && !isCommand) {
    if (key === 'ArrowLeft') return () => navigation.back()
    if (key === 'ArrowRight') return () => navigation.forward()
  }
  if (!isCommand || altKey) return undefined
  const view = key === ',' ? 'settings' : byDigit[Number(key) - 1]
  return view === undefined ? undefined : () => navigation.go({ view })
}
