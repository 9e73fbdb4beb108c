import { app } from 'electron'
import type { ValueOf } from '../../src-shared/ipc/contract.ts'
import type { Link } from './external-links.ts'

/** What the page "About" tells. */
export function appInfo(profile: string, links: readonly Link[]): ValueOf<'app.info'> {
  const { electron, chrome, node, v8 } = process.versions
  return {
    version: app.getVersion(),
    platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    locale: app.getLocale(),
    packaged: app.isPackaged,
    profile,
    links: [...links],
    runtime: { electron, chrome, node, v8 },
  }
}
