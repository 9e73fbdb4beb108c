import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator, type InlineUser } from '../../support/graph-simulator/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { messagesOf, requireCode, sourceEnvironment, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
const SECRET_SUBJECT = 'Quarterly figures'

const users: readonly InlineUser[] = [
  {
    userPrincipalName: ada,
    displayName: 'Ada',
    folders: [{ displayName: 'Projects', parent: 'inbox' }, { displayName: 'CON' }],
    messages: [
      { folder: 'inbox', mime: mail('Hello'), receivedDateTime: '2024-03-05T08:01:00Z' },
      { folder: 'inbox', mime: mail(SECRET_SUBJECT), receivedDateTime: '2024-04-01T10:00:00Z', isRead: true },
      {
        folder: ['Inbox', 'Projects'],
        mime: mail('Grüße', { body: 'The zeppelin lands' }),
        receivedDateTime: '2024-05-01T10:00:00Z',
      },
      { folder: 'CON', mime: mail('Device'), receivedDateTime: '2024-06-01T10:00:00Z' },
    ],
  },
  {
    userPrincipalName: grace,
    displayName: 'Grace',
    messages: [{ folder: 'inbox', mime: mail('For Grace'), receivedDateTime: '2024-03-05T08:01:00Z' }],
  },
  { userPrincipalName: 'guest@contoso.example', displayName: 'Guest', mailbox: false },
]

/** Every file below a folder, by its path from there. */
function filesBelow(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name)
      return [relative(folder, path), readFileSync(path)]
    }),
  )
}

async function served(simulator: GraphSimulator, user: string): Promise<Buffer[]> {
  return Promise.all(simulator.tenant.messages(user).map(({ id }) => simulator.tenant.mime(user, id)))
}

function sorted(contents: Iterable<Buffer>): string[] {
  return [...contents].map((bytes) => bytes.toString('latin1')).sort()
}

describe('the command line, from a tenant to a repository and back', () => {
  let simulator: GraphSimulator
  let place: Workplace
  let first = ''

  beforeAll(async () => {
    simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
    place = new Workplace(simulator)
    const made = await place.json(['init', place.repository])
    requireCode(made, 0)
    expect(summaryOf(made)).toMatchObject({
      repository: place.repository,
      id: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
  })
  afterAll(async () => {
    place.remove()
    await simulator.close()
  })

  it('backs everything up', async () => {
    const done = await place.json(['backup', place.repository])
    expect(done.stderr).toBe('')
    requireCode(done, 0)
    expect(summaryOf(done)).toMatchObject({
      users: 3,
      total_items: 5,
      items_changed: 5,
      items_read: 5,
      items_unread: 0,
      notices: [{ code: 'graph.no-mailbox', path: 'users/guest@contoso.example/mailbox' }],
    })
    first = String(summaryOf(done).snapshot_id)
  })

  it('reads nothing again when nothing changed, and says so', async () => {
    const done = await place.run(['backup', place.repository])
    requireCode(done, 0)
    expect(done.stdout).toMatch(
      /^Snapshot [0-9a-f]{8}: 5 items, .* of 3 users\n {2}new or changed 0 items, removed 0 items\n/,
    )
    expect(done.stdout).toContain('read 0 items')
    expect(done.stderr).toContain('users/guest@contoso.example/mailbox: there is no mailbox')
  })

  it('lists the snapshots', async () => {
    const table = await place.run(['snapshots', place.repository])
    requireCode(table, 0)
    const lines = table.stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^ID +Time +Host +Paths +Parent +Tags$/)
    expect(lines[2]).toMatch(
      new RegExp(`^[0-9a-f]{8} .* ${simulator.tenantId} +/users +${first.slice(0, 8)} +holdfast$`),
    )
    const objects = messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')
    expect(objects).toMatchObject([{ id: first, paths: ['/users'], hostname: simulator.tenantId }, { parent: first }])
  })

  it('lists folders and items', async () => {
    const root = await place.run(['ls', place.repository, 'latest'])
    expect(root.stdout.trim()).toBe('users/')
    const inbox = await place.json(['ls', place.repository, first.slice(0, 6), `users/${ada}/mailbox/Inbox/`])
    const entries = messagesOf(inbox, 'entry')
    expect(entries.map(({ kind, name }) => [kind, name])).toEqual([
      ['folder', '2024-03'],
      ['folder', '2024-04'],
      ['folder', 'Projects'],
    ])
    const month = await place.run(['ls', place.repository, 'latest', `users/${ada}/mailbox/Inbox/2024-03`])
    expect(month.stdout).toMatch(/^2024-03-05 08:01 +\d+ B {2}2024-03-05 08\.01\.00 Hello ~[a-z2-7]{10}\n$/)
  })

  it('lists an item that find has named', async () => {
    const [item] = messagesOf(await place.json(['find', place.repository, 'zeppelin']), 'found')
    const listed = await place.json(['ls', place.repository, 'latest', String(item?.path)])
    expect(messagesOf(listed, 'entry')).toMatchObject([{ kind: 'item', path: item?.path, title: 'Grüße' }])
    const missing = await place.run(['ls', place.repository, 'latest', `${String(item?.path)}x`])
    requireCode(missing, 1)
  })

  it('says which path is not there', async () => {
    const failed = await place.run(['ls', place.repository, 'latest', 'users/nobody'])
    requireCode(failed, 1)
    expect(failed.stderr).toBe('holdfast: The snapshot has no "users/nobody": "holdfast ls" shows what it has.\n')
  })

  it('finds by text, people, time and folder', async () => {
    const found = await place.json(['find', place.repository, 'zeppel'])
    const [item] = messagesOf(found, 'found')
    expect(item).toMatchObject({ title: 'Grüße', time: '2024-05-01T10:00:00.000Z', first_snapshot: first })
    expect(String(item?.path)).toContain(`users/${ada}/mailbox/Inbox/Projects/2024-05/`)
    const titles = async (...filters: readonly string[]): Promise<unknown[]> =>
      messagesOf(await place.json(['find', place.repository, ...filters]), 'found').map(({ title }) => title)
    expect(await titles('--after', '2024-04-01', '--before', '2024-05-02')).toEqual(['Grüße', SECRET_SUBJECT])
    expect(await titles('--from', 'ada@contoso.example', '--type', 'mail', '--limit', '2')).toEqual(['Device', 'Grüße'])
    expect(await titles('--attachment')).toEqual([])
    expect(await titles('figures', '--snapshot', 'latest')).toEqual([SECRET_SUBJECT])
    expect(await titles('--folder', `users/${ada}/mailbox/Inbox/Projects`)).toEqual(['Grüße'])
    expect(await titles('--folder', `/users/${ada}/mailbox/Inbox/2024-03/`)).toEqual(['Hello'])
    expect(await titles('zeppel', '--folder', `users/${ada}`, '--type', 'mail')).toEqual(['Grüße'])
    const nothing = await place.run(['find', place.repository, 'unicorn'])
    expect(nothing).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing was found.\n' })
    const nowhere = await place.run(['find', place.repository, '--folder', 'users/nobody/mailbox'])
    expect(nowhere).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing was found.\n' })
    const senseless = await place.run(['find', place.repository, '--folder', 'Inbox'])
    requireCode(senseless, 2)
    expect(senseless.stderr).toContain('--folder takes a path as "holdfast ls" shows it')
  })

  it('restores to disk what Graph served, byte for byte', async () => {
    const target = place.path('restored')
    const dry = await place.json(['restore', place.repository, 'latest', '--restore-path', target, '--dry-run'])
    expect(summaryOf(dry)).toMatchObject({ dry_run: true })
    expect(() => statSync(target)).toThrow()

    const done = await place.json(['restore', place.repository, 'latest', `--restore-path=${target}`])
    requireCode(done, 0)
    const files = filesBelow(join(target, 'users'))
    for (const user of [ada, grace]) {
      const mails = [...files].filter(([path]) => path.startsWith(user) && path.endsWith('.eml'))
      expect(sorted(mails.map(([, bytes]) => bytes))).toEqual(sorted(await served(simulator, user)))
    }
    expect(summaryOf(done)).toMatchObject({ files_failed: 0, files_restored: summaryOf(dry).files_restored })
    const report = String(summaryOf(done).report)
    expect(report.startsWith(join(place.profile, 'reports'))).toBe(true)
    expect(statSync(report).mode & 0o777).toBe(0o600)

    const again = await place.run(['restore', place.repository, 'latest', `--restore-path=${target}`])
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain('there already with the same content')
  })

  it('never overwrites, and names what failed without its subject', async () => {
    const target = place.path('restored')
    const path = [...filesBelow(target).keys()].find((name) => name.includes(SECRET_SUBJECT) && name.endsWith('.eml'))
    writeFileSync(join(target, path ?? ''), 'something else')
    const failed = await place.run(['restore', place.repository, 'latest', `--restore-path=${target}`])
    requireCode(failed, 3)
    expect(failed.stderr).toMatch(
      /1 file failed:\n {2}users\/ada@contoso.example\/mailbox\/Inbox ~[a-z2-7]{10}: another file/,
    )
    expect(failed.stdout + failed.stderr).not.toContain(SECRET_SUBJECT)
    expect(readFileSync(join(target, path ?? ''), 'utf8')).toBe('something else')
  })

  it('restores one item that is named as ls shows it', async () => {
    const [item] = messagesOf(await place.json(['find', place.repository, 'Hello']), 'found')
    const target = place.path('one')
    const args = ['restore', place.repository, 'latest', String(item?.path), `--restore-path=file://${target}`]
    expect((await place.run(args)).code).toBe(0)
    expect([...filesBelow(target).keys()].sort()).toEqual([`${String(item?.path)}.eml`, `${String(item?.path)}.json`])
  })

  it('restores to another user: a dry run first, then for real, then nothing twice', async () => {
    const url = `@office365://users/${grace}?office365-tenant-id=${simulator.tenantId}`
    const args = ['restore', place.repository, 'latest', `users/${ada}/mailbox/Inbox`, `--restore-path=${url}`]
    const before = simulator.tenant.messages(grace).length
    const dry = await place.json([...args, '--dry-run'])
    expect(summaryOf(dry)).toMatchObject({ dry_run: true, items_created: 3, items_failed: 0 })
    expect(simulator.tenant.messages(grace)).toHaveLength(before)

    const done = await place.json(args)
    requireCode(done, 0)
    expect(summaryOf(done)).toMatchObject({
      items_created: 3,
      items_existing: 0,
      items_failed: 0,
      target_folder: 'Restored',
    })
    const items = messagesOf(done, 'item')
    expect(items).toHaveLength(3)
    expect(items[0]).toMatchObject({
      outcome: 'created',
      folder: expect.stringContaining(`users/${ada}/mailbox/Inbox`) as string,
    })
    expect(JSON.stringify(items)).not.toContain(SECRET_SUBJECT)
    const restored = simulator.tenant.messages(grace).filter(({ folderPath }) => folderPath[0] === 'Restored')
    expect(restored.map(({ subject }) => subject).sort()).toEqual(['Grüße', 'Hello', SECRET_SUBJECT].sort())

    const lines = readFileSync(String(summaryOf(done).report), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(5)
    expect(lines.join('')).not.toContain(SECRET_SUBJECT)

    const again = await place.json([...args, '--target-folder', 'Restored'])
    expect(summaryOf(again)).toMatchObject({ items_created: 0, items_existing: 3 })
    const ignoring = await place.json([...args, '--office365-ignore-existing'])
    expect(summaryOf(ignoring)).toMatchObject({ items_created: 3, items_existing: 0 })
  })

  it('asks whose data it is when that is not clear', async () => {
    const url = `--restore-path=@office365://users/${grace}`
    const unclear = await place.run(['restore', place.repository, 'latest', url])
    requireCode(unclear, 2)
    expect(unclear.stderr).toContain('The snapshot has several users')
    const two = await place.run(['restore', place.repository, 'latest', `users/${ada}`, `users/${grace}`, url])
    requireCode(two, 2)
    expect(two.stderr).toContain('not all of one user')
  })

  it('names a user that the tenant does not have', async () => {
    const url = '--restore-path=@office365://users/nobody@contoso.example'
    const failed = await place.run(['restore', place.repository, 'latest', `users/${ada}`, url])
    requireCode(failed, 1)
    expect(failed.stderr).toContain('The tenant has no user "nobody@contoso.example"')
  })

  it('keeps series of other users apart, and lists items that Graph cannot read', async () => {
    const damaged = simulator.tenant.addMessage(grace, 'inbox', mail('Damaged'), {})
    simulator.faults.add({
      kind: 'corrupt',
      match: { items: [damaged.id], route: 'users/{user}/messages/{message}/$value' },
    })
    const done = await place.json([
      'backup',
      place.repository,
      '--include',
      'users/GRACE@contoso.example',
      '--include=users/nobody@x.example',
    ])
    requireCode(done, 3)
    expect(done.stderr).toBe('warning: The tenant has no user "nobody@x.example" (--include).\n')
    expect(messagesOf(done, 'error')).toMatchObject([{ code: 'graph.item-unreadable', during: 'backup' }])
    expect(JSON.stringify(messagesOf(done, 'error'))).not.toContain('Damaged')
    const snapshots = messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')
    expect(snapshots.at(-1)).toMatchObject({ paths: ['/users/grace@contoso.example', '/users/nobody@x.example'] })
  })

  it('checks all of it', async () => {
    const done = await place.json(['check', place.repository, '--read-data'])
    requireCode(done, 0)
    expect(summaryOf(done)).toMatchObject({ num_errors: 0, snapshots: 3, read_data: true })
  })

  it('builds a lost catalog anew', async () => {
    const env = { ...sourceEnvironment(simulator), HOLDFAST_PROFILE: place.path('other-profile') }
    const found = await place.json(['find', place.repository, 'zeppelin', '--snapshot', first], { env })
    expect(messagesOf(found, 'found')).toHaveLength(1)
  })
})
