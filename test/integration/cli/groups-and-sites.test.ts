import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChannelLedger } from '../../../src-main/commands/parts/channel-ledger.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { groupConversations } from '../../support/graph-simulator/services/conversations/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { listDirectory } from '../../support/graph-simulator/services/lists/state.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import type { StoredGroup } from '../../support/graph-simulator/services/groups/state.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import type { StoredSite } from '../../support/graph-simulator/services/sites/stored.ts'
import { teamDirectory } from '../../support/graph-simulator/services/teams/state.ts'
import { keyPem, makeCertificate } from '../../unit/auth/certificates.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { EVERYTHING, messagesOf, requireCode, summaryOf, Workplace, type Finished } from './program.ts'

const ada = 'ada@contoso.example'
const bob = 'bob@contoso.example'
const certificate = makeCertificate('holdfast')
const picture = Buffer.from('89504e470d0a1a0a', 'hex')

let simulator: GraphSimulator
let place: Workplace
let sales: StoredGroup
let north: StoredGroup
let ofSales: StoredSite
let marketing: StoredSite
let press: StoredSite
let other: StoredSite

beforeAll(async () => {
  const users = [ada, bob].map((userPrincipalName) => ({
    userPrincipalName,
    messages: [{ folder: 'inbox', mime: mail(`Zeppelin for ${userPrincipalName}`) }],
  }))
  const app = { certificates: [certificate.certificate] }
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users }, app })
  fillGroups()
  fillSites()
  place = new Workplace(simulator)
  await place.init()
})

afterAll(async () => {
  place.remove()
  await simulator.close()
})

function fillGroups(): void {
  const groups = groupDirectory(simulator.tenant)
  sales = groups.add({ displayName: 'Sales', members: [ada, bob], owners: [ada], team: true })
  // Members may be added without a mail to them only where the group says so.
  const properties = { resourceBehaviorOptions: ['WelcomeEmailDisabled'] }
  north = groups.add({ displayName: 'Sales North', members: [bob], owners: [bob], team: true, properties })
  groups.add({ displayName: 'Doors', unified: false })
  const teams = teamDirectory(simulator.tenant)
  const channel = teams.addChannel(sales.id, { displayName: 'Fairs' })
  const message = teams.post(channel, ada, { html: '<p>Who goes to the fair?</p>', at: '2026-03-01T10:00:00Z' })
  teams.post(channel, bob, { html: '<p>The zeppelin goes</p>', at: '2026-03-01T10:05:00Z' }, message)
  const conversations = groupConversations(simulator.tenant)
  conversations.applicationsReadAttachments = true
  const thread = conversations.addThread(sales.id, 'Rooms')
  conversations.addPost(thread, { from: ada, html: '<p>The zeppelin room is free</p>', at: '2026-03-02T10:00:00Z' })
  conversations.addPost(thread, { from: bob, html: '<p>Plan</p>', attachments: [{ name: 'plan.png', bytes: picture }] })
  const planner = simulator.tenant.service(plannerState)
  planner.addTask(planner.addPlan(sales.id, 'Fairs'), { title: 'Book a zeppelin' })
}

function fillSites(): void {
  const sites = siteDirectory(simulator.tenant)
  const drives = drivesOf(simulator.tenant)
  ofSales = sites.add({ path: 'sites/sales', displayName: 'Sales', group: sales.id })
  sites.add({ path: 'sites/salesnorth', displayName: 'Sales North', group: north.id })
  marketing = sites.add({ path: 'sites/marketing', displayName: 'Marketing' })
  press = sites.add({ path: 'sites/marketing/press', displayName: 'Press', parent: marketing.id })
  other = sites.add({ path: 'sites/other', displayName: 'Other' })
  for (const [site, text] of [
    [ofSales, 'prices'],
    [marketing, 'campaign'],
    [press, 'release'],
  ] as const)
    drives.addFile(drives.ofSite(site.id)[0]?.id ?? '', `${text}.txt`, text)
  sites.addPage(marketing.id, { name: 'hello.aspx', title: 'Hello' })
  const lists = listDirectory(simulator.tenant)
  lists.addList(marketing.id, { displayName: 'Fairs' })
  lists.attach(marketing.id, 'Fairs', lists.addItem(marketing.id, 'Fairs', { Title: 'Moon' }), 'map.png', picture)
}

const everything = { env: EVERYTHING }
const siteFolder = ({ host, path }: StoredSite): string => `sites/${host}/${path}`

async function names(path: string, snapshot = 'latest'): Promise<unknown[]> {
  const listed = await place.json(['ls', place.repository, snapshot, path])
  requireCode(listed, 0)
  return messagesOf(listed, 'entry').map(({ name }) => name)
}

async function pathsOfLatest(): Promise<unknown> {
  return messagesOf(await place.json(['snapshots', place.repository]), 'snapshot').at(-1)?.paths
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort()
}

describe('groups and sites through the command line', () => {
  it('are backed up with the users', async () => {
    const done = await place.json(['backup', place.repository], everything)
    requireCode(done, 0)
    expect(summaryOf(done)).toMatchObject({ users: 2, groups: 2, sites: 5, items_unread: 0, folders_not_refreshed: 0 })
    expect(await pathsOfLatest()).toEqual(['/groups', '/sites', '/users'])
    expect(await names('groups')).toEqual([sales.mail, north.mail])
    expect(await names(`groups/${sales.mail ?? ''}`)).toEqual(
      expect.arrayContaining(['files', 'group', 'mailbox', 'planner', 'teams']),
    )
    expect(await names(siteFolder(marketing))).toEqual(
      expect.arrayContaining(['libraries', 'lists', 'pages', 'press', 'site']),
    )
    expect(await names(`${siteFolder(press)}/libraries`)).toEqual(['Documents'])
  })

  it('are found by their types, which may have folders of one name', async () => {
    const found = async (...args: readonly string[]): Promise<string[]> => {
      const done = await place.json(['find', place.repository, 'zeppelin', ...args])
      return messagesOf(done, 'found').map(({ path }) => String(path).split('/').slice(0, 3).join('/'))
    }
    const group = `groups/${sales.mail ?? ''}`
    expect((await found()).length).toBe(5)
    expect((await found('--type', 'mail')).sort()).toEqual([`users/${ada}/mailbox`, `users/${bob}/mailbox`])
    expect(await found('--type', 'conversations')).toEqual([`${group}/mailbox`])
    expect(await found('--type', 'teams')).toEqual([`${group}/teams`])
    expect(await found('--type', 'mailbox', '--limit', '2')).toHaveLength(2)
  })

  it('have a library once, whichever way leads to it', async () => {
    expect(await names(`groups/${sales.mail ?? ''}/files/Documents/files`)).toEqual(['prices.txt'])
    expect(await names(siteFolder(ofSales))).not.toContain('libraries')
    const args = ['backup', place.repository, '--include', siteFolder(ofSales)]
    requireCode(await place.json(args, everything), 0)
    expect(await pathsOfLatest()).toEqual([`/${siteFolder(ofSales)}`])
    expect(await names(`${siteFolder(ofSales)}/libraries/Documents/files`)).toEqual(['prices.txt'])
  })

  it('store the library with the site when the files of the group are left out', async () => {
    const args = ['backup', place.repository, '--include', 'groups/sales@*', '--include', siteFolder(ofSales)]
    requireCode(await place.json([...args, '--exclude', 'groups/*/files'], everything), 0)
    expect(await names(`${siteFolder(ofSales)}/libraries/Documents/files`)).toEqual(['prices.txt'])
  })

  it('are chosen by options and patterns', async () => {
    const backUp = async (...args: readonly string[]): Promise<unknown> => {
      const done = await place.json(['backup', place.repository, ...args], everything)
      requireCode(done, 0)
      const { users, groups, sites } = summaryOf(done)
      return [users, groups, sites]
    }
    expect(await backUp('--office365-included-root-types=Groups,Sites')).toEqual([0, 2, 5])
    expect(await pathsOfLatest()).toEqual(['/groups', '/sites'])
    expect(await backUp('--include', 'groups/* north', '--include', `${siteFolder(marketing)}/**`)).toEqual([0, 1, 2])
    const types = ['--office365-included-group-types=Teams', '--office365-included-root-types=Groups']
    expect(await backUp(...types)).toEqual([0, 2, 0])
    expect(await names(`groups/${sales.mail ?? ''}`)).toEqual(['group', 'teams'])
    expect(await backUp('--include', 'type:teams', '--exclude', 'groups/*north*')).toEqual([0, 1, 0])
    expect(await names(`groups/${sales.mail ?? ''}`)).toEqual(['teams'])
  })

  it('go to disk with pages to read', async () => {
    const target = place.path('disk')
    requireCode(await place.run(['backup', place.repository], everything), 0)
    const done = await place.run(['restore', place.repository, 'latest', 'groups', `--restore-path=${target}`])
    requireCode(done, 0)
    expect(done.stdout).toMatch(/conversations? can be read as pages/)
    const own = join(target, 'groups', sales.mail ?? '')
    const files = filesBelow(own)
    expect(files).toContain('files/Documents/files/prices.txt')
    const fairs = files.find((path) => /^teams\/Fairs.*\/transcript\.html$/.test(path)) ?? ''
    const page = readFileSync(join(own, fairs), 'utf8')
    expect(page).toContain('Who goes to the fair?')
    expect(page).toContain('The zeppelin goes')
    expect(files.filter((path) => path.endsWith('transcript.html'))).toHaveLength(2)
    const thread = files.find((path) => /^mailbox\/.*Rooms.*\.html$/.test(path)) ?? ''
    const html = readFileSync(join(own, thread), 'utf8')
    const [, address = ''] = /href="([^"]*plan\.png)"/.exec(html) ?? []
    const attached = decodeURIComponent(new URL(address, `file://${encodeURI(join(own, thread))}`).pathname)
    expect(readFileSync(attached)).toEqual(picture)
  })
})

describe('a restore to a group or a site', () => {
  const restore = (path: string, target: string, ...args: readonly string[]): Promise<Finished> =>
    place.json(
      ['restore', place.repository, 'latest', path, `--restore-path=@office365://${target}`, ...args],
      everything,
    )

  it('goes into another group: a dry run first, then for real, then nothing twice', async () => {
    const path = `groups/${sales.mail ?? ''}`
    const dry = await restore(path, `groups/${north.mail ?? ''}`, '--dry-run')
    requireCode(dry, 0)
    expect(Number(summaryOf(dry).items_created)).toBeGreaterThan(0)
    const drives = drivesOf(simulator.tenant)
    const library = drives.ofOwner({ kind: 'group', id: north.id })[0]?.id ?? ''
    expect(drives.dump(library).map((file) => file.path)).not.toContain('Restored/prices.txt')

    const done = await restore(path, `groups/${north.id}`)
    requireCode(done, 0)
    expect(drives.dump(library).map((file) => file.path)).toContain('Restored/prices.txt')
    expect(
      teamDirectory(simulator.tenant)
        .team(north.id)
        .channels.map(({ displayName }) => displayName),
    ).toContain('Fairs (Restored)')
    const conversations = messagesOf(done, 'item').filter(({ folder }) => String(folder).includes('/mailbox/'))
    expect(conversations).toMatchObject([{ outcome: 'skipped', code: 'conversations-are-not-restorable' }])
    expect(groupConversations(simulator.tenant).mailed).toBe(0)
    expect(teamDirectory(simulator.tenant).posted).toBe(0)

    const again = await restore(path, 'groups/Sales North')
    requireCode(again, 0)
    expect(summaryOf(again)).toMatchObject({ items_created: 0, items_failed: 0 })
  })

  it('changes members only when it is asked to', async () => {
    const groups = groupDirectory(simulator.tenant)
    const path = `groups/${sales.mail ?? ''}/group`
    requireCode(await restore(path, `groups/${north.id}`), 0)
    expect(groups.get(north.id)?.members.size).toBe(1)
    requireCode(await restore(path, `groups/${north.id}`, '--restore-also', 'members'), 0)
    expect(groups.get(north.id)?.members.size).toBe(2)
    expect(groups.welcomed).toBe(0)
  })

  it('goes into another site, by its address', async () => {
    const done = await restore(siteFolder(marketing), `sites/https://${other.host}/${other.path}`)
    requireCode(done, 0)
    const drives = drivesOf(simulator.tenant)
    const files = drives.dump(drives.ofSite(other.id)[0]?.id ?? '').map(({ path }) => path)
    expect(files.some((path) => path.endsWith('campaign.txt'))).toBe(true)
    // The site below it is another one.
    expect(files.some((path) => path.endsWith('release.txt'))).toBe(false)
    const again = await restore(siteFolder(marketing), `sites/${other.id}`)
    requireCode(again, 0)
    expect(summaryOf(again)).toMatchObject({ items_created: 0, items_failed: 0 })
  })

  it('is refused when the target is of another kind, or not there, or not clear', async () => {
    const wrong = await place.run(
      ['restore', place.repository, 'latest', `users/${ada}`, `--restore-path=@office365://groups/${north.id}`],
      everything,
    )
    requireCode(wrong, 2)
    expect(wrong.stderr).toContain(`"users/${ada}" is a user and goes only into a user`)
    const nowhere = await place.run(
      [
        'restore',
        place.repository,
        'latest',
        siteFolder(marketing),
        '--restore-path=@office365://sites/contoso.sharepoint.com/sites/none',
      ],
      everything,
    )
    requireCode(nowhere, 1)
    expect(nowhere.stderr).toContain('The tenant has no site "contoso.sharepoint.com/sites/none"')
    const unclear = await place.run(
      ['restore', place.repository, 'latest', 'sites', `--restore-path=@office365://sites/${other.id}`],
      everything,
    )
    requireCode(unclear, 2)
    expect(unclear.stderr).toMatch(/The snapshot has several sites \(.*\): say which one, with a path like sites\//)
  })
})

describe('files of list items', () => {
  const only = ['--include', `sites/**/marketing`, '--include', 'type:lists']
  const signedIn = (): Readonly<Record<string, string>> => ({
    ...EVERYTHING,
    HOLDFAST_OFFICE365_CLIENT_SECRET: '',
    HOLDFAST_OFFICE365_CERTIFICATE_PATH: place.path('own.pem'),
    HOLDFAST_OFFICE365_SHAREPOINT_BASE_URL: `${simulator.graphBaseUrl}/sharepoint/{host}`,
  })

  it('are missed with a secret, which SharePoint does not take, and said to be', async () => {
    const done = await place.json(['backup', place.repository, ...only], everything)
    requireCode(done, 0)
    expect(JSON.stringify(summaryOf(done).notices)).toContain('attachments-need-sharepoint')
  })

  it('come with a certificate, and go back', async () => {
    writeFileSync(place.path('own.pem'), certificate.certificate + keyPem(certificate))
    const done = await place.json(['backup', place.repository, ...only], { env: signedIn() })
    requireCode(done, 0)
    expect(JSON.stringify(summaryOf(done).notices)).not.toContain('attachments-need-sharepoint')
    const target = place.path('lists')
    requireCode(await place.run(['restore', place.repository, 'latest', `--restore-path=${target}`]), 0)
    const files = filesBelow(target).filter((path) => path.endsWith('map.png'))
    expect(files.map((path) => readFileSync(join(target, path)))).toEqual([picture])
    const url = `--restore-path=@office365://sites/${other.id}`
    const restored = await place.json(['restore', place.repository, 'latest', url], { env: signedIn() })
    requireCode(restored, 0)
    const [item] = listDirectory(simulator.tenant).items(other.id, 'Fairs (Restored)')
    expect(item?.attachments.get('map.png')).toEqual(picture)
  })
})

describe('what was left open', () => {
  it.each([
    ['id', (): string => simulator.tenantId],
    ['domain', (): string => 'contoso.onmicrosoft.com'],
  ])('is closed by the next command that signs in (the tenant was typed by its %s)', async (_, tenant) => {
    const channel = teamDirectory(simulator.tenant).channel(north.id, 'Fairs (Restored)')
    channel.migrationMode = 'inProgress'
    channel.migratedBy = simulator.clientId
    const entry = { tenant: tenant(), team: north.id, channel: channel.id, openedAt: Date.now() }
    await createChannelLedger(place.profile, { pid: 0x7fffffff }).opened(entry)
    const done = await place.run(['permissions'], everything)
    expect(done.stderr).toBe('1 channel that an interrupted restore had left locked can be used again.\n')
    expect(channel.migrationMode).not.toBe('inProgress')
    expect((await place.run(['permissions'], everything)).stderr).toBe('')
  })

  it('does not keep a backup from running when its list is damaged', async () => {
    const folder = join(place.profile, 'channels-in-migration')
    expect(existsSync(folder)).toBe(true)
    writeFileSync(join(folder, `${'0'.repeat(32)}.json`), '{')
    const done = await place.run(['backup', place.repository, '--include', `users/${ada}`])
    requireCode(done, 0)
    expect(done.stderr).toContain('warning: It is not known whether channels of Teams were left locked.')
  })
})

describe('a sign-in that may not list all kinds', () => {
  let small: GraphSimulator
  let elsewhere: Workplace

  beforeAll(async () => {
    const users = [{ userPrincipalName: ada, messages: [{ folder: 'inbox', mime: mail('Hello') }] }]
    const roles = ['User.Read.All', 'Mail.Read', 'MailboxSettings.Read']
    small = await startGraphSimulator({ tenant: { kind: 'inline', users }, app: { roles } })
    elsewhere = new Workplace(small)
    await elsewhere.init()
  })
  afterAll(async () => {
    elsewhere.remove()
    await small.close()
  })

  const types = { ...EVERYTHING, HOLDFAST_OFFICE365_INCLUDED_USER_TYPES: 'Mailbox' }

  it('backs up the others and says so', async () => {
    const args = ['backup', elsewhere.repository, '--json']
    const done = await elsewhere.run(args, { env: { ...EVERYTHING, HOLDFAST_EXCLUDE: 'type:chats' } })
    expect(summaryOf(done)).toMatchObject({ users: 1, groups: 0, sites: 0 })
    const notices = summaryOf(done).notices as readonly { readonly path: string; readonly code: string }[]
    expect(notices).toEqual(
      expect.arrayContaining([
        { path: 'groups', code: 'graph.forbidden', message: 'groups: Graph denies access' },
        { path: 'sites', code: 'graph.forbidden', message: 'sites: Graph denies access' },
      ]),
    )
  })

  it('fails where nothing else was asked for', async () => {
    const only = { ...types, HOLDFAST_OFFICE365_INCLUDED_ROOT_TYPES: 'Groups,Sites' }
    const done = await elsewhere.run(['backup', elsewhere.repository], { env: only })
    requireCode(done, 1)
    expect(done.stderr).toContain('denies access')
  })

  it('says it again as incomplete where the kind was asked for by name', async () => {
    const named = { ...types, HOLDFAST_OFFICE365_INCLUDED_ROOT_TYPES: 'Users,Groups' }
    requireCode(await elsewhere.run(['backup', elsewhere.repository], { env: named }), 3)
  })
})
