import type { CommandLine } from 'electron'
import type { Switch } from '../control/shapes.ts'
import { changed } from './recorder.ts'

const switches = new Map<string, string>()

for (const argument of process.argv) {
  const [, name, value = ''] = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(argument) ?? []
  if (name !== undefined) switches.set(name, value)
}

/** The switches of Chromium: those on the command line, and those that main appends before it is ready. */
export const commandLine = {
  appendSwitch(name: string, value = '') {
    switches.set(name, value)
    changed()
  },
  appendArgument: () => undefined,
  hasSwitch: (name: string) => switches.has(name),
  getSwitchValue: (name: string) => switches.get(name) ?? '',
  removeSwitch: (name: string) => void switches.delete(name),
} satisfies Record<keyof CommandLine, unknown>

export function switchList(): readonly Switch[] {
  return Array.from(switches, ([name, value]) => ({ name, value }))
}
