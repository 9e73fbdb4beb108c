import type { Clipboard } from 'electron'
import { changed, contribute } from './recorder.ts'

let held = ''

/** Of this process, not of the machine. */
export const clipboard = {
  writeText: async (text: string) => {
    held = text
    changed()
  },
  readText: async () => held,
  clear: () => {
    held = ''
    changed()
  },
} satisfies Partial<Clipboard>

contribute('clipboard', () => held)
