import { grantedPermissions, type GrantedPermissions } from '../auth/granted-permissions.ts'
import { isPersonal } from '../auth/account.ts'
import type { ByRootKind } from '../engine/ports/data-type.ts'
import { directoryNeeds, groupDirectoryNeeds, siteDirectoryNeeds } from '../graph/directory/permissions.ts'
import { need, type Need } from '../graph/item/permissions.ts'
import { readContentChoice } from './parts/content-filter.ts'
import { chosenTypes, permissionsOf } from './parts/data-types.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import type { Output } from './parts/output.ts'
import { kindFolder, rootKinds } from './parts/root-filter.ts'
import type { Session } from './parts/session.ts'
import { readIncludedTypes, readSourceOptions } from './parts/source-options.ts'
import { openTenant, type Tenant } from './parts/tenant.ts'

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
/** A person's own account needs no looking for. */
const ownNeeds: ByRootKind<Need> = {
  user: [need('know who signed in', [], ['User.Read', 'User.ReadWrite', 'User.Read.All', 'User.ReadWrite.All'])],
  group: [],
  site: [],
}

/** Says what the chosen data types need, what the sign-in has, and what is missing. Fails if backing up would. */
export async function permissions(session: Session): Promise<ExitCode> {
  const { values, output, signal } = session
  const content = readContentChoice(values.list('include'), values.list('exclude'))
  const chosen = chosenTypes(readIncludedTypes(values), content)
  const tenant = await openTenant(session, readSourceOptions(values))
  try {
    const granted = await grantedTo(tenant, signal)
    const isOwn = tenant.as === 'person' && !values.has('office365-included-root-types')
    const needs = isOwn
      ? checkNeeds({ ...chosen, group: [], site: [] }, granted, ownNeeds)
      : checkNeeds(chosen, granted, listNeeds)
    tell(output, needs, granted)
    return needs.some((need) => need.during === 'back up' && isMissing(need)) ? exitCodes.incomplete : exitCodes.done
  } catch (error) {
    throw tenant.explain(error)
  } finally {
    await tenant.close()
  }
}

/** Tokens of personal accounts say nothing; then it is what the person consented to. */
async function grantedTo({ tokens, account }: Tenant, signal: AbortSignal): Promise<GrantedPermissions> {
  const token = await tokens.graph.token({ signal })
  if (account?.kind !== 'person' || !isPersonal(account)) return grantedPermissions(token)
  return { kind: 'delegated', names: new Set(account.scopes) }
}

/** `finding`: what it takes to find the roots. */
function checkNeeds(
  types: ByRootKind<string>,
  granted: GrantedPermissions,
  finding: ByRootKind<Need>,
): readonly CheckedNeed[] {
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
      return [...check(roots, roots, 'back up', finding[kind]), ...own]
    })
}

function isMissing({ anyOf, granted }: CheckedNeed): boolean {
  return anyOf.length > 0 && granted.length === 0
}

const GRANT = 'Add them to the app registration and grant them for the tenant.'
const CONSENT = 'Sign in again with "holdfast login" and the right --types (and --for-restore).'

function tell(output: Output, needs: readonly CheckedNeed[], { kind, names }: GrantedPermissions): void {
  output.line(kind === 'application' ? 'Signed in as an application.' : 'Signed in as a person.')
  const width = Math.max(0, ...needs.map((need) => label(need).length))
  for (const need of needs) {
    output.line(`  ${mark(need)}  ${label(need).padEnd(width)}  ${need.what}: ${sentence(need)}`)
    const { roots, type, during, what, anyOf, granted } = need
    const missing = isMissing(need)
    output.object({ message_type: 'permission', roots, type, during, what, any_of: anyOf, granted, missing })
  }
  const missing = needs.filter(isMissing)
  const toAdd = [...new Set(missing.map(({ anyOf }) => anyOf[0] ?? ''))]
  if (toAdd.length > 0) output.line(`Missing: ${toAdd.join(', ')}. ${kind === 'application' ? GRANT : CONSENT}`)
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
