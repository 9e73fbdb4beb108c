// The desktop application while its sources change, reloaded by electron-vite: npm run dev.
import { join } from 'node:path'
import { electronProgram, standInProgram } from './electron-files.ts'
import { runProgram } from './run-program.ts'

const root = join(import.meta.dirname, '..')
const electronVite = join(root, 'node_modules/electron-vite/bin/electron-vite.js')

process.exitCode = await runProgram(process.execPath, [electronVite, 'dev', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, ELECTRON_EXEC_PATH: electronProgram() ?? standInProgram() },
})
