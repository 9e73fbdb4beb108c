import { join } from 'node:path'
import { buildDesktop } from './build-desktop.ts'
import { electronProgram, standInProgram } from './electron-files.ts'
import { runProgram } from './run-program.ts'

const root = join(import.meta.dirname, '..')

buildDesktop()
const program = electronProgram()
const args = process.argv.slice(2)
process.exitCode = await (program === undefined
  ? runProgram(process.execPath, [standInProgram(), ...args], { cwd: root })
  : runProgram(program, [root, ...args], { cwd: root }))
