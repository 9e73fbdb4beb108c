/** A shape on a grid of 24 by 24: how far a point is outside of it; negative inside. */
export type Shape = (x: number, y: number) => number

interface Point {
  readonly x: number
  readonly y: number
}

export function circle(cx: number, cy: number, radius: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) - radius
}

/** A line with round ends whose thickness goes over from one end to the other. */
export function line(from: Point, to: Point, radius: number, radiusAtEnd = radius): Shape {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const square = dx * dx + dy * dy
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square))
    return Math.hypot(x - from.x - along * dx, y - from.y - along * dy) - (radius + along * (radiusAtEnd - radius))
  }
}

/** A bend from one point to another, pulled towards a third, as short lines. */
export function bend(from: Point, pull: Point, to: Point, radius: number, radiusAtEnd = radius): Shape {
  const steps = 16
  const at = (t: number): Point => ({
    x: (1 - t) ** 2 * from.x + 2 * (1 - t) * t * pull.x + t ** 2 * to.x,
    y: (1 - t) ** 2 * from.y + 2 * (1 - t) * t * pull.y + t ** 2 * to.y,
  })
  const thick = (t: number): number => radius + t * (radiusAtEnd - radius)
  const parts = Array.from({ length: steps }, (_, step) => {
    const [begin, end] = [step / steps, (step + 1) / steps]
    return line(at(begin), at(end), thick(begin), thick(end))
  })
  return union(...parts)
}

export function roundedSquare(centre: number, half: number, corner: number): Shape {
  return (x, y) => {
    const dx = Math.abs(x - centre) - half + corner
    const dy = Math.abs(y - centre) - half + corner
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - corner
  }
}

export function union(...shapes: readonly Shape[]): Shape {
  return (x, y) => shapes.reduce((least, shape) => Math.min(least, shape(x, y)), Infinity)
}

export function without(shape: Shape, ...gone: readonly Shape[]): Shape {
  const hole = union(...gone)
  return (x, y) => Math.max(shape(x, y), -hole(x, y))
}

/** The shape and a rim around it. */
export function grown(shape: Shape, by: number): Shape {
  return (x, y) => shape(x, y) - by
}

/** The shape on a grid that is laid over another: `scale` times as large, its corner at x, y. */
export function placed(shape: Shape, x: number, y: number, scale: number): Shape {
  return (px, py) => shape((px - x) / scale, (py - y) / scale) * scale
}
