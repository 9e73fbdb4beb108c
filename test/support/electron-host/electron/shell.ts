import type { Shell } from 'electron'
import type { RecordedExternal } from '../control/recorded.ts'
import { changed, contribute } from './recorder.ts'

const external: RecordedExternal[] = []

function note(how: RecordedExternal['how'], target: string): void {
  external.push({ how, target })
  changed()
}

export const shell = {
  openExternal: async (url: string) => note('openExternal', url),
  openPath: async (path: string) => {
    note('openPath', path)
    return ''
  },
  showItemInFolder: (path: string) => note('showItemInFolder', path),
  trashItem: async (path: string) => note('trashItem', path),
  beep: () => undefined,
} satisfies Partial<Shell>

contribute('external', () => [...external])
