import type { Root, RootKind } from '../ports/data-type.ts'

const KINDS: Readonly<Record<string, RootKind>> = { users: 'user', groups: 'group', sites: 'site' }

/** The data types' folders of sites: a site's path may have any depth and ends where one of them begins. */
export const SITE_TYPE_FOLDERS: ReadonlySet<string> = new Set(['site', 'libraries', 'lists', 'pages'])

/** users / name, groups / name; a site begins with its host. */
const ROOT_DEPTH = 2

/** A path of a snapshot, split behind the root that it is in. */
export interface RootedPath {
  readonly kind: RootKind
  /** The root's folder, e.g. "users/ada@contoso.example". */
  readonly root: string
  /** What follows, the data type's folder first. */
  readonly rest: readonly string[]
}

/** The folder of a root in a snapshot. */
export function rootPath({ kind, name }: Pick<Root, 'kind' | 'name'>): string {
  return `${kind}s/${name}`
}

/** Undefined for what is above the roots ("", "users") or beside them (".holdfast"). */
export function rootOf(path: string): RootedPath | undefined {
  const names = path.split('/').filter((name) => name !== '')
  const kind = KINDS[names[0] ?? '']
  if (kind === undefined || names.length < ROOT_DEPTH) return undefined
  const type = names.findIndex((name, at) => at >= ROOT_DEPTH && SITE_TYPE_FOLDERS.has(name))
  const depth = kind !== 'site' ? ROOT_DEPTH : type < 0 ? names.length : type
  return { kind, root: names.slice(0, depth).join('/'), rest: names.slice(depth) }
}

/** What kind of root a root's folder is of; a folder of no kind is no root. */
export function kindOfRoot(path: string): RootKind {
  return KINDS[path.split('/', 1)[0] ?? ''] ?? 'user'
}
