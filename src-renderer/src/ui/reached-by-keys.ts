const focusable = 'input:enabled, button:enabled, textarea:enabled, select:enabled, a[href], [tabindex="0"], iframe'

/** Attached to what scrolls: whoever has no mouse gets there too, as long as it scrolls and nothing in it takes the focus. */
export function reachedByKeys(element: HTMLElement): () => void {
  const look = (): void => {
    const scrolls = element.scrollHeight > element.clientHeight
    if (scrolls && element.querySelector(focusable) === null) element.tabIndex = 0
    else element.removeAttribute('tabindex')
  }
  const sizes = new ResizeObserver(look)
  const contents = new MutationObserver(look)
  sizes.observe(element)
  contents.observe(element, { childList: true, subtree: true, characterData: true })
  look()
  return () => {
    sizes.disconnect()
    contents.disconnect()
  }
}
