import { PreferenceStore, type PreferenceFile } from '../../../src-main/app/preferences.ts'

/** Preferences in a file that is only an object. */
export function memoryPreferences(fields: Readonly<Record<string, unknown>> = {}): {
  readonly store: PreferenceStore
  readonly file: PreferenceFile
} {
  let kept = structuredClone(fields)
  const file: PreferenceFile = {
    read: () => structuredClone(kept),
    write: (written) => {
      kept = structuredClone(written)
    },
  }
  return { store: new PreferenceStore(file), file }
}
