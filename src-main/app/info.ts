import { app } from 'electron'
import type { ValueOf } from '../../src-shared/ipc/contract.ts'

/** What the page "About" tells. */
export function appInfo(profile: string): ValueOf<'app.info'> {
  const { electron, chrome, node, v8 } = process.versions
  return {
    version: app.getVersion(),
    platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    locale: app.getLocale(),
    packaged: app.isPackaged,
    profile,
    runtime: { electron, chrome, node, v8 },
  }
}
