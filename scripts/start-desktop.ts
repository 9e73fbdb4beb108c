import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { buildDesktop } from './build-desktop.ts'
import { electronProgram } from './electron-files.ts'

const root = join(import.meta.dirname, '..')
const standIn = join(root, 'test/support/electron-host/start.ts')

/** Runs the built application, whose exit code becomes ours; 128 + signal when a signal ended it. */
function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', cwd: root })
  // Ctrl-C reaches the child by itself (one process group): we only outlive it, to report how it ended.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
    })
  })
}

buildDesktop()
const program = electronProgram()
const args = process.argv.slice(2)
if (program === undefined)
  console.log(
    "Electron's program is not here (npx install-electron fetches it): Holdfast runs on its stand-in in Chromium.",
  )
process.exitCode = await (program === undefined
  ? run(process.execPath, [standIn, ...args])
  : run(program, [root, ...args]))
