import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { openRepository } from '../../../src-main/engine/repository/repository.ts'
import { listSnapshots, removeSnapshot, saveSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { groupDirectory, type StoredGroup } from '../../support/graph-simulator/services/groups/state.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { EVERYTHING, messagesOf, PASSPHRASE, requireCode, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'
const bob = 'bob@contoso.example'
const DOMAIN = 'contoso.onmicrosoft.com'
const LOOKUP = '{tenant}/openid-configuration'

let simulator: GraphSimulator
let place: Workplace

beforeAll(async () => {
  const users = [ada, bob].map((userPrincipalName) => ({
    userPrincipalName,
    messages: [{ folder: 'inbox', mime: mail(`For ${userPrincipalName}`) }],
  }))
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
})
afterAll(() => simulator.close())

async function open(): Promise<void> {
  place = new Workplace(simulator)
  await place.init()
}

/** The tenant as it is typed, the host of the snapshot, the one before it, and how much was read. */
async function backUp(tenant: string, more: readonly string[] = [], env = {}): Promise<unknown> {
  const done = await place.json(['backup', place.repository, '--office365-tenant-id', tenant, ...more], { env })
  requireCode(done, 0)
  const snapshot = messagesOf(await place.json(['snapshots', place.repository]), 'snapshot').at(-1)
  return { hostname: snapshot?.hostname, isFirst: snapshot?.parent === undefined, read: summaryOf(done).items_read }
}

/** What earlier versions did. */
async function renameHost(hostname: string): Promise<void> {
  const store = createLocalFolder(place.repository)
  const { sealer } = await openRepository({ store, passphrase: PASSPHRASE })
  for (const { id, ...snapshot } of (await listSnapshots(store, sealer)).snapshots) {
    await saveSnapshot(store, sealer, { ...snapshot, hostname })
    await removeSnapshot(store, id)
  }
}

describe('a tenant that is typed by its domain', () => {
  beforeAll(open)
  afterAll(() => {
    place.remove()
  })

  it('is the one that is typed by its id: one series', async () => {
    const hostname = simulator.tenantId
    expect(await backUp(DOMAIN)).toEqual({ hostname, isFirst: true, read: 2 })
    expect(await backUp(simulator.tenantId)).toEqual({ hostname, isFirst: false, read: 0 })
    expect(await backUp('Contoso.OnMicrosoft.com')).toEqual({ hostname, isFirst: false, read: 0 })
    expect(simulator.log.count({ route: LOOKUP })).toBe(0)
  })
})

describe('a repository that knows the tenant by its domain', () => {
  beforeAll(async () => {
    await open()
    await backUp(DOMAIN)
    await renameHost(DOMAIN)
  })
  afterAll(() => {
    place.remove()
  })

  it('goes on with that series, whatever is typed', async () => {
    expect(await backUp(DOMAIN)).toEqual({ hostname: DOMAIN, isFirst: false, read: 0 })
    expect(simulator.log.count({ route: LOOKUP })).toBe(0)
    expect(await backUp(simulator.tenantId)).toEqual({ hostname: DOMAIN, isFirst: false, read: 0 })
    expect(simulator.log.count({ route: LOOKUP })).toBe(1)
  })

  it('takes a tenant of another domain for another one', async () => {
    await renameHost('fabrikam.example')
    expect(await backUp(DOMAIN)).toEqual({ hostname: simulator.tenantId, isFirst: true, read: 2 })
  })
})

describe('people of a restore', () => {
  let sales: StoredGroup
  let copy: StoredGroup

  beforeAll(async () => {
    await open()
    const groups = groupDirectory(simulator.tenant)
    const properties = { resourceBehaviorOptions: ['WelcomeEmailDisabled'] }
    sales = groups.add({ displayName: 'Sales', members: [ada, bob], owners: [ada] })
    copy = groups.add({ displayName: 'Copy', members: [ada], owners: [ada], properties })
    const only = ['--include', `groups/${sales.mail ?? ''}`, '--include', 'type:group']
    await backUp(simulator.tenantId, only, EVERYTHING)
  })
  afterAll(() => {
    place.remove()
  })

  /** Members of the copy after the group was restored into it, where only Ada is. */
  async function restored(host: string, typed: string): Promise<number | undefined> {
    await renameHost(host)
    const { members } = groupDirectory(simulator.tenant).get(copy.id) ?? {}
    members?.delete(simulator.tenant.findUser(bob)?.id ?? '')
    expect(members?.size).toBe(1)
    const url = `--restore-path=@office365://groups/${copy.id}?office365-tenant-id=${typed}`
    const path = `groups/${sales.mail ?? ''}/group`
    const args = ['restore', place.repository, 'latest', path, url, '--restore-also', 'members']
    requireCode(await place.json(args, { env: EVERYTHING }), 0)
    return members?.size
  }

  it.each([
    ['id', 'id'],
    ['id', 'domain'],
    ['domain', 'domain'],
    ['domain', 'id'],
  ] as const)('are who they were: the snapshot has the %s, the %s is typed', async (host, typed) => {
    const names = { id: simulator.tenantId, domain: DOMAIN }
    expect(await restored(names[host], names[typed])).toBe(2)
  })

  it('are nobody where the snapshot is of another tenant', async () => {
    expect(await restored('fabrikam.example', DOMAIN)).toBe(1)
  })
})
