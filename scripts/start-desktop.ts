import { join } from 'node:path'
import { buildDesktop } from './build-desktop.ts'
import { electronProgram } from './electron-files.ts'
import { runProgram } from './run-program.ts'

const root = join(import.meta.dirname, '..')
const standIn = join(root, 'test/support/electron-host/start.ts')

buildDesktop()
const program = electronProgram()
const args = process.argv.slice(2)
if (program === undefined)
  console.log(
    "Electron's program is not here (npx install-electron fetches it): Holdfast runs on its stand-in in Chromium.",
  )
process.exitCode = await (program === undefined
  ? runProgram(process.execPath, [standIn, ...args], { cwd: root })
  : runProgram(program, [root, ...args], { cwd: root }))
