// Modules of which an app needs little, and of which there is nothing to see.
import { EventEmitter } from 'node:events'
import type { CrashReporter, CrashReporterStartOptions, SafeStorage, SystemPreferences } from 'electron'
import { nativeTheme } from './native-theme.ts'
import { plain } from './plain.ts'
import { changed, contribute } from './recorder.ts'

function notAvailable(): never {
  throw new Error('Error while encrypting the text provided to safeStorage: encryption is not available')
}

/** No keychain stands behind it: the app has to say so. */
export const safeStorage = {
  isEncryptionAvailable: () => false,
  isAsyncEncryptionAvailable: async () => false,
  getSelectedStorageBackend: () => 'unknown' as const,
  encryptString: notAvailable,
  decryptString: notAvailable,
  setUsePlainTextEncryption: () => undefined,
} satisfies Partial<Record<keyof SafeStorage, unknown>>

let reporting: CrashReporterStartOptions | undefined

/** Sends nothing anywhere. */
export const crashReporter = {
  start: (options: CrashReporterStartOptions) => {
    reporting = options
    changed()
  },
  getUploadToServer: () => reporting?.uploadToServer ?? false,
  getUploadedReports: () => [],
  addExtraParameter: () => undefined,
} satisfies Partial<CrashReporter>

contribute('crashReporter', () => (reporting === undefined ? undefined : plain(reporting)))

class StandInPreferences extends EventEmitter {
  getAccentColor = (): string => '0078d4ff'
  getAnimationSettings = () => ({
    shouldRenderRichAnimation: true,
    scrollAnimationsEnabledBySystem: true,
    prefersReducedMotion: false,
  })
  getMediaAccessStatus = (): 'denied' => 'denied'
  get effectiveAppearance(): 'dark' | 'light' {
    return nativeTheme.shouldUseDarkColors ? 'dark' : 'light'
  }
}

export const systemPreferences = new StandInPreferences()
systemPreferences satisfies Pick<SystemPreferences, Exclude<keyof StandInPreferences, keyof EventEmitter>>
