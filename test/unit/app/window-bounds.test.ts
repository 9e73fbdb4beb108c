import { expect, it } from 'vitest'
import { openingBounds } from '../../../src-main/app/window-bounds.ts'

const display = { x: 0, y: 25, width: 1920, height: 1055 }
const second = { x: 1920, y: 0, width: 1280, height: 1024 }
const state = { x: 2000, y: 100, width: 1000, height: 700, maximized: false }

it('opens where it was', () => {
  expect(openingBounds(state, [display, second])).toEqual({ x: 2000, y: 100, width: 1000, height: 700 })
})

it('opens in the middle of a display when the one it was on is gone', () => {
  expect(openingBounds(state, [display])).toEqual({ width: 1000, height: 700 })
})

it.each([
  ['above the display', { ...state, x: 100, y: -300 }],
  ['below it', { ...state, x: 100, y: 1075 }],
  ['left of it, but for a sliver', { ...state, x: -950, y: 100 }],
])('does not open %s', (_where, lost) => {
  expect(openingBounds(lost, [display])).not.toHaveProperty('x')
})

it('fits a small display, but is never too small to be used', () => {
  expect(openingBounds(null, [{ x: 0, y: 0, width: 1024, height: 640 }])).toEqual({ width: 1024, height: 640 })
  expect(openingBounds(null, [{ x: 0, y: 0, width: 640, height: 480 }])).toEqual({ width: 880, height: 600 })
  expect(openingBounds(null, [])).toEqual({ width: 1180, height: 780 })
})
