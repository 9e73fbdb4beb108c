import { rootedPath, type RootKind } from '../browse/snapshot-path.ts'

/** What comes back only if it is asked for, as --restore-also names it. */
export type Also =
  | 'permissions'
  | 'sharing-links'
  | 'versions'
  | 'members'
  | 'group-settings'
  | 'rules'
  | 'automatic-replies'
  | 'time-zone'
  | 'language'
  | 'working-hours'
  | 'profile'
  | 'photo'

const ofDrives: readonly Also[] = ['permissions', 'sharing-links', 'versions']
const ofMailboxes: readonly Also[] = ['rules', 'automatic-replies', 'time-zone', 'language', 'working-hours']

const byType: Readonly<Record<string, readonly Also[]>> = {
  'user/mailbox-settings': ofMailboxes,
  'user/calendar': ['permissions'],
  'user/onedrive': ofDrives,
  'user/planner': ['permissions'],
  'user/profile': ['profile', 'photo'],
  'group/group': ['members', 'group-settings', 'photo'],
  'group/directory': ['members', 'group-settings', 'photo'],
  'group/files': ofDrives,
  'group/planner': ['permissions'],
  'group/teams': ['members'],
  'site/libraries': ofDrives,
  'site/site': ['permissions'],
}

/** What can be asked for with a selection: of its data types, or of all types of a whole root. */
export function alsoOf(paths: readonly string[]): readonly Also[] {
  const found = new Set<Also>()
  for (const path of paths) {
    const rooted = rootedPath(path)
    if (rooted === undefined) continue
    const keys = rooted.type === undefined ? keysOf(rooted.kind) : [`${rooted.kind}/${rooted.type}`]
    for (const key of keys) for (const also of byType[key] ?? []) found.add(also)
  }
  return [...found]
}

function keysOf(kind: RootKind): readonly string[] {
  return Object.keys(byType).filter((key) => key.startsWith(`${kind}/`))
}
