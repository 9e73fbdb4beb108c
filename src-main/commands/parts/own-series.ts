import { destinationName } from '../../settings/destination-name.ts'
import type { Plan, SourceSettings } from '../../settings/model.ts'
import { readContentChoice } from './content-filter.ts'
import { chosenTypes } from './data-types.ts'
import { readIncludedTypes } from './source-options.ts'
import { OptionValues } from './option-values.ts'
import { readRootFilter, seriesPaths } from './root-filter.ts'
import { markedPath, readShard } from './shard.ts'
import { UsageError } from './usage-error.ts'

/**
 * Throws UsageError if the plan would remove snapshots of another plan, or of another of its own sources, or the other
 * its: rules go by series, and a series is a tenant and its roots, whatever is read of them. The same for sources that
 * no run could read.
 */
export function requireOwnSeries(plans: readonly Plan[], plan: Plan): void {
  const own = plan.sources.map(seriesOf)
  if (plan.retention !== undefined && new Set(own).size < own.length)
    throw new UsageError(
      'Two sources of the plan make snapshots of one series, and its rules would remove those of the one as old ones of the other: read both by one source.',
    )
  const other = plans.find(
    (one) => one.id !== plan.id && meets(one, plan) && one.sources.map(seriesOf).some(among(own)),
  )
  if (other !== undefined)
    throw new UsageError(
      `Plan "${other.name}" makes snapshots of the same series at that destination, and the rules of the one would remove those of the other: change that plan, or choose another destination.`,
    )
}

function meets(one: Plan, other: Plan): boolean {
  return (
    destinationName(one.destination) === destinationName(other.destination) &&
    (one.retention ?? other.retention) !== undefined
  )
}

function among(names: readonly string[]): (name: string) => boolean {
  return (name) => names.includes(name)
}

/** As far as it can be told without asking the tenant: a user may have several names. */
function seriesOf(source: SourceSettings): string {
  const values = new OptionValues(new Map()).with(new Map(Object.entries(source)))
  const content = readContentChoice(values.list('include'), values.list('exclude'))
  const types = chosenTypes(readIncludedTypes(values), content)
  const { kinds } = readRootFilter(content.rootIncludes, content.rootExcludes, (kind) => types[kind].length > 0)
  const paths = seriesPaths(kinds, new Map())
  const shard = readShard(values)
  const tenant = values.text('account') ?? values.text('office365-tenant-id') ?? ''
  return JSON.stringify([
    tenant.toLowerCase(),
    shard === undefined ? paths : paths.map((path) => markedPath(path, shard)),
  ])
}
