import type { ParamsOf, Preferences } from '../../../src-shared/ipc/index.ts'
import { call, subscribe } from './api.ts'

/** What the person wants of the desktop. One for the window: `preferences`. */
class CurrentPreferences {
  #value = $state.raw<Preferences | null>(null)

  /** Null until they are known. */
  get value(): Preferences | null {
    return this.#value
  }

  /** Changes some of them. Rejects with an ApiFailure, and nothing is changed. */
  async save(changes: ParamsOf<'app.setPreferences'>): Promise<void> {
    this.#take(await call('app.setPreferences', changes))
  }

  /** Reads them and hears of changes; returns what ends it. */
  start(): () => void {
    const end = subscribe('preferences', (value) => this.#take(value))
    // Without them the window looks as the system does, and the settings tell what is wrong.
    void call('app.preferences', {}).then(
      (value) => this.#take(value),
      () => this.#take(null),
    )
    return end
  }

  #take(value: Preferences | null): void {
    this.#value = value
    applyTheme(value?.theme ?? 'system')
  }
}

export const preferences = new CurrentPreferences()

function applyTheme(theme: Preferences['theme']): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
