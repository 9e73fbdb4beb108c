import { EventEmitter } from 'node:events'
import type { NativeTheme } from 'electron'
import { host } from './app-link.ts'
import { changed, contribute } from './recorder.ts'
import { startOptions } from './start-options.ts'

class StandInTheme extends EventEmitter {
  readonly inForcedColorsMode = false
  readonly prefersReducedTransparency = false
  readonly shouldDifferentiateWithoutColor = false
  readonly shouldUseHighContrastColors = false
  readonly shouldUseInvertedColorScheme = false
  #source: NativeTheme['themeSource'] = 'system'
  #systemIsDark = startOptions.dark

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark' || (this.#source === 'system' && this.#systemIsDark)
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#systemIsDark
  }

  get themeSource(): NativeTheme['themeSource'] {
    return this.#source
  }

  set themeSource(source: NativeTheme['themeSource']) {
    void this.#change(() => (this.#source = source))
  }

  /** The system's own setting, which a test changes. */
  async setSystem(dark: boolean): Promise<void> {
    await this.#change(() => (this.#systemIsDark = dark))
  }

  async #change(change: () => void): Promise<void> {
    change()
    changed()
    this.emit('updated')
    await host.call('theme', { dark: this.shouldUseDarkColors })
  }
}

export const nativeTheme = new StandInTheme()
nativeTheme satisfies Omit<NativeTheme, keyof EventEmitter>

contribute('theme', () => ({ source: nativeTheme.themeSource, dark: nativeTheme.shouldUseDarkColors }))
host.answer('control.system-theme', ({ dark }) => nativeTheme.setSystem(dark))
