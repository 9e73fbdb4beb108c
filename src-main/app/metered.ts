import { execFile } from 'node:child_process'

/** Whether the network costs by the amount; `unknown` where nobody says. */
export type Metered = 'yes' | 'no' | 'unknown'

/** Runs a program and gives what it writes; rejects if it fails. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>

/** NMMetered: https://networkmanager.dev/docs/api/latest/nm-dbus-types.html#NMMetered (guesses count as answers). */
const answers: Readonly<Record<string, Metered>> = { 'u 1': 'yes', 'u 3': 'yes', 'u 2': 'no', 'u 4': 'no' }

/** Asks NetworkManager on Linux. Other systems tell a program of this kind nothing: `unknown`. */
export async function readMetered(platform: NodeJS.Platform, run: RunProgram = runProgram): Promise<Metered> {
  if (platform !== 'linux') return 'unknown'
  const manager = 'org.freedesktop.NetworkManager'
  const path = '/org/freedesktop/NetworkManager'
  const args = ['--system', '--timeout=3', 'get-property', manager, path, manager, 'Metered']
  // No busctl, no NetworkManager, no answer: all the same to us.
  const answer = await run('busctl', args).catch(() => '')
  return answers[answer.trim()] ?? 'unknown'
}

function runProgram(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { timeout: 5000, encoding: 'utf8' }, (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} failed`, { cause: error }))
    })
  })
}
