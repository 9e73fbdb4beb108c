import type { GraphSimulator } from '../../support/graph-simulator/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { teamDirectory } from '../../support/graph-simulator/services/teams/state.ts'

/** A root that something is wrong with, and what is said of it. */
export interface TroubledRoot {
  readonly path: string
  /** Codes when it had been read before, and when it had not. */
  readonly later: readonly string[]
  readonly firstly: readonly string[]
  /** Deleted between listing and reading. */
  readonly isGone?: boolean
}

const host = 'contoso.sharepoint.com'
const always = (codes: readonly string[]): Pick<TroubledRoot, 'later' | 'firstly'> => ({ later: codes, firstly: codes })

export const troubledRoots: readonly TroubledRoot[] = [
  {
    path: 'groups/oldtalk@contoso.example',
    later: ['graph.forbidden', 'graph.locked'],
    // Nobody can tell whether an application would ever be let into the calendar.
    firstly: ['graph.forbidden', 'graph.locked', 'graph.not-for-app-only'],
  },
  // The list says that it has no team, and its files are not there with it or without it.
  {
    path: 'groups/quiet@contoso.example',
    ...always(['graph.root-gone', 'graph.no-site', 'graph.no-team']),
    isGone: true,
  },
  { path: `sites/${host}/sites/talk`, ...always(['graph.locked']) },
  { path: `sites/${host}/sites/research`, ...always(['graph.locked']) },
  { path: `sites/${host}/sites/engines/labs`, ...always(['graph.forbidden']) },
  { path: `sites/${host}/sites/brief`, ...always(['graph.root-gone']), isGone: true },
]

/** Lets roots (and the site that has the files of one) be forbidden, locked, or gone since they were listed. What it gives makes good what can be. */
export function trouble({ tenant }: GraphSimulator): () => void {
  const groups = groupDirectory(tenant)
  const sites = siteDirectory(tenant)
  const idOf = (name: string): string => groups.all().find(({ displayName }) => displayName === name)?.id ?? ''
  const closed = [groups.forbidden, teamDirectory(tenant).forbidden]
  const talk = idOf('Old talk')
  for (const ids of closed) ids.add(talk)
  groups.remove(idOf('Quiet'))
  const site = (path: string): string => `${sites.host}:/sites/${path}`
  const locks = [
    ['talk', 'locked'],
    ['research', 'locked'],
    ['engines/labs', 'denied'],
  ] as const
  for (const [path, lock] of locks) sites.lock(site(path), lock)
  sites.remove(site('brief'))
  return () => {
    for (const ids of closed) ids.delete(talk)
    for (const [path] of locks) sites.lock(site(path), undefined)
  }
}
