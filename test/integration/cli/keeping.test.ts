import { execFileSync, spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { messagesOf, PASSPHRASE, requireCode, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'
const MAILS = 60

const version = spawnSync('restic', ['version'], { encoding: 'utf8' })
const hasRestic = version.status === 0
process.stderr.write(hasRestic ? `beside ${version.stdout}` : 'not judged by restic: it is not installed\n')

function contentsOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name)
      return [relative(folder, path), hash('sha256', readFileSync(path))]
    }),
  )
}

describe('the command line keeps a repository healthy', () => {
  let simulator: GraphSimulator
  let place: Workplace
  const snapshots: string[] = []

  const backUp = async (...options: readonly string[]): Promise<Awaited<ReturnType<Workplace['json']>>> => {
    const done = await place.json(['backup', place.repository, ...options])
    requireCode(done, 0)
    snapshots.push(String(summaryOf(done).snapshot_id))
    return done
  }
  const inbox = (): readonly { readonly id: string }[] => simulator.tenant.messages(ada)
  const restic = (...args: readonly string[]): string => {
    const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE, RESTIC_REPOSITORY: place.repository, HOME: place.folder }
    return execFileSync('restic', ['--no-cache', ...args], { env, encoding: 'utf8' })
  }

  beforeAll(async () => {
    const messages = Array.from({ length: MAILS }, (_, at) => ({
      folder: 'inbox',
      mime: mail(`Number ${String(at)}`, { body: `unique ${String(at)} `.repeat(500) }),
      receivedDateTime: `2024-03-${String((at % 28) + 1).padStart(2, '0')}T08:00:00Z`,
    }))
    const users = [{ userPrincipalName: ada, displayName: 'Ada', messages }]
    simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
    place = new Workplace(simulator)
    await place.init()
    await backUp()
    for (const { id } of inbox().slice(0, 30)) simulator.tenant.deleteMessage(ada, id, { permanent: true })
    const [moved] = inbox()
    if (moved !== undefined) simulator.tenant.moveMessage(ada, moved.id, 'archive')
  })
  afterAll(async () => {
    place.remove()
    await simulator.close()
  })

  it('notices that half a mailbox is gone', async () => {
    const done = await backUp('--notice-changes', '50%,30')
    expect(messagesOf(done, 'notice')).toMatchObject([
      { code: 'mass-deleted', root: `users/${ada}`, type: 'mailbox', items: 30, of: MAILS },
    ])
    const [first] = inbox()
    simulator.tenant.deleteMessage(ada, first?.id ?? '', { permanent: true })
    const quiet = await backUp('--notice-changes', '50%,1')
    expect(messagesOf(quiet, 'notice')).toEqual([])
  })

  it('tells two snapshots apart, in either order', async () => {
    const [one = '', two = ''] = snapshots
    const there = await place.json(['diff', place.repository, one, two])
    requireCode(there, 0)
    expect(summaryOf(there)).toMatchObject({ types: { mailbox: { added: 0, deleted: 30, moved: 1 } } })
    const back = await place.json(['diff', place.repository, two, one, '--type', 'mail', '--summary-only'])
    expect(summaryOf(back)).toMatchObject({ types: { mailbox: { added: 30, deleted: 0, moved: 1 } } })
    expect(messagesOf(back, 'difference')).toEqual([])
    const text = await place.run(['diff', place.repository, one, two])
    expect(text.stdout).toMatch(/^R {2}users\/ada@contoso.example\/mailbox\/Inbox\/.* -> .*\/mailbox\/Archive\//m)
  })

  it('writes a stored file, and a folder as a zip', async () => {
    const [entry] = messagesOf(
      await place.json(['ls', place.repository, 'latest', `users/${ada}/mailbox/Inbox/2024-03`]),
      'entry',
    )
    const path = String(entry?.path)
    const shown = await place.run(['cat', place.repository, 'latest', path])
    requireCode(shown, 0)
    expect(shown.stdout).toContain('Subject: Number')
    const json = await place.run(['dump', place.repository, 'latest', `${path}.json`])
    expect(JSON.parse(json.stdout)).toMatchObject({ 'o365:Type': 'mail' })
    requireCode(await place.run(['cat', place.repository, 'latest', 'users']), 2)

    const zip = place.path('inbox.zip')
    requireCode(await place.run(['dump', place.repository, 'latest', 'users', '--to', zip]), 0)
    expect(statSync(zip).mode & 0o777).toBe(0o600)
    requireCode(await place.run(['dump', place.repository, 'latest', 'users', '--to', zip]), 1)
  })

  it('forgets by rules: a dry run first, and nothing without rules', async () => {
    requireCode(await place.run(['forget', place.repository]), 2)
    const dry = await place.json(['forget', place.repository, '--keep-last', '2', '--dry-run'])
    requireCode(dry, 0)
    expect(summaryOf(dry)).toMatchObject({ dry_run: true, snapshots_removed: 1 })
    const { prune } = summaryOf(dry) as unknown as { readonly prune: { readonly bytes_freed: number } }
    expect(prune.bytes_freed).toBeGreaterThan(0)
    const [group] = messagesOf(dry, 'forget_group') as unknown as readonly {
      readonly remove: readonly { readonly id: string }[]
    }[]
    expect(group?.remove.map(({ id }) => id)).toEqual([snapshots[0]])
    expect(messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')).toHaveLength(3)
  })

  it('never forgets all snapshots of a series', async () => {
    const count = async (): Promise<number> =>
      messagesOf(await place.json(['snapshots', place.repository]), 'snapshot').length
    const before = await count()
    const nothing = await place.run(['forget', place.repository, '--keep-within', '0d'])
    expect([nothing.code, nothing.stderr.includes('Nothing would be kept')]).toEqual([2, true])
    const tagged = await place.run(['forget', place.repository, '--keep-tag', 'nobody-has-it', '--prune'])
    expect([tagged.code, tagged.stderr]).toEqual([1, expect.stringContaining('so nothing was removed') as unknown])
    expect(await count()).toBe(before)
  })

  it('forgets and prunes; restic finds nothing wrong, and what stays restores as before', async () => {
    const before = place.path('before')
    requireCode(await place.run(['restore', place.repository, 'latest', `--restore-path=${before}`]), 0)
    const args = ['forget', place.repository, '--keep-last', '1', '--keep-hourly', '0', '--prune', '--max-unused', '0']
    const done = await place.json(args)
    requireCode(done, 0)
    const pruned = summaryOf(done) as unknown as { readonly bytes_freed: number; readonly bytes_unused_after: number }
    expect(pruned.bytes_freed).toBeGreaterThan(0)
    expect(pruned.bytes_unused_after).toBe(0)
    expect(messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')).toMatchObject([
      { id: snapshots[2] },
    ])
    const after = place.path('after')
    requireCode(await place.run(['restore', place.repository, 'latest', `--restore-path=${after}`]), 0)
    expect(contentsOf(after)).toEqual(contentsOf(before))
    if (hasRestic) expect(restic('check', '--read-data')).toContain('no errors were found')
    const found = await place.json(['find', place.repository, 'unique'])
    expect(summaryOf(found)).toMatchObject({ found: 29 })
    expect(summaryOf(await place.json(['prune', place.repository, '--dry-run']))).toMatchObject({ bytes_freed: 0 })
  })

  it('checks parts of the data in turn', async () => {
    const read: number[] = []
    let packs = 0
    for (let turn = 0; turn < 4; turn++) {
      const done = await place.json(['check', place.repository, '--read-data-subset=25%'])
      requireCode(done, 0)
      read.push(Number(summaryOf(done).packs_read))
      packs = Number(summaryOf(done).packs)
    }
    expect(read.reduce((sum, one) => sum + one)).toBe(packs)
    const part = await place.json(['check', place.repository, '--read-data-subset=1/1'])
    expect(summaryOf(part)).toMatchObject({ packs_read: packs })
    requireCode(await place.run(['check', place.repository, '--read-data-subset=0%']), 2)
    requireCode(await place.run(['check', place.repository, '--read-data-subset=3/2']), 2)
  })

  it('tells what a check and a drill found, also where their histories cannot be written', async () => {
    const histories = ['checks.jsonl', 'drills.jsonl'].map((name) => join(place.profile, name))
    for (const history of histories) {
      rmSync(history, { force: true })
      mkdirSync(history)
    }
    const done = await place.run(['check', place.repository, '--drill'])
    requireCode(done, 0)
    expect(done.stdout).toMatch(/^Restored 5 of 5 samples out of 29 items of mail/m)
    expect(done.stdout).toContain('No damage was found.')
    expect(done.stderr).toContain('warning: This check is missing in the history.')
    expect(done.stderr).toContain('warning: This restore drill is missing in the history.')
    for (const history of histories) rmSync(history, { recursive: true })
  })

  it('restores samples in memory, and compares them with the tenant', async () => {
    const done = await place.json(['check', place.repository, '--drill', '--live'])
    requireCode(done, 0)
    expect(messagesOf(done, 'drill')).toMatchObject([
      { num_bad: 0, types: { mail: { items: 29, restored: 5, same: 5 } } },
    ])
    const later = await place.json(['check', place.repository])
    expect(messagesOf(later, 'last_drill')).toMatchObject([{ samples: 5, bad: 0, live: true }])
    expect((await place.run(['check', place.repository])).stdout).toMatch(
      /Last restore drill on \d{4}-\d\d-\d\d: of 5 samples, compared with the source all came back\./,
    )
  })

  it('adds, changes and removes passphrases', async () => {
    const second = { HOLDFAST_NEW_PASSPHRASE: 'second one' }
    const added = await place.json(['key', 'add', place.repository, '--user', 'The notary'], { env: second })
    requireCode(added, 0)
    const id = String(summaryOf(added).added)
    requireCode(await place.run(['snapshots', place.repository], { env: { HOLDFAST_PASSPHRASE: 'second one' } }), 0)
    const keys = messagesOf(await place.json(['key', 'list', place.repository]), 'key')
    expect(keys.find((one) => one.id === id)).toMatchObject({ user_name: 'The notary' })
    const third = { HOLDFAST_PASSPHRASE: 'second one', HOLDFAST_NEW_PASSPHRASE: 'third one' }
    requireCode(await place.run(['key', 'passwd', place.repository], { env: third }), 0)
    requireCode(await place.run(['snapshots', place.repository], { env: { HOLDFAST_PASSPHRASE: 'second one' } }), 12)
    const listed = messagesOf(await place.json(['key', 'list', place.repository]), 'key')
    expect(listed).toHaveLength(2)
    const [own, other] = [
      listed.find(({ current }) => current === true),
      listed.find(({ current }) => current !== true),
    ]
    expect(other?.id).not.toBe(id)
    requireCode(await place.run(['key', 'remove', place.repository, String(own?.id).slice(0, 8)]), 2)
    requireCode(await place.run(['key', 'remove', place.repository, String(other?.id).slice(0, 8)]), 0)
    requireCode(await place.run(['snapshots', place.repository], { env: { HOLDFAST_PASSPHRASE: 'third one' } }), 12)
    const last = await place.run(['key', 'remove', place.repository, String(own?.id)])
    expect(last).toMatchObject({ code: 2 })
  })

  it('writes a recovery kit, with the passphrase only if that was asked for, and never says it', async () => {
    for (const [name, options, has] of [
      ['kit.txt', [], false],
      ['kit.html', ['--with-passphrase'], true],
    ] as const) {
      const file = place.path(name)
      const done = await place.run(['key', 'recovery-kit', place.repository, '--to', file, ...options, '--verbose'])
      requireCode(done, 0)
      const kit = readFileSync(file, 'utf8')
      expect(kit.includes(PASSPHRASE)).toBe(has)
      expect(kit).toContain(place.repository)
      expect(kit).toContain('restic -r ')
      expect(done.stdout + done.stderr).not.toContain(PASSPHRASE)
      expect(statSync(file).mode & 0o777).toBe(0o600)
    }
  })

  it('mends an index that was lost, and snapshots that lack something', async () => {
    const folder = join(place.repository, 'index')
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    requireCode(await place.run(['check', place.repository]), 1)
    requireCode(await place.run(['repair', 'index', place.repository]), 0)
    requireCode(await place.run(['check', place.repository, '--read-data']), 0)
    requireCode(await place.run(['repair', 'snapshots', place.repository, '--dry-run']), 0)

    rmSync(join(place.profile, 'catalogs'), { recursive: true, force: true })
    const packs = readdirSync(join(place.repository, 'data'), { recursive: true, withFileTypes: true })
    const largest = packs
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort((one, other) => statSync(other).size - statSync(one).size)[0]
    const bytes = readFileSync(largest ?? '')
    bytes.fill(0, 100, 120)
    writeFileSync(largest ?? '', bytes)
    const checked = await place.json(['check', place.repository, '--read-data'])
    requireCode(checked, 1)
    const [damaged] = messagesOf(checked, 'damaged_pack') as unknown as readonly { readonly id: string }[]
    expect(largest).toContain(damaged?.id)
    const drilled = await place.json(['check', place.repository, '--drill', '--drill-items', '1000'])
    requireCode(drilled, 1)
    expect(messagesOf(drilled, 'error')).toContainEqual(
      expect.objectContaining({ during: 'drill', code: 'repository.blob-damaged' }),
    )
    requireCode(await place.run(['repair', 'packs', place.repository, damaged?.id ?? '']), 3)
    requireCode(await place.run(['repair', 'snapshots', place.repository, '--forget']), 0)
    requireCode(await place.run(['check', place.repository, '--read-data']), 0)
    if (hasRestic) expect(restic('check', '--read-data')).toContain('no errors were found')
    expect(existsSync(largest ?? '')).toBe(false)
  })
})
