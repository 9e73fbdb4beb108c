import { badRequest } from '../../http/errors.ts'
import { mentionedPaths, parseFilter, passes } from '../../odata/filter.ts'
import type { FilterNode, FilterValue } from '../../odata/filter.ts'
import { groupProperties, groupProperty } from './properties.ts'
import type { StoredGroup } from './state.ts'

/** `groupTypes/any(c:c eq 'Unified')`: one of a list. */
const anyOf = /(\w+)\/any\(\s*(\w+)\s*:\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*\)/gi
const anyPath = /^any\/(\w+)\/([0-9a-f]*)$/

/** Properties that a filter may name without the advanced queries. https://learn.microsoft.com/graph/aad-advanced-queries */
const filtered: ReadonlySet<string> = new Set([
  'classification',
  'createdDateTime',
  'displayName',
  'groupTypes',
  'hasMembersWithLicenseErrors',
  'id',
  'mail',
  'mailEnabled',
  'mailNickname',
  'membershipRuleProcessingState',
  'onPremisesSyncEnabled',
  'proxyAddresses',
  'resourceProvisioningOptions',
  'securityEnabled',
  'visibility',
])

/** Groups that pass. `advanced`: the request asked for eventual consistency and a count, as some operators demand. */
export function matchingGroups(
  groups: readonly StoredGroup[],
  text: string,
  advanced: boolean,
): readonly StoredGroup[] {
  const node = parseFilter(withoutLambdas(text))
  for (const path of mentionedPaths(node)) refuseUnknown(path)
  if (!advanced) refuseAdvanced(node)
  return groups.filter((group) => passes(node, { value: (path) => filterValue(group, path), hasProperty: () => false }))
}

/** Lists become paths of their own, with the value in them: `any/groupTypes/<hex> eq true`. */
function withoutLambdas(text: string): string {
  return text.replace(anyOf, (whole, name: string, variable: string, used: string, value: string) => {
    if (variable !== used) return whole
    const hex = Buffer.from(value.replaceAll("''", "'").toLowerCase()).toString('hex')
    return `any/${name}/${hex} eq true`
  })
}

function refuseUnknown(path: string): void {
  const name = anyPath.exec(path)?.[1] ?? path
  const known = propertyOf(name)
  if (known !== undefined && filtered.has(known)) return
  throw badRequest(
    `Unsupported or invalid query filter clause specified for property '${name}'.`,
    'Request_UnsupportedQuery',
  )
}

/** One that filters may name, but no answer has. */
const neverGiven = 'hasMembersWithLicenseErrors'

function propertyOf(path: string): string | undefined {
  return path.toLowerCase() === neverGiven.toLowerCase() ? neverGiven : groupProperties.get(path.toLowerCase())
}

function refuseAdvanced(node: FilterNode): void {
  const isAdvanced = node.kind === 'not' || (node.kind === 'compare' && node.operator === 'ne')
  if (isAdvanced || (node.kind === 'call' && node.name === 'endswith')) {
    throw badRequest('Operator is not supported without eventual consistency and $count.', 'Request_UnsupportedQuery')
  }
  if (node.kind === 'call' && node.name === 'contains') {
    throw badRequest("'contains' is not supported.", 'Request_UnsupportedQuery')
  }
  if (node.kind !== 'and' && node.kind !== 'or') return
  refuseAdvanced(node.left)
  refuseAdvanced(node.right)
}

function filterValue(group: StoredGroup, path: string): FilterValue {
  const [, list, hex] = anyPath.exec(path) ?? []
  const value = groupProperty(group, propertyOf(list ?? path) ?? path)
  if (hex === undefined) return typeof value === 'object' ? null : (value as FilterValue)
  const wanted = Buffer.from(hex, 'hex').toString()
  return Array.isArray(value) && value.some((one) => typeof one === 'string' && one.toLowerCase() === wanted)
}
