import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Desktop } from './desktop.ts'

/** Files of the profile in which one of the secrets shows, whatever their kind. */
export function leaks({ profile }: Desktop, secrets: readonly string[]): readonly string[] {
  if (secrets.length === 0 || secrets.some((secret) => secret.length < 8))
    throw new Error('a secret of this length is anywhere')
  const files = readdirSync(profile, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return files.filter((file) => {
    const text = readFileSync(file, 'latin1')
    return secrets.some((secret) => text.includes(Buffer.from(secret).toString('latin1')))
  })
}

interface Line {
  readonly event: string
  readonly outcome?: string
  readonly started: number
  readonly ended?: number
}

/** The profile's history of runs, as it lies on the disk. */
function history({ profile }: Desktop): readonly Line[] {
  return readFileSync(join(profile, 'history.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

export function ended(desktop: Desktop): readonly string[] {
  return history(desktop).flatMap(({ event, outcome }) => (event === 'ended' && outcome !== undefined ? [outcome] : []))
}

/** Lets all runs lie so much further back. */
export function age(desktop: Desktop, milliseconds: number): void {
  const older = history(desktop).map((line) => ({
    ...line,
    started: line.started - milliseconds,
    ...(line.ended === undefined ? {} : { ended: line.ended - milliseconds }),
  }))
  writeFileSync(join(desktop.profile, 'history.jsonl'), older.map((line) => `${JSON.stringify(line)}\n`).join(''))
}
