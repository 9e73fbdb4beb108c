import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'

/** What the session's keychain is: open, locked, or not there at all, perhaps not even a bus to ask on. */
export type KeychainState = 'unlocked' | 'locked' | 'none' | 'no-bus'

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly script: string
  readonly args?: readonly string[]
  readonly keychain?: KeychainState
  /** Home and data of the session; a new one unless named. Removed with the test by who made it. */
  readonly home?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Each line as it comes. */
  readonly onLine?: (line: string) => void
}

/** Why there is no test against a real keychain here; undefined if there can be one. */
export function missingKeychain(): string | undefined {
  if (process.platform !== 'linux') return `this is ${process.platform}, the test needs Linux`
  for (const program of ['dbus-run-session', 'gnome-keyring-daemon'])
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined) return `${program} is not installed`
  return undefined
}

/** The password of the session's keyring: not one that the tests look for. */
const keyringPassword = 'opens-the-keyring-of-the-test'

/** A bus without the services that the machine would start on demand. */
const emptyBus = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
`

const startKeyring: Readonly<Record<KeychainState, string>> = {
  unlocked:
    'printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null &&',
  locked: 'gnome-keyring-daemon --start --components=secrets --daemonize >/dev/null </dev/null &&',
  none: '',
  'no-bus': 'unset DBUS_SESSION_BUS_ADDRESS &&',
}

/** Runs a script of this folder in a session of its own, with a real gnome-keyring; all of it is gone at the end. */
export async function runInSession(options: RunOptions): Promise<Outcome> {
  const { script, args = [], keychain = 'unlocked', onLine, environment = {} } = options
  const home = options.home ?? (await newHome())
  const configuration = join(home, 'bus.conf')
  await writeFile(configuration, emptyBus)
  const command = `${startKeyring[keychain]} unset KEYRING_PASSWORD && exec "$@"`
  const child = spawn(
    'dbus-run-session',
    ['--config-file', configuration, '--', 'sh', '-c', command, 'sh', process.execPath, script, ...args],
    {
      // The last one carries nothing: it closes when no process of the session is left, the keychain's neither.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        XDG_DATA_HOME: join(home, 'data'),
        XDG_RUNTIME_DIR: home,
        KEYRING_PASSWORD: keyringPassword,
        ...environment,
      },
    },
  ) as ChildProcessByStdio<null, Readable, Readable>
  const collected = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = collected.stdout.split('\n').length - 1
    collected.stdout += text
    for (const line of collected.stdout.split('\n').slice(before, -1)) onLine?.(line)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    collected.stderr += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => void endDaemons(home).catch(reject))
    child.once('close', resolve)
  })
  return { code, ...collected }
}

/** Ends what a session leaves behind in `home`: a keychain that has not met its bus yet does not notice that it is gone. */
async function endDaemons(home: string): Promise<void> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // Not ours to read, or gone by the time it is looked at.
    const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '')
    if (environment.split('\0').includes(`XDG_RUNTIME_DIR=${home}`)) terminate(Number(name))
  }
}

function terminate(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

export async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'holdfast-keychain-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  return home
}
