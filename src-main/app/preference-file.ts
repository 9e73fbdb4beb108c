import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import ElectronStore from 'electron-store'
import type { PreferenceFile } from './preferences.ts'

const name = 'preferences'

/** `preferences.json` of the profile. One that is no JSON is kept aside as `preferences.damaged.json`. */
export function openPreferenceFile(profile: string): PreferenceFile {
  const store = open(profile)
  return {
    read: () => store.store,
    write: (fields) => {
      store.store = fields
    },
  }
}

type Store = ElectronStore

function open(profile: string): Store {
  const options = { name, cwd: profile, configFileMode: 0o600, accessPropertiesByDotNotation: false }
  try {
    return new ElectronStore(options)
  } catch (error) {
    const path = join(profile, `${name}.json`)
    if (!(error instanceof SyntaxError) || !existsSync(path)) throw error
    renameSync(path, join(profile, `${name}.damaged.json`))
    return new ElectronStore(options)
  }
}
