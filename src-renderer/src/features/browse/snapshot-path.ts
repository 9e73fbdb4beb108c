import type { ItemRow } from '../../../../src-shared/ipc/index.ts'

export type RootKind = 'user' | 'group' | 'site'

/** A path of a snapshot, split where its root and its data type end. */
export interface RootedPath {
  readonly kind: RootKind
  /** Path of the root, e.g. "users/ada@contoso.example". */
  readonly root: string
  /** What the root is called. */
  readonly name: string
  /** Folder of the data type; undefined for the root itself. */
  readonly type: string | undefined
}

const kinds: Readonly<Record<string, RootKind>> = { users: 'user', groups: 'group', sites: 'site' }
const typeFoldersOfSites = ['site', 'libraries', 'lists', 'pages']
const month = /^\d{4}-\d{2}$/

/** Undefined for what is above the roots. */
export function rootedPath(path: string): RootedPath | undefined {
  const names = path.split('/')
  const kind = kinds[names[0] ?? '']
  if (kind === undefined || names.length < 2) return undefined
  const found = names.findIndex((name, at) => at >= 2 && typeFoldersOfSites.includes(name))
  const depth = kind !== 'site' ? 2 : found < 0 ? names.length : found
  return {
    kind,
    root: names.slice(0, depth).join('/'),
    name: names.slice(1, depth).join('/'),
    type: names[depth],
  }
}

/** Which data type an item or folder is of, as `texts.types` names it: "user/mailbox". */
export function typeKey(path: string): string | undefined {
  const rooted = rootedPath(path)
  return rooted?.type === undefined ? undefined : `${rooted.kind}/${rooted.type}`
}

/** The folder that shows an item: months are no folders. */
export function containerOf(path: string): string {
  const names = path.split('/').slice(0, -1)
  return (month.test(names.at(-1) ?? '') ? names.slice(0, -1) : names).join('/')
}

export function isInside(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}

/** The names of a path below its root, without months: "Inbox / Projects". */
export function placeWords(path: string): string {
  const rooted = rootedPath(path)
  const container = containerOf(path)
  const rest = rooted === undefined ? container : container.slice(rooted.root.length + 1)
  return rest.split('/').slice(1).join(' / ')
}

/** The last name of a path, without what only makes it unique. */
export function itemName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const plain = name.replace(/ ~[a-z2-7]{10}(-\d+)?$/, '').trim()
  return plain === '' ? name : plain
}

/** What is left of paths if one of them lies in another. */
export function outermost(paths: readonly string[]): readonly string[] {
  const kept = new Set<string>()
  for (const path of [...paths].sort((one, other) => one.length - other.length))
    if (!ancestors(path).some((folder) => kept.has(folder))) kept.add(path)
  return [...kept]
}

function ancestors(path: string): readonly string[] {
  const names = path.split('/')
  return ['', ...names.map((_name, at) => names.slice(0, at + 1).join('/'))]
}

/** The rows' roots, each once. */
export function rootsOf(paths: readonly string[]): readonly RootedPath[] {
  const roots = new Map<string, RootedPath>()
  for (const path of paths) {
    const rooted = rootedPath(path)
    if (rooted !== undefined) roots.set(rooted.root, { ...rooted, type: undefined })
  }
  return [...roots.values()]
}

/** Whether an item looks like mail, an event, a file... */
export type Look = 'mail' | 'event' | 'contact' | 'file' | 'messages' | 'task' | 'note' | 'other'

const looks: Readonly<Record<string, Look>> = {
  'user/mailbox': 'mail',
  'user/calendar': 'event',
  'user/contacts': 'contact',
  'user/onedrive': 'file',
  'user/tasks': 'task',
  'user/notes': 'note',
  'user/planner': 'task',
  'user/chats': 'messages',
  'group/mailbox': 'messages',
  'group/calendar': 'event',
  'group/files': 'file',
  'group/teams': 'messages',
  'group/planner': 'task',
  'group/notes': 'note',
  'site/libraries': 'file',
  'site/pages': 'note',
}

export function lookOf({ path }: Pick<ItemRow, 'path'>): Look {
  return looks[typeKey(path) ?? ''] ?? 'other'
}
