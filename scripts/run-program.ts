import { spawn, type SpawnOptions } from 'node:child_process'
import { constants } from 'node:os'

/** Runs a program in our place, whose exit code becomes ours; 128 + signal when a signal ended it, as a shell reports. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'> = {},
): Promise<number> {
  const child = spawn(program, args, { ...options, stdio: 'inherit' })
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
