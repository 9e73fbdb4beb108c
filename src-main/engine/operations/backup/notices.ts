import type { DataTypeReader, Root } from '../../ports/data-type.ts'
import type { Notice } from './model.ts'

/** What is true of a data type of every root is said once, with "*" for the roots. */
export function collapsedNotices(
  notices: readonly Notice[],
  roots: readonly Root[],
  readers: readonly DataTypeReader[],
): readonly Notice[] {
  const folders = new Set(readers.map(({ folder }) => folder))
  const groups = Map.groupBy(notices, ({ path, code }) => {
    const [, , folder = '', ...more] = path.split('/')
    return more.length === 0 && folders.has(folder) ? `${folder} ${code}` : ''
  })
  return [...groups].flatMap(([key, same]) => {
    const [first] = same
    if (key === '' || first === undefined || roots.length < 2 || same.length < roots.length) return same
    return [{ path: `*/${key.split(' ')[0] ?? ''}`, code: first.code }]
  })
}
