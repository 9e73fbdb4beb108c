import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Environment } from './option-values.ts'

/** The folder for catalogs and reports, unless --profile names another. */
export function defaultProfile(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(given(environment.LOCALAPPDATA) ?? join(home, 'AppData', 'Local'), 'Holdfast')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Holdfast')
  // https://specifications.freedesktop.org/basedir-spec/latest/
  return join(given(environment.XDG_DATA_HOME) ?? join(home, '.local', 'share'), 'holdfast')
}

export function profileFolder(asked: string | undefined): string {
  return asked === undefined ? defaultProfile() : resolve(asked)
}

function given(folder: string | undefined): string | undefined {
  return folder === '' ? undefined : folder
}
