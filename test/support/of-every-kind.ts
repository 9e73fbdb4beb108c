import type { ByRootKind } from '../../src-main/engine/ports/data-type.ts'

/** The same for users, groups and sites; what is told by kind already stays as it is. */
export function ofEveryKind<T>(types: ByRootKind<T> | readonly T[]): ByRootKind<T> {
  return isList(types) ? { user: types, group: types, site: types } : types
}

function isList<T>(types: ByRootKind<T> | readonly T[]): types is readonly T[] {
  return Array.isArray(types)
}
