import { reasonText } from './reasons.ts'

/** What a check found, as the engine reports it. */
export interface CheckedThing {
  readonly code: string
  readonly subject: 'index' | 'pack' | 'blob' | 'snapshot' | 'tree'
  readonly id: string
  readonly snapshot?: string
  readonly path?: string
}

const subjects = { index: 'index', pack: 'pack', blob: 'data', snapshot: 'snapshot', tree: 'folder' }
const SHORT = 8

/** One line for a finding: what, where, and what is wrong with it. `place` stands for the path, if it is to be shown. */
export function findingText({ code, subject, id, snapshot }: CheckedThing, place: string | undefined): string {
  const what = id === '' ? subjects[subject] : `${subjects[subject]} ${id.slice(0, SHORT)}`
  const harmed = snapshot === undefined ? '' : `, snapshot ${snapshot.slice(0, SHORT)}`
  const where = place === undefined || place === '' ? '' : `, ${place}`
  return `${what}: ${reasonText(code)}${harmed}${where}`
}
