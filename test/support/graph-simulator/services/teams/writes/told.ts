import type { TenantState } from '../../../state/tenant.ts'

/** People whom Teams would have told of what requests did; messages are counted by `TeamDirectory.posted`. */
export interface ToldPeople {
  /** Became members of a channel that was there already. */
  added: number
}

const make = (): ToldPeople => ({ added: 0 })

export function toldPeople(tenant: TenantState): ToldPeople {
  return tenant.service(make)
}
