import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { buildCli, builtProgram } from './build-cli.ts'

/** Runs the built command line, whose exit code becomes ours; 128 + signal when a signal ended it, as a shell reports. */
function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['--enable-source-maps', builtProgram, ...args], { stdio: 'inherit' })
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

await buildCli()
process.exitCode = await run(process.argv.slice(2))
