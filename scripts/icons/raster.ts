import type { Shape } from './shapes.ts'

/** Red, green, blue: 0 to 255. */
export type Colour = readonly [number, number, number]

/** Painted over what is below it; the colour may change from top to bottom. */
export interface Layer {
  readonly shape: Shape
  readonly colour: Colour
  readonly colourBelow?: Colour
  /** Takes away what is below it instead of painting. */
  readonly erase?: boolean
}

/** Rows of red, green, blue, alpha; alpha is not multiplied in. */
export interface Picture {
  readonly size: number
  readonly pixels: Uint8Array
}

const GRID = 24

/** Paints layers on a square of `size` pixels. A pixel near an edge is the mean of 8 by 8 samples (4 by 4 when it is large). */
export function paint(layers: readonly Layer[], size: number): Picture {
  const pixels = new Uint8Array(size * size * 4)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const samples = !hasEdge(layers, x, y, size) ? 1 : size > 256 ? 4 : 8
      pixels.set(pixelAt(layers, x, y, size, samples), (y * size + x) * 4)
    }
  return { size, pixels }
}

/** Whether the edge of a shape may go through a pixel. */
function hasEdge(layers: readonly Layer[], x: number, y: number, size: number): boolean {
  const pixel = GRID / size
  return layers.some(({ shape }) => Math.abs(shape((x + 0.5) * pixel, (y + 0.5) * pixel)) < pixel)
}

function pixelAt(
  layers: readonly Layer[],
  x: number,
  y: number,
  size: number,
  samples: number,
): readonly [number, number, number, number] {
  const sum = [0, 0, 0, 0]
  for (let down = 0; down < samples; down++)
    for (let across = 0; across < samples; across++) {
      const sample = sampleAt(
        layers,
        ((x + (across + 0.5) / samples) * GRID) / size,
        ((y + (down + 0.5) / samples) * GRID) / size,
      )
      if (sample === undefined) continue
      for (const [at, value] of sample.entries()) sum[at] = (sum[at] ?? 0) + value
      sum[3] = (sum[3] ?? 0) + 1
    }
  const [red = 0, green = 0, blue = 0, covered = 0] = sum
  if (covered === 0) return [0, 0, 0, 0]
  const mean = (value: number): number => Math.round(value / covered)
  return [mean(red), mean(green), mean(blue), Math.round((covered / samples ** 2) * 255)]
}

/** The topmost layer decides; undefined where there is none. */
function sampleAt(layers: readonly Layer[], x: number, y: number): Colour | undefined {
  const layer = layers.findLast(({ shape }) => shape(x, y) <= 0)
  if (layer === undefined || layer.erase === true) return undefined
  const { colour, colourBelow = colour } = layer
  const mixed = (at: 0 | 1 | 2): number => colour[at] + (colourBelow[at] - colour[at]) * (y / GRID)
  return [mixed(0), mixed(1), mixed(2)]
}
