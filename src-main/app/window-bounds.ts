import type { Rectangle } from 'electron'
import type { WindowState } from './preferences.ts'

export const smallest = { width: 880, height: 600 } as const
const usual = { width: 1180, height: 780 } as const
/** So much of the title bar has to be on a display that it can be taken hold of. */
const grip = { width: 120, height: 24 } as const

/** Where the window opens: where it was, if that can still be seen, or else in the middle of the first display. */
export function openingBounds(state: WindowState | null, workAreas: readonly Rectangle[]): Partial<Rectangle> {
  const [first] = workAreas
  if (state === null || !workAreas.some((area) => shows(area, state))) {
    const size = state ?? usual
    return first === undefined ? usual : fitting(size, first)
  }
  const { x, y } = state
  return { x, y, ...atLeast(state) }
}

function shows(area: Rectangle, { x, y, width }: WindowState): boolean {
  const across = Math.min(area.x + area.width, x + width) - Math.max(area.x, x)
  return across >= grip.width && y >= area.y && y + grip.height <= area.y + area.height
}

function fitting(size: { readonly width: number; readonly height: number }, area: Rectangle): Partial<Rectangle> {
  return atLeast({ width: Math.min(size.width, area.width), height: Math.min(size.height, area.height) })
}

function atLeast({ width, height }: { readonly width: number; readonly height: number }): {
  readonly width: number
  readonly height: number
} {
  return { width: Math.max(smallest.width, width), height: Math.max(smallest.height, height) }
}
