import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootsOf } from '../../../src-main/commands/parts/snapshot-roots.ts'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { openRepository, type OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { listIds, loadUnpacked } from '../../../src-main/engine/repository/unpacked-file.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { EVERYTHING, messagesOf, PASSPHRASE, requireCode, summaryOf, Workplace, type Finished } from './program.ts'

const SHARDS = 4
const hasRestic = spawnSync('restic', ['version']).status === 0
if (!hasRestic) process.stderr.write('restic is not installed: its check of the shared repository is left out\n')

const people = Array.from({ length: 12 }, (_, at) => `person${at}@contoso.example`)
/** Everybody got this one: whoever stores it at the same time as somebody else cannot know of that. */
const circular = mail('To everybody', { body: 'The same words for all. '.repeat(400) })

const users = people.map((userPrincipalName) => ({
  userPrincipalName,
  messages: [
    { folder: 'inbox', mime: circular },
    { folder: 'inbox', mime: mail(`For ${userPrincipalName}`, { body: userPrincipalName.repeat(50) }) },
  ],
}))

let simulator: GraphSimulator
let place: Workplace
let first: readonly Finished[] = []

/** The same command on all machines at once, each with a profile of its own. */
function onAllMachines(args: readonly string[]): Promise<Finished[]> {
  return Promise.all(
    Array.from({ length: SHARDS }, (_, at) => {
      const env = {
        ...EVERYTHING,
        HOLDFAST_PROFILE: place.path(`machine ${at + 1}`),
        HOLDFAST_SHARD: `${at + 1}/${SHARDS}`,
      }
      return place.json(args, { env })
    }),
  )
}

beforeAll(async () => {
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  const groups = groupDirectory(simulator.tenant)
  for (let at = 0; at < 5; at++) groups.add({ displayName: `Team ${at}`, members: people.slice(at, at + 3) })
  const sites = siteDirectory(simulator.tenant)
  for (let at = 0; at < 5; at++) sites.add({ path: `sites/place${at}`, displayName: `Place ${at}` })
  place = new Workplace(simulator)
  await place.init()
  first = await onAllMachines(['backup', place.repository])
})

afterAll(async () => {
  place.remove()
  await simulator.close()
})

async function open(): Promise<OpenRepository> {
  const repository = await openRepository({ store: createLocalFolder(place.repository), passphrase: PASSPHRASE })
  await repository.loadIndex()
  return repository
}

const signal = new AbortController().signal

async function rootsIn(repository: OpenRepository, { messages }: Finished): Promise<readonly string[]> {
  const tree = await treeOf(messages.at(-1)?.snapshot_id as string)
  const paths: string[] = []
  for (const kind of ['user', 'group', 'site'] as const)
    for await (const { path } of rootsOf(repository, tree, kind, signal)) paths.push(path)
  return paths
}

async function treeOf(snapshot: string): Promise<HexId> {
  const snapshots = messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')
  return snapshots.find(({ id }) => id === snapshot)?.tree as HexId
}

/** Every blob that a snapshot needs. */
async function blobsOf(repository: OpenRepository, top: HexId): Promise<ReadonlySet<string>> {
  const blobs = new Set<string>([top])
  const trees = [top]
  for (let tree = trees.pop(); tree !== undefined; tree = trees.pop())
    for (const { content, subtree } of (await repository.tree(tree)).nodes) {
      for (const blob of content ?? []) blobs.add(blob)
      if (subtree === undefined || blobs.has(subtree)) continue
      blobs.add(subtree)
      trees.push(subtree)
    }
  return blobs
}

interface IndexFile {
  readonly packs: readonly { readonly blobs: readonly { readonly id: string }[] }[]
}

/** How often each blob is stored. */
async function copies({ store, sealer }: OpenRepository): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const id of await listIds(store, 'index')) {
    const { packs } = (await loadUnpacked(store, sealer, `index/${id}`)) as IndexFile
    for (const { blobs } of packs) for (const blob of blobs) counts.set(blob.id, (counts.get(blob.id) ?? 0) + 1)
  }
  return counts
}

describe('four machines that back one tenant up at the same time', () => {
  it('each make a snapshot of their part, marked so', async () => {
    for (const done of first) requireCode(done, 0)
    const snapshots = messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')
    const paths = snapshots.map((snapshot) => (snapshot.paths as readonly string[]).join(', ')).sort()
    expect(paths).toEqual(
      [1, 2, 3, 4].map((at) => ['/groups', '/sites', '/users'].map((path) => `${path} (shard ${at} of 4)`).join(', ')),
    )
  })

  it('have every root together, and none twice', async () => {
    const repository = await open()
    const roots = await Promise.all(first.map((done) => rootsIn(repository, done)))
    const expected = [
      ...people.map((name) => `users/${name}`),
      ...groupDirectory(simulator.tenant)
        .all()
        .map(({ mail: address }) => `groups/${address ?? ''}`),
      ...siteDirectory(simulator.tenant)
        .all()
        .map(({ host, path }) => `sites/${host}/${path}`),
    ]
    expect(roots.flat().sort()).toEqual(expected.sort())
    for (const some of roots) expect(some.length).toBeGreaterThan(0)
  })

  it('store nothing twice but what several of them need', async () => {
    const repository = await open()
    const needed = await Promise.all(
      first.map(async (done) => blobsOf(repository, await treeOf(String(summaryOf(done).snapshot_id)))),
    )
    const counts = await copies(repository)
    expect(counts.size).toBeGreaterThan(people.length)
    for (const [blob, count] of counts) {
      const writers = needed.filter((blobs) => blobs.has(blob)).length
      expect(count, blob).toBeGreaterThan(0)
      expect(count, blob).toBeLessThanOrEqual(writers)
    }
  })

  it('leave a repository without damage', async () => {
    const checked = await place.json(['check', place.repository, '--read-data'])
    requireCode(checked, 0)
    expect(summaryOf(checked)).toMatchObject({ num_errors: 0, snapshots: SHARDS })
  })

  it.skipIf(!hasRestic)('leave what restic takes for a sound repository', () => {
    const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE, RESTIC_REPOSITORY: place.repository, HOME: place.folder }
    const said = execFileSync('restic', ['--no-cache', 'check', '--read-data'], { env, encoding: 'utf8' })
    expect(said).toContain('no errors were found')
  })

  it('read only changes the next time, each of its own series', async () => {
    simulator.tenant.addMessage(people[0] ?? '', 'inbox', mail('New'), {})
    const again = await onAllMachines(['backup', place.repository])
    for (const done of again) requireCode(done, 0)
    expect(again.reduce((sum, done) => sum + Number(summaryOf(done).items_read), 0)).toBe(1)
    for (const [at, done] of again.entries())
      expect(summaryOf(done).parent).toBe(summaryOf(first[at] ?? done).snapshot_id)
  })
})

describe('what several machines have stored', () => {
  it('is found in the latest snapshot of the shard that has it', async () => {
    for (const name of people.slice(0, 3)) {
      const listed = await place.json(['ls', place.repository, 'latest', `users/${name}`])
      requireCode(listed, 0)
      expect(messagesOf(listed, 'entry').map(({ name: type }) => type)).toContain('mailbox')
    }
    const nobody = await place.run(['ls', place.repository, 'latest', 'users/nobody@contoso.example'])
    requireCode(nobody, 1)
    expect(nobody.stderr).toContain('has no "users/nobody@contoso.example"')
  })

  it('is restored from there', async () => {
    for (const name of people.slice(0, 3)) {
      const target = place.path(`of ${name}`)
      requireCode(
        await place.run(['restore', place.repository, 'latest', `users/${name}`, `--restore-path=${target}`], {
          env: EVERYTHING,
        }),
        0,
      )
      expect(existsSync(`${target}/users/${name}/mailbox/Inbox`)).toBe(true)
    }
  })

  it('is said to be a part when nobody says what is wanted of it', async () => {
    const listed = await place.run(['ls', place.repository, 'latest'])
    requireCode(listed, 0)
    expect(listed.stderr).toMatch(/^warning: The snapshot is that of shard \d of 4: it has a part of the tenant/)
  })

  it('is nothing for a shard without roots, which is no failure', async () => {
    const env = { HOLDFAST_INCLUDE: `users/${people[0] ?? ''}` }
    const done = await Promise.all(
      [1, 2].map((at) =>
        place.json(['backup', place.repository, '--shard', `${at}/2`], {
          env: { ...env, HOLDFAST_PROFILE: place.path(`half ${at}`) },
        }),
      ),
    )
    for (const one of done) requireCode(one, 0)
    expect(done.map((one) => summaryOf(one).users).sort()).toEqual([0, 1])
  })
})
