import { drivesOf } from '../services/drive/index.ts'
import { groupDirectory } from '../services/groups/state.ts'
import { listDirectory } from '../services/lists/state.ts'
import { plannerState } from '../services/planner/state.ts'
import { siteDirectory } from '../services/sites/state.ts'
import { teamDirectory } from '../services/teams/state.ts'
import type { TenantState } from '../state/tenant.ts'

/** A Microsoft 365 group of the tenant's first users with a team, a plan and a site, for demonstrations. */
export interface WorkplaceSeed {
  readonly kind: 'workplace'
  readonly displayName: string
}

const talk = [
  ['Schedule', 'The first draft of the schedule is in Files. Is the twelfth still possible?'],
  ['Venue', 'The hall is booked; they ask for the number of guests by Friday.'],
  ['Printing', 'Proofs came back. <b>Page 3</b> needs the new logo.'],
] as const

const answers = ['Yes, if printing is done by the ninth.', 'I will ask.', 'Done.'] as const

const risks = [
  ['Printer breaks down', 'High', 'Book a second one'],
  ['Rain', 'Medium', 'Rent tents'],
  ['Speaker is late', 'Low', 'Swap the first two talks'],
] as const

export function plantWorkplace(tenant: TenantState, { displayName }: WorkplaceSeed): void {
  const people = tenant.users().map(({ userPrincipalName }) => userPrincipalName)
  const members = people.slice(0, 4)
  const owners = people.slice(0, 1)
  const group = groupDirectory(tenant).add({ displayName, members, owners, team: true }).id
  plantTeam(tenant, group, members)
  plantPlan(tenant, group)
  plantSite(tenant, group, displayName)
}

function plantTeam(tenant: TenantState, group: string, members: readonly string[]): void {
  const teams = teamDirectory(tenant)
  const channel = teams.addChannel(group, { displayName: 'Preparations' })
  for (const [index, [subject, text]] of talk.entries()) {
    const message = teams.post(channel, members[index] ?? '', { subject, html: `<p>${text}</p>` })
    teams.post(channel, members[index + 1] ?? '', { html: `<p>${answers[index] ?? ''}</p>` }, message)
  }
}

function plantPlan(tenant: TenantState, group: string): void {
  const planner = tenant.service(plannerState)
  const plan = planner.addPlan(group, 'Launch day')
  for (const bucket of ['Before', 'On the day']) planner.addBucket(plan, bucket)
  for (const title of ['Send invitations', 'Order flowers']) planner.addTask(plan, { title, bucket: 'Before' })
  planner.addTask(plan, { title: 'Welcome guests', bucket: 'On the day' })
}

function plantSite(tenant: TenantState, group: string, displayName: string): void {
  const path = `sites/${displayName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`
  const { id } = siteDirectory(tenant).add({ path, displayName, group })
  const lists = listDirectory(tenant)
  const columns = [
    {
      name: 'Weight',
      kind: 'choice' as const,
      facet: { choices: ['High', 'Medium', 'Low'], displayAs: 'dropDownMenu' },
    },
    { name: 'Answer', kind: 'text' as const },
  ]
  const list = lists.addList(id, { displayName: 'Risks', columns })
  for (const [Title, Weight, Answer] of risks) lists.addItem(id, list, { Title, Weight, Answer })
  const drives = drivesOf(tenant)
  const [library] = drives.ofSite(id)
  if (library !== undefined) drives.addFile(library.id, 'Plans/Schedule.txt', Buffer.from('09:00 doors open\n'))
}
