import { existsSync, globSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const electron = join(import.meta.dirname, '../node_modules/electron')

/** Electron's program for this machine; undefined where it has not been fetched. `import 'electron'` would fetch it. */
export function electronProgram(): string | undefined {
  const name = join(electron, 'path.txt')
  if (!existsSync(name)) return undefined
  const program = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electron, 'dist'), readFileSync(name, 'utf8'))
  return existsSync(program) ? program : undefined
}

/** What stands in for Electron's program where that is missing, in Chromium; says so. */
export function standInProgram(): string {
  console.log(
    "Electron's program is not here (npx install-electron fetches it): Holdfast runs on its stand-in in Chromium.",
  )
  return join(import.meta.dirname, '../test/support/electron-host/start.ts')
}

/** Folder of Electron's files for this machine, where they have been fetched. */
export function electronFolder(): string | undefined {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electron, 'dist')
  return electronProgram() === undefined ? undefined : folder
}

/** Where electron-builder would get Electron's archive from for a platform. */
export function electronArchive(platform: string, arch: string): { readonly name: string; readonly url: string } {
  const { version } = JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8')) as { readonly version: string }
  const mirror =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/download/'
  const name = `electron-v${version}-${platform}-${arch}.zip`
  return { name, url: `${mirror.replace(/\/*$/, '/')}v${version}/${name}` }
}

/** Whether an archive lies in the cache that electron-builder and Electron share, or can be fetched. */
export async function isObtainable({ name, url }: { readonly name: string; readonly url: string }): Promise<boolean> {
  if (globSync(`**/${name}`, { cwd: cacheFolder() }).length > 0) return true
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(20_000) })
    return answer.ok
  } catch {
    return false
  }
}

function cacheFolder(): string {
  const own = process.env.electron_config_cache
  if (own !== undefined) return own
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'electron/Cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/electron')
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'electron')
}
