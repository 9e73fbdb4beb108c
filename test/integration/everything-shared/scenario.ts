import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { TenantState } from '../../support/graph-simulator/index.ts'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { groupConversations } from '../../support/graph-simulator/services/conversations/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { groupDirectory, type StoredGroup } from '../../support/graph-simulator/services/groups/state.ts'
import { listDirectory } from '../../support/graph-simulator/services/lists/state.ts'
import { tenantNotes } from '../../support/graph-simulator/services/onenote/state.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { teamDirectory } from '../../support/graph-simulator/services/teams/state.ts'
import { meeting, plantGroup } from '../calendar/calendar-fixture.ts'
import { fillGroup } from '../conversations/conversations-fixture.ts'
import { people, source } from '../everything/scenario.ts'
import { fullGroup, silent } from '../group/group-fixture.ts'
import { fillLists, fillPeople } from '../lists/scenario.ts'
import { fillNotes } from '../onenote/notes-fixture.ts'
import { draft, layoutWith, news, welcome } from '../pages/pages-fixture.ts'
import { fillPlanner } from '../planner/scenario.ts'
import { fillLosses, fillWhole } from '../teams/team-contents.ts'

const old = { createdDateTime: '2017-01-02T03:04:05Z', lastModifiedDateTime: '2018-02-03T04:05:06Z' }
const everybody = people.map((name) => `${name}@${source}`)
const ada = `ada@${source}`
const grace = `grace@${source}`
const alan = `alan@${source}`
const application = { id: '89ea5c94-7736-4e25-95ad-3fa95f62b66e', displayName: 'Time Manager' }

/**
 * Engines is a group, and a site, with everything; Labs is the site below it. Old talk has what Teams takes back in another
 * form, Research and Brief are sites that belong to no group, Quiet is a group without site and team.
 */
export function fillShared(tenant: TenantState): void {
  const groups = groupDirectory(tenant)
  const engines = fullGroup({ groups }, { members: everybody, owners: [ada, grace], team: true })
  const talk = groups.add({ displayName: 'Old talk', owners: [ada], members: everybody, team: true })
  groups.add({ displayName: 'Quiet', owners: [ada], members: [ada] })
  const teams = teamDirectory(tenant)
  fillLosses(teams, talk.id)
  teams.addTag(talk.id, 'Engineers', [grace, alan])
  teams.shareFromOutside(talk.id, 'Suppliers')
  siteDirectory(tenant).add({ path: 'sites/talk', displayName: 'Old talk', group: talk.id })
  fillEngines(tenant, engines)
  fillSites(tenant, engines)
}

/** The same groups and sites without anything in them. */
export function fillTarget(tenant: TenantState): void {
  const groups = groupDirectory(tenant)
  const sites = siteDirectory(tenant)
  for (const [displayName, path] of [
    ['Machines', 'sites/machines'],
    ['New talk', 'sites/newtalk'],
  ] as const) {
    const { id } = groups.add({ displayName, team: true, properties: silent })
    const site = sites.add({ path, displayName, group: id })
    if (path === 'sites/machines') sites.add({ path: `${path}/labs`, displayName: 'Labs', parent: site.id })
  }
  const domain = tenant.users()[0]?.userPrincipalName.split('@')[1] ?? ''
  const lists = listDirectory(tenant)
  for (const { id, path } of sites.all())
    fillPeople({ site: { kind: 'site', id, name: path }, lists }, [`ada@${domain}`, `alan@${domain}`])
}

function fillEngines(tenant: TenantState, { id, mail }: StoredGroup): void {
  const group: Root = { kind: 'group', id, name: mail ?? '' }
  fillGroup({ conversations: groupConversations(tenant), group })
  plantGroup({ desk: new CalendarDesk(tenant), user: id })
  const planner = tenant.service(plannerState)
  fillPlanner(planner, id)
  const garden = planner.addPlan(id, 'Garden', { category2: 'Green' })
  planner.addBucket(garden, 'Spring')
  planner.addTask(garden, { title: 'Sow', bucket: 'Spring', conversationThreadId: 'AAQkAGE=' })
  planner.addBucket(planner.addPlan(id, 'Only buckets'), 'Later')
  fillNotes(tenantNotes(tenant).of(id))
  fillWhole(teamDirectory(tenant), id)
}

function fillSites(tenant: TenantState, { id: group }: StoredGroup): void {
  const sites = siteDirectory(tenant)
  const lists = listDirectory(tenant)
  const engines = sites.add({ path: 'sites/engines', displayName: 'Engines', description: 'All of it', group })
  fillLibraries(tenant, engines.id)
  sites.addColumn(engines.id, { name: 'Cost', number: { decimalPlaces: 'two' } })
  sites.addContentType(engines.id, { name: 'Report' })
  sites.grant(engines.id, { roles: ['read'], application })
  for (const page of [welcome, draft, news]) sites.addPage(engines.id, page)
  fillLists({ site: { kind: 'site', id: engines.id, name: engines.path }, lists })
  const labs = sites.add({ path: 'sites/engines/labs', displayName: 'Labs', parent: engines.id })
  lists.addItem(labs.id, lists.addList(labs.id, { displayName: 'Lathes' }), { Title: 'Lathe' })
  sites.addPage(labs.id, { name: 'Lab.aspx', title: 'Lab' })
  const research = sites.add({ path: 'sites/research', displayName: 'Research' })
  sites.add({ path: 'sites/brief', displayName: 'Brief' })
  const drives = drivesOf(tenant)
  for (const site of [labs, research])
    drives.addFile(drives.ofSite(site.id)[0]?.id ?? '', 'read me.txt', site.path, old)
  lists.addItem(research.id, lists.addList(research.id, { displayName: 'Papers' }), { Title: 'On engines' })
  sites.add({ host: 'contoso-my.sharepoint.com', path: 'personal/ada', displayName: 'ada', personal: true })
}

/** The library of the group, with versions and strange names, and a further one of its site. */
function fillLibraries(tenant: TenantState, site: string): void {
  const drives = drivesOf(tenant)
  const files = drives.ofSite(site)[0]?.id ?? ''
  const papers = siteDirectory(tenant).addLibrary(site, 'Papers')
  for (const library of [files, papers]) {
    drives.addFolder(library, 'Reports/Nothing in it', old)
    drives.addFile(library, 'Reports/plain.txt', `plain in ${library}`, old)
    drives.addFile(library, 'Reports/empty.txt', '', old)
    drives.addFile(library, 'large.bin', { size: 5 * 1024 * 1024, seed: library === files ? 7 : 8 }, old)
    drives.addFile(library, '100% #1 + \u{1f389}.txt', 'strange', old)
    drives.addVersion(library, 'Reports/plain.txt', 'plainer', { lastModifiedDateTime: '2017-05-01T00:00:00Z' })
    drives.addVersion(library, 'Reports/plain.txt', 'plainest', { lastModifiedDateTime: '2017-06-01T00:00:00Z' })
    drives.shareByLink(library, 'Reports/empty.txt', { type: 'view', scope: 'organization' })
    drives.share(library, 'Reports/plain.txt', { to: alan, role: 'write' })
  }
}

/** What happens until the second run: something in each data type. */
export function changeShared(tenant: TenantState): void {
  const groups = groupDirectory(tenant)
  const engines = groups.all().find(({ displayName }) => displayName === 'Engines')
  if (engines === undefined) throw new Error('no group')
  groups.set(engines.id, { description: 'Engines, old and new' })
  engines.members.delete(tenant.findUser(`mary@${source}`)?.id ?? '')
  changeEngines(tenant, engines.id)
  changeTeam(tenant, engines.id)
  changeSite(tenant)
}

function changeEngines(tenant: TenantState, group: string): void {
  const conversations = groupConversations(tenant)
  const [thread] = conversations.of(group)
  if (thread !== undefined) conversations.addPost(thread, { from: ada, html: '<p>One more</p>' })
  const desk = new CalendarDesk(tenant)
  desk.addEvent(group, 'Calendar', meeting('New', '2026-05-06'))
  const planner = tenant.service(plannerState)
  const [house, pack] = planner.tasks
  if (house === undefined || pack === undefined) throw new Error('no tasks')
  planner.changeDescription(house, 'In the hills')
  planner.removeTask(pack)
  const notes = tenantNotes(tenant).of(group)
  const [roses] = [...notes.pages.values()].filter(({ title }) => title === 'Roses')
  if (roses === undefined) throw new Error('no pages')
  notes.editPage(roses, { title: 'Roses', body: '<p>in June</p>' })
}

function changeTeam(tenant: TenantState, group: string): void {
  const teams = teamDirectory(tenant)
  const plans = teams.channel(group, 'Plans')
  const [step] = plans.messages
  if (step === undefined) throw new Error('no message')
  teams.post(plans, grace, { text: 'an answer' }, step)
  teams.post(plans, grace, { text: 'the end' })
  teams.addChannel(group, { displayName: 'New channel' })
}

function changeSite(tenant: TenantState): void {
  const sites = siteDirectory(tenant)
  const drives = drivesOf(tenant)
  const lists = listDirectory(tenant)
  const { id } = sites.known(`${sites.host}:/sites/engines`)
  for (const { id: library } of drives.ofSite(id)) {
    drives.edit(library, 'Reports/plain.txt', 'edited since', { lastModifiedDateTime: '2019-01-01T00:00:00Z' })
    drives.rename(library, 'Reports', 'Results')
    drives.delete(library, 'large.bin')
  }
  sites.addColumn(id, { name: 'Weight', number: {} })
  const [page] = sites.pages(id)
  sites.editPage(id, page?.id ?? '', { canvasLayout: layoutWith('<p>Changed</p>') })
  lists.setFields(id, 'Orders', '2', { Amount: 4, Customer: 2 })
  lists.deleteItem(id, 'Orders', '4')
  lists.addColumn(id, 'Customers', { name: 'Country', kind: 'text' })
  lists.addItem(id, 'Customers', { Title: 'Wingtip', Latest: 2 })
}
