import type { ChartPoint, ChartSeries } from './types.ts'

export interface ChartFrame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface ChartScale {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  /** Values on the axis, from below; the first is 0 or less. */
  readonly ticksY: readonly number[]
  readonly ticksX: readonly number[]
}

export function chartScale(series: readonly ChartSeries[], frame: ChartFrame): ChartScale {
  const points = series.flatMap(({ points: own }) => own)
  const xs = points.map(({ x }) => x)
  const [firstX, lastX] = [smallest(xs), largest(xs)]
  const ticksY = niceTicks(largest([0, ...points.map(({ y }) => y ?? 0)]))
  const top = ticksY.at(-1) ?? 1
  const innerWidth = frame.width - frame.left - frame.right
  const innerHeight = frame.height - frame.top - frame.bottom
  return {
    x: (value) => frame.left + (lastX === firstX ? innerWidth / 2 : ((value - firstX) / (lastX - firstX)) * innerWidth),
    y: (value) => frame.top + innerHeight - (value / top) * innerHeight,
    ticksY,
    ticksX: spread(xs, innerWidth),
  }
}

/** One line per stretch without a gap, as an SVG path. */
export function linePath(points: readonly ChartPoint[], scale: Pick<ChartScale, 'x' | 'y'>): string {
  let pen = 'M'
  let path = ''
  for (const { x, y } of points) {
    if (y === null) {
      pen = 'M'
      continue
    }
    path += `${pen}${round(scale.x(x))} ${round(scale.y(y))}`
    pen = 'L'
  }
  return path
}

/** Steps of 1, 2 or 5 (in the power of 2 that bytes come in, where they are large) up to the largest value. */
function niceTicks(most: number): readonly number[] {
  if (!(most > 0)) return [0, 1]
  const unit = most >= 1024 ? 1024 ** Math.floor(Math.log(most) / Math.log(1024)) : 1
  const rough = most / unit / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10
  const step = Math.max(unit === 1 ? 1 : 0, factor * power) * unit
  const count = Math.max(1, Math.ceil(most / step))
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}

/** Some of the x values, so far apart that their names fit. */
function spread(xs: readonly number[], width: number): readonly number[] {
  const all = [...new Set(xs)].toSorted((a, b) => a - b)
  const most = Math.max(2, Math.floor(width / 90))
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, index) => all[Math.round((index * (all.length - 1)) / (most - 1))] ?? 0)
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), values[0] ?? 0)
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), values[0] ?? 0)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
