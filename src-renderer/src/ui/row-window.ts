/** Which rows of equal height show, for lists longer than what a browser can make a page of. */

/** Chromium's layout ends at 2^25 px; taller lists scroll faster than they move. */
const tallest = 32_000_000
const overscan = 8

export interface RowWindow {
  /** First row to draw, and the one after the last. */
  readonly from: number
  readonly to: number
  /** Height of the whole as it scrolls. */
  readonly height: number
  /** Where a row lies in it, in px from the top. */
  readonly top: (index: number) => number
}

export interface RowView {
  readonly count: number
  readonly rowHeight: number
  readonly viewport: number
  readonly scrollTop: number
}

export function rowWindow(view: RowView): RowWindow {
  const { count, rowHeight, viewport, scrollTop } = view
  const height = scrollHeight(view)
  const offset = scrollTop * ratio(view)
  const first = Math.floor(offset / rowHeight)
  const last = Math.ceil((offset + viewport) / rowHeight)
  return {
    from: Math.max(0, Math.min(first, count) - overscan),
    to: Math.min(count, last + overscan),
    height,
    top: (index) => index * rowHeight - offset + scrollTop,
  }
}

/** The scrollTop that brings a row into sight; the present one if it is. */
export function scrollTopFor(view: RowView, index: number): number {
  const { rowHeight, viewport, scrollTop } = view
  const factor = ratio(view)
  const offset = scrollTop * factor
  const top = index * rowHeight
  if (top < offset) return top / factor
  if (top + rowHeight > offset + viewport) return (top + rowHeight - viewport) / factor
  return scrollTop
}

/** How many px of rows one px of scrolling moves: 1, except in lists that are too tall. */
function ratio(view: RowView): number {
  const real = view.count * view.rowHeight
  const shown = scrollHeight(view)
  return real <= shown ? 1 : (real - view.viewport) / (shown - view.viewport)
}

function scrollHeight({ count, rowHeight }: RowView): number {
  return Math.min(tallest, count * rowHeight)
}

/** Where a key leads from a row; undefined if it is no key for moving. `page`: rows that fit into sight. */
export function rowAfterKey(key: string, active: number, count: number, page: number): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: count - 1,
  }
  const target = targets[key]
  if (target === undefined || count === 0) return undefined
  return Math.min(count - 1, Math.max(0, target))
}
