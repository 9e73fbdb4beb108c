import type { Message } from '../../commands/parts/output.ts'

export type Figures = Record<string, string | number | boolean>

/** Whose figures add up: each source of a plan makes a snapshot. */
const BACKUP = 'items_changed'

/** Adds what a summary of --json says. Figures of several backups are summed; else what was said last holds. */
export function addSummary(figures: Figures, message: Message): void {
  const sums = BACKUP in message && BACKUP in figures
  for (const [name, value] of Object.entries(message)) {
    if (name === 'message_type' || name === 'report') continue
    const before = figures[name]
    if (typeof value === 'number') figures[name] = sums && typeof before === 'number' ? before + value : value
    else if (typeof value === 'string' || typeof value === 'boolean') figures[name] = value
  }
}

/** Of a restore drill: how many items of how many came back. */
export function addDrill(figures: Figures, { num_bad: bad, types }: Message): void {
  const counts = typeof types === 'object' && types !== null ? Object.values(types) : []
  const sum = (name: string): number => counts.reduce<number>((total, one: unknown) => total + numberIn(one, name), 0)
  figures.drill_samples = sum('restored') + sum('damaged')
  figures.drill_bytes = sum('bytes')
  figures.drill_bad = typeof bad === 'number' ? bad : 0
}

function numberIn(value: unknown, name: string): number {
  if (typeof value !== 'object' || value === null) return 0
  const found = (value as Readonly<Record<string, unknown>>)[name]
  return typeof found === 'number' ? found : 0
}
