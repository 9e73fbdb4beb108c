import type { ParamsOf } from '../../../../src-shared/ipc/index.ts'
import { failureSentence } from '../../lib/failure-sentence.ts'
import { preferences } from '../../lib/preferences.svelte.ts'
import { texts } from '../../lib/texts/index.ts'
import { showToast } from '../../ui/toasts.svelte.ts'

/** Saves some preferences; tells it if they could not be. */
export async function saveSettings(changes: ParamsOf<'app.setPreferences'>): Promise<void> {
  try {
    await preferences.save(changes)
  } catch (cause) {
    showToast({ tone: 'error', title: texts.settings.cannotSave, text: failureSentence(cause) })
  }
}

const KIBIBYTE = 1024

/** A limit as people give it, in KiB a second; null is none. */
export function rateShown(bytesPerSecond: number): number | null {
  return bytesPerSecond === 0 ? null : Math.round(bytesPerSecond / KIBIBYTE)
}

/** The other way round, in bytes a second; 0 is none. */
export function rateMeant(shown: number | null): number {
  return shown === null || shown <= 0 ? 0 : Math.round(shown * KIBIBYTE)
}
