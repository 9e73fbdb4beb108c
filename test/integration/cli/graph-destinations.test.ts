import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator, type InlineUser } from '../../support/graph-simulator/index.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { hasRestic, restic } from '../repository/restic.ts'
import { downloadFolder } from './download-folder.ts'
import { messagesOf, PASSPHRASE, requireCode, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
const users: readonly InlineUser[] = [ada, grace].map((userPrincipalName) => ({
  userPrincipalName,
  messages: Array.from({ length: 12 }, (_, number) => ({
    folder: 'inbox',
    mime: mail(`Message ${number} of ${userPrincipalName}`, { body: `text ${number} `.repeat(2_000) }),
    receivedDateTime: `2024-03-${String(number + 1).padStart(2, '0')}T08:01:00Z`,
  })),
}))

/** In which a name needs care everywhere. */
const FOLDER = "Back#ups 100% + 'more'/Überblick 😀"
const MiB = 1024 * 1024
const nearlyFull = /^warning: Less than a tenth of the room is left in onedrivev2:\/\/.*: \d.* of \d.*\n$/
const vaultPassphrase = 'the passphrase of this vault'

let simulator: GraphSimulator
let place: Workplace
let drives: Readonly<Record<Kind, string>>
let urls: Readonly<Record<Kind, string>>
type Kind = 'onedrivev2' | 'msgroup' | 'sharepoint'

beforeAll(async () => {
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  const { tenant } = simulator
  const group = groupDirectory(tenant).add({ displayName: 'Backups', mail: 'backups+1@contoso.example' })
  const sites = siteDirectory(tenant)
  sites.add({ path: 'sites/backups', displayName: 'Backups', group: group.id })
  const site = sites.add({ path: 'sites/it', displayName: 'IT' })
  const all = drivesOf(tenant)
  drives = {
    onedrivev2: all.driveIds(ada)[0] ?? '',
    msgroup: all.ofOwner({ kind: 'group', id: group.id })[0]?.id ?? '',
    sharepoint: sites.addLibrary(site.id, 'Safe & sound'),
  }
  const folder = FOLDER.split('/').map(encodeURIComponent).join('/')
  urls = {
    onedrivev2: `onedrivev2://${folder}?authid=store&user=${ada}`,
    msgroup: `msgroup://${folder}?authid=store&group-email=backups%2B1@contoso.example&group-id=${group.id}`,
    sharepoint: `sharepoint://contoso.sharepoint.com/sites/it/Safe%20%26%20sound/${folder}?authid=store`,
  }
  place = new Workplace(simulator)
  const env = { HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase }
  const login = ['login', '--app-only', '--account', 'store', '--vault', vault()]
  requireCode(await place.run([...login, '--types', 'mail,onedrive-destination'], { env }), 0)
})

afterAll(async () => {
  place.remove()
  await simulator.close()
})

const vault = (): string => place.path('vault')

/** With the vault at hand. */
const run = (args: readonly string[]) =>
  place.json(args, { env: { HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase, HOLDFAST_VAULT: vault() } })

/** The mails below a folder. */
function mailsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.eml'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .sort()
}

async function served(): Promise<string[]> {
  const { tenant } = simulator
  const mails = [ada, grace].flatMap((user) => tenant.messages(user).map(({ id }) => tenant.mime(user, id)))
  return (await Promise.all(mails)).map((bytes) => bytes.toString('latin1')).sort()
}

describe.each(['onedrivev2', 'msgroup', 'sharepoint'] as const)('a repository in %s', (kind) => {
  it('takes a backup, is one for restic once it is downloaded, and gives everything back', async () => {
    const url = urls[kind]
    const made = await run(['init', url])
    requireCode(made, 0)
    const shown = String(summaryOf(made).repository)
    expect(shown.startsWith(`${kind}://`)).toBe(true)
    if (kind === 'onedrivev2') {
      const all = drivesOf(simulator.tenant)
      all.setQuota(drives[kind], 1024 * MiB)
      all.addFile(drives[kind], 'large', { size: 960 * MiB, seed: 1 })
    }

    const done = await run(['backup', url])
    requireCode(done, 0)
    expect(done.stderr).toMatch(kind === 'onedrivev2' ? nearlyFull : /^$/)
    expect(summaryOf(done)).toMatchObject({ users: 2, items_read: 24, items_unread: 0 })
    const again = await run(['backup', url])
    expect(summaryOf(again)).toMatchObject({ items_read: 0 })
    expect(messagesOf(await run(['snapshots', url]), 'snapshot')).toHaveLength(2)

    const restored = place.path(`restored from ${kind}`)
    requireCode(await run(['restore', url, 'latest', '--restore-path', restored]), 0)
    expect(mailsIn(restored)).toEqual(await served())
    // Trees are kept as they are read, and so is the index, beside what has to be kept.
    const kept = readdirSync(join(place.profile, 'cache'), { recursive: true, encoding: 'utf8' })
    expect(kept.filter((name) => /^[0-9a-f]{32}\/data\/../.test(name)).length).toBeGreaterThan(0)
    expect(kept.filter((name) => /^[0-9a-f]{32}\/index\/../.test(name)).length).toBeGreaterThan(0)
    rmSync(join(place.profile, 'cache'), { recursive: true })
    requireCode(await run(['ls', url, 'latest', `users/${ada}`, '--no-cache']), 0)
    expect(existsSync(join(place.profile, 'cache'))).toBe(false)
    const checked = await run(['check', url, '--read-data'])
    requireCode(checked, 0)
    expect(summaryOf(checked)).toMatchObject({ num_errors: 0, snapshots: 2 })

    const copy = place.path(`downloaded from ${kind}`)
    await downloadFolder(simulator, { drive: drives[kind], path: FOLDER }, copy)
    if (!hasRestic) return
    expect(await restic(copy, ['check', '--read-data'], { passphrase: PASSPHRASE })).toContain('no errors were found')
    const byRestic = place.path(`restored by restic from ${kind}`)
    await restic(copy, ['restore', 'latest', '--target', byRestic], { passphrase: PASSPHRASE })
    expect(mailsIn(byRestic)).toEqual(await served())
  })
})
