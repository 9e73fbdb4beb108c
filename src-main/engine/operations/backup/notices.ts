import { rootOf } from '../../model/root-path.ts'
import type { RootKind } from '../../ports/data-type.ts'
import type { Notice } from './model.ts'

/** What is true of a data type of so many roots is said once, with "*" for the roots. */
const MANY = 10

/** `roots`: how many of each kind there are. What is true of all of them is said once too. */
export function collapsedNotices(notices: readonly Notice[], roots: ReadonlyMap<RootKind, number>): readonly Notice[] {
  const alike = Map.groupBy(notices, ({ path, code }) => {
    const rooted = rootOf(path)
    return rooted?.rest.length === 1 ? `${rooted.kind}s/*/${rooted.rest[0] ?? ''} ${code}` : ''
  })
  return [...alike].flatMap(([key, same]) => {
    const [first] = same
    const [path = ''] = key.split(' ')
    if (first === undefined || path === '') return same
    const all = roots.get(rootOf(first.path)?.kind ?? 'user') ?? 0
    if (same.length <= MANY && (all < 2 || same.length < all)) return same
    return [{ path, code: first.code, roots: same.length }]
  })
}
