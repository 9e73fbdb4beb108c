import type { Restored, Tenant } from './tenants.ts'

/** Paths of what a restore made. */
export const created = ({ items }: Restored): readonly string[] =>
  items.flatMap(({ path, outcome: { kind } }) => (kind === 'created' ? [path] : []))

/** Requests that wrote something. */
export function writes({ simulator }: Tenant): readonly string[] {
  const silent = new Set(['{tenant}/token', '$batch'])
  return simulator.log
    .entries()
    .filter(({ method, route }) => method !== 'GET' && !silent.has(route))
    .map(({ method, route }) => `${method} ${route}`)
}
