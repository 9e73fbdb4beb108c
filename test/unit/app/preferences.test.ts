import { expect, it } from 'vitest'
import { defaultPreferences, PreferenceStore } from '../../../src-main/app/preferences.ts'
import { memoryPreferences } from './memory-preferences.ts'

it('keeps what was chosen and what was remembered for the next start', () => {
  const { store, file } = memoryPreferences()
  expect(store.preferences).toEqual(defaultPreferences)
  store.choose({ theme: 'dark', nothingForDays: 3 })
  store.remember({ paused: 123, window: { x: 1, y: 2, width: 900, height: 700, maximized: true } })
  const next = new PreferenceStore(file)
  expect(next.preferences).toEqual({ ...defaultPreferences, theme: 'dark', nothingForDays: 3 })
  expect(next.remembered.paused).toBe(123)
  expect(next.remembered.window?.maximized).toBe(true)
})

it('takes defaults for what makes no sense, and keeps the rest', () => {
  const { store } = memoryPreferences({
    version: 1,
    preferences: { theme: 'pink', startAtLogin: false, nothingForDays: -4, unknown: true },
    window: { x: 'left' },
    paused: 'maybe',
    draft: { step: 'where', answers: { place: '/backup' } },
    told: 'everything',
  })
  expect(store.preferences).toEqual({ ...defaultPreferences, startAtLogin: false })
  expect(store.remembered).toEqual({
    window: null,
    paused: false,
    draft: { step: 'where', answers: { place: '/backup' } },
    told: [],
  })
})

it('reads a file without a version, and one of a later program', () => {
  expect(memoryPreferences({ preferences: { theme: 'dark' } }).store.preferences.theme).toBe('dark')
  expect(memoryPreferences({ version: 99, preferences: { theme: 'dark' } }).store.preferences.theme).toBe('dark')
})

it('tells who listens, and refuses what the contract does not know', () => {
  const { store, file } = memoryPreferences()
  const told: string[] = []
  store.onChange(({ theme }) => told.push(theme))
  store.choose({ theme: 'light', closeToTray: undefined })
  expect(told).toEqual(['light'])
  expect(() => store.choose({ nothingForDays: 0 })).toThrow()
  expect(new PreferenceStore(file).preferences).toEqual({ ...defaultPreferences, theme: 'light' })
})
