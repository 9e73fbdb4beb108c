import type { Recorded } from '../control/recorded.ts'
import { host } from './app-link.ts'

type Readers = { [Section in keyof Recorded]: () => Recorded[Section] }

const readers: Partial<Readers> = {}
let isDue = false

/** Each module shows what it holds. */
export function contribute<Section extends keyof Recorded>(section: Section, read: () => Recorded[Section]): void {
  Object.assign(readers, { [section]: read })
}

/** Something that tests can see has changed: they hear of it once the code that is running has come to its end. */
export function changed(): void {
  if (isDue) return
  isDue = true
  queueMicrotask(() => {
    isDue = false
    host.tell('recorded', recorded())
  })
}

function recorded(): Recorded {
  const sections = Object.entries(readers).map(([section, read]) => [section, read()] as const)
  return Object.fromEntries(sections) as unknown as Recorded
}

host.answer('control.recorded', recorded)
