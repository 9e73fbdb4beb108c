import { readFileSync } from 'node:fs'

/**
 * Most resident memory that this process has had, in MiB. The kernel's other figure (getrusage) is never below what the
 * process that started this one had, which says nothing of a child of a large simulator.
 */
export function peakMiB(): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (line !== null) return Math.round(Number(line[1]) / 1024)
  } catch {
    // Not Linux: the other figure has to do.
  }
  return Math.round(process.resourceUsage().maxRSS / 1024)
}
