import type { TenantState } from '../../support/graph-simulator/index.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { listDirectory } from '../../support/graph-simulator/services/lists/state.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { teamDirectory } from '../../support/graph-simulator/services/teams/state.ts'

export interface TenantSize {
  readonly users: number
  readonly groups: number
  readonly sites: number
}

const domain = 'contoso.example'
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number)

/**
 * Of ten users seven have no licence, two have an empty mailbox and an empty drive, one uses both. Of ten groups one has
 * a team and a plan. Every second site is a group's; of ten one has a list and files.
 */
export function fillTenant(tenant: TenantState, { users, groups, sites }: TenantSize): void {
  for (const number of numbers(users)) addUser(tenant, number)
  const ids = numbers(groups).map((number) => addGroup(tenant, number))
  for (const number of numbers(sites)) addSite(tenant, number, number % 2 === 0 ? ids[number / 2] : undefined)
}

function addUser(tenant: TenantState, number: number): void {
  const userPrincipalName = `user${String(number)}@${domain}`
  tenant.addUser({ userPrincipalName })
  const drives = drivesOf(tenant)
  if (number % 10 < 7) {
    tenant.removeMailbox(userPrincipalName)
    drives.removeDrive(userPrincipalName)
  } else if (number % 10 === 9) {
    for (const one of numbers(20))
      tenant.addMessage(userPrincipalName, 'inbox', mimeOf(`${String(number)}.${String(one)}`))
    drives.addFiles(userPrincipalName, 'Files', { count: 10, size: 100, seed: number })
  }
}

function mimeOf(id: string): string {
  return `Subject: Mail ${id}\r\nMessage-ID: <${id}@${domain}>\r\n\r\ntext`
}

function addGroup(tenant: TenantState, number: number): string {
  const hasTeam = number % 10 === 0
  const members = [0, 1, 2].map((one) => `user${String((number + one) % 10)}@${domain}`)
  const { id } = groupDirectory(tenant).add({ displayName: `Group ${String(number)}`, members, team: hasTeam })
  if (!hasTeam) return id
  const teams = teamDirectory(tenant)
  const channel = teams.addChannel(id, { displayName: 'Plans' })
  for (const one of numbers(5)) teams.post(channel, members[0] ?? '', { html: `<p>Message ${String(one)}</p>` })
  const planner = tenant.service(plannerState)
  const plan = planner.addPlan(id, 'Plan')
  planner.addBucket(plan, 'Open')
  for (const one of numbers(3)) planner.addTask(plan, { title: `Task ${String(one)}`, bucket: 'Open' })
  return id
}

function addSite(tenant: TenantState, number: number, group: string | undefined): void {
  const path = `sites/site${String(number)}`
  const more = group === undefined ? {} : { group }
  const { id } = siteDirectory(tenant).add({ path, displayName: `Site ${String(number)}`, ...more })
  if (number % 10 !== 1) return
  const lists = listDirectory(tenant)
  const list = lists.addList(id, { displayName: 'Things', columns: [{ name: 'Colour', kind: 'text' }] })
  lists.addItems(id, list, 20, (one) => ({ Title: `Thing ${String(one)}`, Colour: 'red' }))
}
