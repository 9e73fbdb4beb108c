import type { AccountRow } from '../../../src-shared/ipc/contract/accounts.ts'
import type { Account } from '../../auth/account.ts'
import { isGraphDestination, parseGraphDestination } from '../../destinations/graph-drive/urls.ts'
import { isEngineError } from '../../engine/index.ts'
import type { Plan } from '../../settings/model.ts'
import type { RunRecord } from '../../settings/run-history.ts'
import { ownOf, type HostStateData } from '../host-state.ts'
import { needsSignIn } from './refused.ts'

export interface AccountFacts {
  readonly plans: readonly Plan[]
  /** Oldest first. */
  readonly runs: readonly RunRecord[]
  readonly state: HostStateData
  /** All places that are known, with what people call them. */
  readonly places: readonly { readonly place: string; readonly title: string }[]
}

export function accountRow(account: Account, facts: AccountFacts): AccountRow {
  const { name, kind, clientId } = account
  return {
    name,
    kind,
    username: kind === 'person' ? account.username : null,
    tenantId: kind === 'person' ? account.homeTenantId : account.tenantId,
    clientId,
    state: isSignInNeeded(account, facts) ? 'sign-in-needed' : 'good',
    usedBy: [
      ...facts.plans.filter((plan) => readsWith(plan, name)).map((plan) => plan.name),
      ...facts.places.filter(({ place }) => isSame(accountOf(place), name)).map(({ title }) => title),
    ],
  }
}

/** By the last use, whether it was here or in a run of the command line. */
function isSignInNeeded(account: Account, { plans, runs, state }: AccountFacts): boolean {
  if (account.kind === 'person' && account.pendingClaims !== undefined) return true
  const known = ownOf(state.accounts, account.name.toLowerCase())
  const last = runs.findLast(({ plan, outcome }) => {
    const own = plans.find(({ id }) => id === plan)
    return own !== undefined && readsWith(own, account.name) && outcome !== 'interrupted' && outcome !== 'stopped'
  })
  if (last !== undefined && last.ended > (known?.time ?? 0)) return needsSignIn(last.code)
  return known?.refused ?? false
}

/** Whether a source of the plan is read with the account. */
function readsWith({ sources }: Plan, name: string): boolean {
  return sources.some(({ account }) => typeof account === 'string' && isSame(account, name))
}

/** The account that a place in Microsoft 365 names; undefined for folders, and for what is no place. */
export function accountOf(place: string): string | undefined {
  if (!isGraphDestination(place)) return undefined
  try {
    return parseGraphDestination(place).authid
  } catch (error) {
    if (isEngineError(error, 'usage')) return undefined
    throw error
  }
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase()
}
