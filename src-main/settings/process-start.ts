import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ASK_MS = 10_000
/** Of what follows the program's name in /proc/<pid>/stat: when the process started, in ticks since the boot. */
const START_TICKS = 19

/**
 * What no other process of this machine has, although numbers of processes are used again: the boot and when in it the
 * process started. No clock is in it that a person, the network or a suspended machine can move. Undefined where the
 * system does not tell; Linux does. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processMark(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    const ticks = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(START_TICKS)
    return ticks === undefined ? undefined : `${boot} ${ticks}`
  } catch {
    return undefined
  }
}

/** When a process of this machine started, in milliseconds since 1970; undefined where nobody can tell. */
export async function processStart(pid: number): Promise<number | undefined> {
  try {
    const started = Date.parse(process.platform === 'win32' ? await askWindows(pid) : await askPs(pid))
    return Number.isNaN(started) ? undefined : started
  } catch {
    return undefined
  }
}

async function askPs(pid: number): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { env, timeout: ASK_MS })
  return `${stdout.trim()} UTC`
}

async function askWindows(pid: number): Promise<string> {
  const question = `(Get-Process -Id ${String(pid)}).StartTime.ToUniversalTime().ToString('o')`
  const args = ['-NoProfile', '-NonInteractive', '-Command', question]
  const { stdout } = await run('powershell.exe', args, { timeout: ASK_MS, windowsHide: true })
  return stdout.trim()
}
