import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openVault } from '../../../src-main/secrets/vault.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { calendarState } from '../../support/graph-simulator/services/calendar/state.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { meeting } from '../calendar/calendar-fixture.ts'
import { missingKeychain } from '../secrets/keychain-session.ts'
import { ada, AccountsScene, clientSecret, grace, vaultPassphrase } from './accounts-scene.ts'
import { PASSPHRASE, requireCode } from './program.ts'

const reason = missingKeychain()
if (reason !== undefined) process.stderr.write(`no test of a backup by an account of the keychain: ${reason}\n`)

/** The tokens in MSAL's cache. */
function tokensIn(cache: string): string[] {
  const sections = JSON.parse(cache) as Record<string, Record<string, { readonly secret?: string }>>
  return Object.values(sections).flatMap((section) => Object.values(section).flatMap(({ secret }) => secret ?? []))
}

describe('an account of a person', () => {
  it('reads what is their own, stores it in their OneDrive, restores it, and shows no secret', async () => {
    const scene = await AccountsScene.open()
    const { simulator, place } = scene
    const types = ['--types', 'mail,onedrive-destination', '--for-restore']
    requireCode(await scene.run(scene.login('--account', 'ada', '--device-code', ...types), { user: ada }), 0)
    const url = 'onedrivev2://Backups/Own?authid=ada'
    requireCode(await scene.run(['init', url]), 0)
    drivesOf(simulator.tenant).addFile(ada, 'Backups/plan.txt', 'to the moon')
    const asked = ['backup', url, '--account', 'ada', '--office365-included-user-types', 'Mailbox,Files']
    const done = await scene.run([...asked, '--json', '--verbose'])
    requireCode(done, 0)
    const summary = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '{}') as unknown
    expect(summary).toMatchObject({ users: 1, groups: 0, sites: 0, items_read: 4 })
    expect(done.stderr).toContain('The files of the repository itself are left out: onedrivev2://Backups/Own\n')
    const files = await scene.run(['ls', url, 'latest', `users/${ada}/onedrive/OneDrive/files/Backups`])
    expect(files.stdout).toMatch(/ Own\/\n.* plan\.txt\n$/)
    const inRepository = await scene.run(['find', url, '--type', 'files', '--json'])
    expect(inRepository.stdout.match(/"message_type":"found"/g)).toHaveLength(1)
    const again = await scene.run([...asked, '--json'])
    expect(JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '{}')).toMatchObject({ items_read: 0, total_items: 4 })
    const listed = await scene.run(['snapshots', url])
    expect(listed.stdout).toContain(`/users/${ada}`)
    expect(listed.stdout).not.toContain(grace)
    const granted = await scene.run(['permissions', '--account', 'ada', '--include', 'type:mail'])
    requireCode(granted, 0)
    expect(granted.stdout).toContain('Signed in as a person.')

    const before = simulator.tenant.messages(ada).length
    const restore = ['restore', url, 'latest', '--restore-path', '@office365://users/me?account=ada']
    requireCode(await scene.run([...restore, '--office365-ignore-existing']), 0)
    expect(simulator.tenant.messages(ada).length).toBe(2 * before)

    // What others may not see is where it belongs, and nowhere else.
    const vault = openVault({ path: place.path('vault'), passphrase: () => Promise.resolve(vaultPassphrase) })
    const tokens = tokensIn((await vault.get('tokens/ada')) ?? '{}')
    const secrets = [...tokens, vaultPassphrase, PASSPHRASE, simulator.desk.password(ada)]
    expect(tokens.length).toBeGreaterThan(2)
    expect((await scene.leaks([ada])).length).toBeGreaterThan(0)
    expect(existsSync(place.profile)).toBe(true)

    simulator.desk.revokeConsent(ada)
    const refused = await scene.run([...asked, '--verbose'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('sign in again with "holdfast login --account ada"')
    expect(await scene.leaks(secrets)).toEqual([])
  })

  it('brings a calendar back into its group, which Graph lets no application do', async () => {
    const scene = await AccountsScene.open()
    const { tenant } = scene.simulator
    const team = 'team@contoso.example'
    const { id } = groupDirectory(tenant).add({ displayName: 'Team', mail: team, members: [ada] })
    const calendar = new CalendarDesk(tenant)
    tenant.service(calendarState).caller = 'person'
    calendar.addEvent(id, 'Calendar', meeting('Planning'))
    const types = ['--office365-included-root-types', 'Groups', '--types', 'calendar', '--for-restore']
    requireCode(await scene.run(scene.login('--account', 'ada', '--device-code', ...types), { user: ada }), 0)
    await scene.place.init()
    const { repository } = scene.place
    const include = ['--include', `groups/${team}`, '--include', 'type:calendar']
    const all = { HOLDFAST_EXCLUDE: '' }
    requireCode(await scene.run(['backup', repository, '--account', 'ada', ...include], { env: all }), 0)
    const target = `@office365://groups/${team}?account=ada`
    const restore = ['restore', repository, 'latest', '--restore-path', target, '--office365-ignore-existing']
    requireCode(await scene.run(restore, { env: all }), 0)
    expect(calendar.events(id, 'Calendar').filter(({ subject }) => subject === 'Planning')).toHaveLength(2)
  })

  it('may be a personal one, whose tokens say nothing', async () => {
    const scene = await AccountsScene.open()
    scene.simulator.desk.makePersonal(grace)
    const consumers = ['--account', 'private', '--office365-tenant-id', 'consumers']
    const login = scene.login(...consumers, '--device-code', '--types', 'mail')
    requireCode(await scene.run(login, { user: grace }), 0)
    expect((await scene.run(['accounts'])).stdout).toMatch(/^private +grace@.* personal account /)
    const granted = await scene.run(['permissions', '--account', 'private', '--include', 'type:mail'])
    requireCode(granted, 0)
    expect(granted.stdout).toMatch(/✓ {2}users, back up .*User\.Read\n/)
    expect(granted.stdout).toMatch(/✓ {2}mail of users, back up .*Mail\.Read\n.*✗ {2}mail of users, restore /)
    await scene.place.init()
    const done = await scene.run(['backup', scene.place.repository, '--account', 'private', '--json'])
    requireCode(done, 0)
    expect(done.stdout).toContain('"items_read":3')
    expect((await scene.run(['snapshots', scene.place.repository])).stdout).toContain(`/users/${grace}`)
  })

  it('is refused in a sentence if it is not there', async () => {
    const scene = await AccountsScene.open()
    const unknown = await scene.run(['snapshots', 'onedrivev2://Backups?authid=nobody'])
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      'holdfast: There is no account "nobody" on this machine: "holdfast accounts" lists them, "holdfast login --account nobody" adds it.\n',
    ])
    const source = await scene.run(['backup', scene.place.repository, '--account', 'nobody'])
    expect([source.code, source.stderr.includes('There is no account "nobody"')]).toEqual([1, true])
    const none = await scene.run(['snapshots', 'onedrivev2://Backups'])
    expect([none.code, none.stderr.includes('The destination needs an account')]).toEqual([2, true])
  })
})

describe.skipIf(reason !== undefined)('an application whose secret is in the keychain', () => {
  it('backs up the tenant into a OneDrive, and shows no secret', async () => {
    const scene = await AccountsScene.open()
    const { simulator, place } = scene
    const tenant = ['--app-only', '--office365-tenant-id', simulator.tenantId, '--types', 'mail,onedrive-destination']
    const login = scene.login('--account', 'firm', ...tenant)
    requireCode(await scene.runWithKeychain(login, { HOLDFAST_OFFICE365_CLIENT_SECRET: clientSecret }), 0)
    const url = `onedrivev2://Backups/Firm?authid=firm&user=${grace}`
    requireCode(await scene.runWithKeychain(['init', url]), 0)
    const done = await scene.runWithKeychain(['backup', url, '--account', 'firm', '--json', '--verbose'])
    requireCode(done, 0)
    expect(done.stdout).toContain('"items_read":6')
    requireCode(await scene.runWithKeychain(['check', url]), 0)
    requireCode(await scene.runWithKeychain(['snapshots', url]), 0)
    expect(readdirSync(place.profile)).toEqual(expect.arrayContaining(['cache', 'catalogs']))
    expect((await scene.leaks(['onedrivev2://'])).length).toBeGreaterThan(0)
    expect(await scene.leaks([clientSecret, PASSPHRASE])).toEqual([])
  })
})
