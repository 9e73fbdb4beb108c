import { parseSelect, propertyNames } from '../../odata/query.ts'
import type { RouteCall } from '../../routes/context.ts'
import type { Rendered } from './render.ts'

/** Drives take their options with and without the dollar sign. */
export function option(call: RouteCall, name: string): string | undefined {
  return call.query.get(`$${name}`) ?? call.query.get(name)
}

/** Entities of one type, with what the request's `$select` leaves of them. */
export function selectedOf(
  call: RouteCall,
  names: readonly string[],
  type: string,
  all: readonly Rendered[],
): Rendered[] {
  const selected = parseSelect(option(call, 'select'), propertyNames(names), type)
  if (selected === undefined) return [...all]
  return all.map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => selected.has(name))))
}
