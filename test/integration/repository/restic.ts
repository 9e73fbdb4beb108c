import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const PASSPHRASE = 'correct horse 😀'

const version = spawnSync('restic', ['version'], { encoding: 'utf8' })

/** Whether restic is there to judge; which one is printed, once for each test file. */
export const hasRestic = version.status === 0
process.stderr.write(hasRestic ? `judged by ${version.stdout}` : 'skipped: restic is not installed\n')

export interface ResticOptions {
  readonly cwd?: string
  readonly passphrase?: string
}

/** Runs restic on the repository in a folder and gives what it prints. */
export async function restic(
  repository: string,
  args: readonly string[],
  options: ResticOptions = {},
): Promise<string> {
  const { cwd, passphrase = PASSPHRASE } = options
  const env = { ...process.env, RESTIC_PASSWORD: passphrase, RESTIC_PROGRESS_FPS: '0.1' }
  const all = ['-r', repository, '--no-cache', ...args]
  const { stdout } = await run('restic', all, { env, maxBuffer: 64 << 20, ...(cwd === undefined ? {} : { cwd }) })
  return stdout
}
