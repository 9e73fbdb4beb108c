import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { PASSPHRASE } from '../repository/restic.ts'

/** Where a process dies: around the n-th file that it writes or removes, in the middle of it once it has begun. */
export interface KillPoint {
  readonly at: 'before' | 'in' | 'after'
  readonly n: number
}

export type MaintenanceStep =
  | { readonly kind: 'forget-and-prune'; readonly keepLast: number }
  | { readonly kind: 'copy'; readonly from: string }
  | { readonly kind: 'turns'; readonly role: 'write' | 'prune'; readonly name: string; readonly rounds: number }

export interface MaintenanceOptions {
  readonly passphrase: string
  /** The repository's folder. */
  readonly place: string
  readonly step: MaintenanceStep
  readonly kill?: KillPoint
}

/** What a process did while it held the lock, in nanoseconds of the machine's own clock. */
export interface Turn {
  readonly from: number
  readonly to: number
  /** Snapshots. */
  readonly made: readonly string[]
  readonly removed: readonly string[]
}

export interface MaintenanceReport {
  /** Files written or removed. */
  readonly writes: number
  readonly turns: readonly Turn[]
}

const program = fileURLToPath(new URL('./maintenance-process.ts', import.meta.url))

/** Runs a process to its end and gives its report; undefined if it was killed as asked. */
export async function runMaintenance(
  options: Omit<MaintenanceOptions, 'passphrase'>,
): Promise<MaintenanceReport | undefined> {
  const all: MaintenanceOptions = { ...options, passphrase: PASSPHRASE }
  const env = { ...process.env, MAINTENANCE: JSON.stringify(all) }
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = await new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(signal ?? String(code))
    })
  })
  if (options.kill !== undefined && ended === 'SIGKILL') return undefined
  expect(ended).toBe('0')
  return JSON.parse(output) as MaintenanceReport
}

/** A point of a run that writes or removes so many files. */
export function drawKillPoint(random: () => number, writes: number): KillPoint {
  const kinds = ['before', 'in', 'after'] as const
  return { at: kinds[Math.floor(random() * kinds.length)] ?? 'in', n: 1 + Math.floor(random() * writes) }
}
