import { SvelteMap } from 'svelte/reactivity'

export interface ToastOptions {
  readonly tone: 'info' | 'attention' | 'error' | 'good'
  readonly title: string
  readonly text?: string | undefined
  readonly action?: { readonly label: string; readonly onselect: () => void }
  /** How long it stays; default 6, an error until it is closed. */
  readonly seconds?: number
}

export interface Toast extends ToastOptions {
  readonly id: number
}

const shown = $state<{ list: readonly Toast[] }>({ list: [] })
const timers = new SvelteMap<number, ReturnType<typeof setTimeout>>()
const most = 4
let last = 0

export const toasts = {
  get list(): readonly Toast[] {
    return shown.list
  },
}

/** Shows a short message in the corner; answers its id. */
export function showToast(options: ToastOptions): number {
  const toast: Toast = { ...options, id: ++last }
  shown.list = [...shown.list, toast].slice(-most)
  startTimer(toast)
  return toast.id
}

export function closeToast(id: number): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  shown.list = shown.list.filter((toast) => toast.id !== id)
}

/** While the pointer or the focus is on them, none disappears. */
export function holdToasts(hold: boolean): void {
  for (const timer of timers.values()) clearTimeout(timer)
  timers.clear()
  if (!hold) for (const toast of shown.list) startTimer(toast)
}

function startTimer(toast: Toast): void {
  const seconds = toast.seconds ?? (toast.tone === 'error' ? undefined : 6)
  if (seconds === undefined) return
  timers.set(
    toast.id,
    setTimeout(() => closeToast(toast.id), seconds * 1000),
  )
}
