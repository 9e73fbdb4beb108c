import { grantedPermissions, type GrantedPermissions } from '../../auth/granted-permissions.ts'
import type { ByRootKind } from '../../engine/ports/data-type.ts'
import { directoryNeeds, groupDirectoryNeeds, siteDirectoryNeeds } from '../../graph/directory/permissions.ts'
import type { Need } from '../../graph/item/permissions.ts'
import { readContentChoice } from '../content-filter.ts'
import { chosenTypes, permissionsOf } from '../data-types.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { kindFolder, rootKinds } from '../root-filter.ts'
import type { Session } from '../session.ts'
import { readIncludedTypes, readSourceOptions } from '../source-options.ts'
import { openTenant } from '../tenant.ts'

/** A need of a data type, and how the sign-in meets it. */
interface CheckedNeed {
  /** "users", "groups" or "sites". */
  readonly roots: string
  readonly type: string
  readonly during: 'back up' | 'restore'
  readonly what: string
  /** Any one of them is enough; none: not to be had with this kind of sign-in. */
  readonly anyOf: readonly string[]
  readonly granted: readonly string[]
}

const listNeeds: ByRootKind<Need> = { user: directoryNeeds, group: groupDirectoryNeeds, site: siteDirectoryNeeds }

/** Says what the chosen data types need, what the sign-in has, and what is missing. Fails if backing up would. */
export async function permissions(session: Session): Promise<ExitCode> {
  const { values, output, signal } = session
  const content = readContentChoice(values.list('include'), values.list('exclude'))
  const types = chosenTypes(readIncludedTypes(values), content)
  const tenant = await openTenant(session, readSourceOptions(values))
  try {
    const granted = grantedPermissions(await tenant.tokens.token({ signal }))
    const needs = checkNeeds(types, granted)
    tell(output, needs, granted)
    return needs.some((need) => need.during === 'back up' && isMissing(need)) ? exitCodes.incomplete : exitCodes.done
  } catch (error) {
    throw tenant.explain(error)
  } finally {
    await tenant.close()
  }
}

function checkNeeds(types: ByRootKind<string>, granted: GrantedPermissions): readonly CheckedNeed[] {
  const check = (roots: string, type: string, during: CheckedNeed['during'], needs: readonly Need[]): CheckedNeed[] =>
    needs.map((need) => {
      const anyOf = need[granted.kind]
      return { roots, type, during, what: need.what, anyOf, granted: anyOf.filter((name) => granted.names.has(name)) }
    })
  return rootKinds
    .filter((kind) => types[kind].length > 0)
    .flatMap((kind) => {
      const roots = kindFolder(kind)
      const own = permissionsOf(kind, types[kind]).flatMap(({ type, permissions: { backUp, restore } }) => [
        ...check(roots, type, 'back up', backUp),
        ...check(roots, type, 'restore', restore),
      ])
      return [...check(roots, roots, 'back up', listNeeds[kind]), ...own]
    })
}

function isMissing({ anyOf, granted }: CheckedNeed): boolean {
  return anyOf.length > 0 && granted.length === 0
}

function tell(output: Output, needs: readonly CheckedNeed[], { kind, names }: GrantedPermissions): void {
  output.line(kind === 'application' ? 'Signed in as an application.' : 'Signed in as a person.')
  const width = Math.max(...needs.map((need) => label(need).length))
  for (const need of needs) {
    output.line(`  ${mark(need)}  ${label(need).padEnd(width)}  ${need.what}: ${sentence(need)}`)
    const { roots, type, during, what, anyOf, granted } = need
    const missing = isMissing(need)
    output.object({ message_type: 'permission', roots, type, during, what, any_of: anyOf, granted, missing })
  }
  const missing = needs.filter(isMissing)
  const toAdd = [...new Set(missing.map(({ anyOf }) => anyOf[0] ?? ''))]
  if (toAdd.length > 0)
    output.line(`Missing: ${toAdd.join(', ')}. Add them to the app registration and grant them for the tenant.`)
  else output.line('Nothing is missing.')
  const used = new Set(needs.flatMap(({ anyOf }) => anyOf))
  const more = [...names].filter((name) => !used.has(name)).sort()
  if (more.length > 0) output.line(`Granted and not needed for these data types: ${more.join(', ')}.`)
  output.object({ message_type: 'summary', signed_in_as: kind, missing: toAdd, not_needed: more })
}

/** "mail of users, back up"; "users, back up" for finding them. */
function label({ roots, type, during }: CheckedNeed): string {
  return `${type === roots ? type : `${type} of ${roots}`}, ${during}`
}

function mark(need: CheckedNeed): string {
  if (need.anyOf.length === 0) return '-'
  return isMissing(need) ? '✗' : '✓'
}

function sentence({ anyOf, granted }: CheckedNeed): string {
  if (anyOf.length === 0) return 'Graph does not offer it with this kind of sign-in'
  if (granted.length > 0) return granted.join(', ')
  return `missing ${anyOf.join(' or ')}`
}
