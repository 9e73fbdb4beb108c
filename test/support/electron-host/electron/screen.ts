import { EventEmitter } from 'node:events'
import type { Display, Point, Screen } from 'electron'

const bounds = { x: 0, y: 0, width: 1920, height: 1080 }

/** One display. What the app does not ask of it is not there. */
const display = {
  id: 1,
  label: 'stand-in',
  bounds,
  workArea: { ...bounds, y: 24, height: bounds.height - 24 },
  size: { width: bounds.width, height: bounds.height },
  workAreaSize: { width: bounds.width, height: bounds.height - 24 },
  scaleFactor: 1,
  rotation: 0,
  internal: false,
} satisfies Partial<Display> as unknown as Display

class StandInScreen extends EventEmitter {
  getAllDisplays = (): Display[] => [display]
  getPrimaryDisplay = (): Display => display
  getDisplayMatching = (): Display => display
  getDisplayNearestPoint = (): Display => display
  getCursorScreenPoint = (): Point => ({ x: 0, y: 0 })
}

export const screen = new StandInScreen()
screen satisfies Pick<Screen, Exclude<keyof StandInScreen, keyof EventEmitter>>
