/** What menus do to the window that has the focus. */
export interface Focusable {
  close(): void
  minimize(): void
  reload(): void
}

let focused: Focusable | undefined

export function focusedWindow(): Focusable | undefined {
  return focused
}

export function setFocusedWindow(window: Focusable | undefined): void {
  focused = window
}
