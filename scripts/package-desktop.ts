import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildDesktop } from './build-desktop.ts'
import { electronArchive, electronFolder, isObtainable } from './electron-files.ts'

const root = join(import.meta.dirname, '..')

/** Platforms that the arguments of electron-builder ask for, as Electron's archives call them. */
function platformsAsked(args: readonly string[]): readonly string[] {
  const named = { linux: ['--linux', '-l'], win32: ['--win', '--windows', '-w'], darwin: ['--mac', '--macos', '-m'] }
  const asked = Object.entries(named).flatMap(([platform, flags]) =>
    flags.some((flag) => args.includes(flag)) ? [platform] : [],
  )
  return asked.length === 0 ? [process.platform] : asked
}

function archesAsked(args: readonly string[]): readonly string[] {
  const asked = ['x64', 'arm64'].filter((arch) => args.includes(`--${arch}`))
  return asked.length === 0 ? [process.arch] : asked
}

/** Addresses of the archives of Electron that are needed and cannot be had. */
async function missingArchives(args: readonly string[]): Promise<readonly string[]> {
  const archives = platformsAsked(args).flatMap((platform) =>
    archesAsked(args).map((arch) => electronArchive(platform, arch)),
  )
  const missing: string[] = []
  for (const archive of archives) if (!(await isObtainable(archive))) missing.push(archive.url)
  return missing
}

/** Whether the installer is for this very machine, whose Electron is unpacked already. */
function isForThisMachine(args: readonly string[]): boolean {
  return platformsAsked(args).join() === process.platform && archesAsked(args).join() === process.arch
}

function build(args: readonly string[]): number {
  const program = join(root, 'node_modules/electron-builder/cli.js')
  const folder = isForThisMachine(args) ? electronFolder() : undefined
  const all = [
    '--config',
    'electron-builder.yml',
    '--publish',
    'never',
    ...(folder === undefined ? [] : [`-c.electronDist=${folder}`]),
    // Where updates come from is known to those who publish.
    ...(process.env.HOLDFAST_UPDATE_URL === undefined ? ['-c.publish=null'] : []),
    ...(args.includes('--x64') || args.includes('--arm64') ? [] : [`--${process.arch}`]),
    ...args,
  ]
  return spawnSync(process.execPath, [program, ...all], { cwd: root, stdio: 'inherit' }).status ?? 1
}

const args = process.argv.slice(2)
buildDesktop()
const hasOwn = isForThisMachine(args) && electronFolder() !== undefined
const missing = hasOwn ? [] : await missingArchives(args)
if (missing.length > 0) {
  console.error(
    `No installer was made: ${missing.join(' and ')} cannot be fetched and is not in Electron's cache. ` +
      'Run this where it can be reached, or set ELECTRON_MIRROR to a server that has it.',
  )
  process.exitCode = 1
} else process.exitCode = build(args)
