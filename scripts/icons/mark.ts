import type { Colour, Layer } from './raster.ts'
import { bend, circle, grown, line, placed, roundedSquare, union, without, type Shape } from './shapes.ts'

/** What the tray says at a glance. */
export const trayStates = ['idle', 'running', 'attention', 'error', 'paused'] as const

type TrayState = (typeof trayStates)[number]

const white: Colour = [255, 255, 255]
const rope: Colour = [255, 190, 92]
const seaAbove: Colour = [34, 116, 138]
const seaBelow: Colour = [12, 58, 82]

/** A cleat: two horns on two feet on a plate, what a rope is made fast to. */
const horns = union(
  bend({ x: 12, y: 10.2 }, { x: 5.5, y: 10.2 }, { x: 2.6, y: 7.4 }, 2, 1.3),
  bend({ x: 12, y: 10.2 }, { x: 18.5, y: 10.2 }, { x: 21.4, y: 7.4 }, 2, 1.3),
)
const feet = union(
  line({ x: 9.2, y: 10.5 }, { x: 7.4, y: 17 }, 1.5),
  line({ x: 14.8, y: 10.5 }, { x: 16.6, y: 17 }, 1.5),
)
const plate = line({ x: 4.8, y: 18.2 }, { x: 19.2, y: 18.2 }, 1.7)
const cleat = union(horns, feet, plate)

/** The turn of rope over the cleat. */
const turn = union(
  line({ x: 7.6, y: 14.6 }, { x: 16.4, y: 5.6 }, 1.25),
  bend({ x: 16.4, y: 5.6 }, { x: 18.6, y: 3.2 }, { x: 20.6, y: 3.4 }, 1.25),
)

/** The application's icon. Below 48 pixels the rope would only blur the cleat. */
export function appIcon(size: number, margin: number): readonly Layer[] {
  const half = 12 - margin
  const fits = (shape: Shape): Shape =>
    placed(shape, 12 - 12 * (half / 12) * 0.72, 12 - 12.4 * (half / 12) * 0.72, (half / 12) * 0.72)
  const ground: Layer = { shape: roundedSquare(12, half, half * 0.45), colour: seaAbove, colourBelow: seaBelow }
  const mark: Layer = { shape: fits(cleat), colour: white }
  if (size < 48) return [ground, mark]
  const gap: Layer = { shape: fits(grown(turn, 0.7)), colour: [26, 92, 114], colourBelow: [22, 84, 106] }
  return [ground, mark, gap, { shape: fits(turn), colour: rope }]
}

interface Badge {
  readonly colour: Colour
  /** What is cut out of the disc. */
  readonly sign: Shape
}

const disc = circle(17.6, 17.2, 6.4)

const badges: Readonly<Record<Exclude<TrayState, 'idle'>, Badge>> = {
  running: {
    colour: [43, 138, 230],
    sign: union(
      line({ x: 17.6, y: 14.2 }, { x: 17.6, y: 20.6 }, 0.95),
      line({ x: 17.6, y: 13.9 }, { x: 14.9, y: 16.6 }, 0.95),
      line({ x: 17.6, y: 13.9 }, { x: 20.3, y: 16.6 }, 0.95),
    ),
  },
  attention: {
    colour: [240, 160, 20],
    sign: union(line({ x: 17.6, y: 13.6 }, { x: 17.6, y: 17.3 }, 1.15), circle(17.6, 20.6, 1.25)),
  },
  error: {
    colour: [218, 54, 51],
    sign: union(
      line({ x: 15.2, y: 14.8 }, { x: 20, y: 19.6 }, 1.1),
      line({ x: 20, y: 14.8 }, { x: 15.2, y: 19.6 }, 1.1),
    ),
  },
  paused: {
    colour: [120, 126, 134],
    sign: union(
      line({ x: 15.8, y: 14.9 }, { x: 15.8, y: 19.5 }, 1.15),
      line({ x: 19.4, y: 14.9 }, { x: 19.4, y: 19.5 }, 1.15),
    ),
  },
}

/** The mark alone in one colour, with a badge in the corner that tells the state by its sign as well as by its colour. */
export function trayIcon(state: TrayState, ink: Colour, template: boolean): readonly Layer[] {
  const mark: Layer = { shape: placed(cleat, 0, -0.6, 1), colour: ink }
  if (state === 'idle') return [mark]
  const { colour, sign } = badges[state]
  const room: Layer = { shape: grown(disc, 1.5), colour: ink, erase: true }
  const round: Layer = { shape: without(disc, sign), colour: template ? ink : colour }
  return template ? [mark, room, round] : [mark, room, round, { shape: sign, colour: white }]
}
