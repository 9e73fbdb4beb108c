import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RestoreTarget } from '../../../src-shared/ipc/contract/restore.ts'
import { closeTenants, snapshot, startSource, type Tenant } from '../everything/tenants.ts'
import { source } from '../everything/scenario.ts'
import { ACCOUNT, allItems, BrowsedHost } from './browse-scene.ts'

// It brings no types along.
const { mboxReader } = createRequire(import.meta.url)('mbox-reader') as {
  mboxReader: (source: NodeJS.ReadableStream) => AsyncIterable<{ readonly content: Buffer }>
}

let tenant: Tenant
let host: BrowsedHost
let id: string
const user = `users/ada@${source}`

beforeAll(async () => {
  tenant = await startSource()
  id = (await snapshot(tenant)).snapshot
  host = await BrowsedHost.open(tenant.scene, tenant.simulator)
})

afterAll(async () => {
  await host.close()
  await closeTenants()
})

async function restored(paths: string[], target: RestoreTarget, dryRun = false) {
  const { operation } = await host.ask('restore.start', { place: host.place, snapshot: id, paths, target, dryRun })
  return await host.ended(operation)
}

async function exported(paths: string[], format: 'eml' | 'mbox' | 'zip' | 'files' | 'ics', folder: string) {
  const { operation } = await host.ask('export.start', { place: host.place, snapshot: id, paths, format, folder })
  return await host.ended(operation)
}

function intoUser(name: string, more: Partial<Extract<RestoreTarget, { kind: 'root' }>> = {}): RestoreTarget {
  return {
    ...{ kind: 'root', account: ACCOUNT, root: { kind: 'user', name: `${name}@${source}` }, targetFolder: 'Restored' },
    ...{ ignoreExisting: false, also: [], people: [] },
    ...more,
  }
}

function filesBelow(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return all.filter((file) => statSync(join(folder, file)).isFile())
}

describe('a restore to a folder', () => {
  it('says first what it would do, and then does that', async () => {
    const folder = join(host.folder, 'restored')
    const paths = [`${user}/mailbox/Inbox`, `${user}/onedrive/OneDrive/files/Documents`]
    const dry = await restored(paths, { kind: 'folder', path: folder }, true)
    expect(dry).toMatchObject({ kind: 'restore', outcome: 'done', problem: null })
    expect(existsSync(folder)).toBe(false)
    const done = await restored(paths, { kind: 'folder', path: folder })
    expect(done).toMatchObject({ outcome: 'done', problem: null })
    expect(done.figures.files_restored).toBe(dry.figures.files_restored)
    expect(done.figures.total_bytes).toBe(dry.figures.total_bytes)
    expect(filesBelow(folder)).toHaveLength(Number(done.figures.files_restored))
    expect(readFileSync(join(folder, user, 'onedrive/OneDrive/files/Documents/plain.txt'), 'utf8')).toBe('plain')
    expect(done.reportFile).toMatch(/restore\.jsonl$/)
    expect(readFileSync(done.reportFile ?? '', 'utf8')).toContain('"kind":"summary"')
  })

  it('tells how many files there are while it goes on', async () => {
    const seen: unknown[] = []
    const folder = join(host.folder, 'watched')
    const asked = { place: host.place, snapshot: id, paths: [user], target: { kind: 'folder', path: folder } } as const
    const { operation } = await host.ask('restore.start', { ...asked, paths: [user], dryRun: false })
    const watch = host.services.operations.find(operation)
    const done = host.ended(operation)
    const over = new AbortController()
    void done.then(() => {
      over.abort()
    })
    while (!over.signal.aborted) {
      seen.push(watch?.shown().progress)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const { figures } = await done
    expect(seen).toContainEqual(expect.objectContaining({ expected: figures.files_restored }))
  })
})

describe('a restore into another user', () => {
  it('says first what it would do, and then does that', async () => {
    const paths = [`${user}/mailbox/Inbox`]
    const target = intoUser('grace')
    const dry = await restored(paths, target, true)
    expect(dry).toMatchObject({ outcome: 'done', problem: null, figures: { dry_run: true } })
    const created = Number(dry.figures.items_created)
    expect(created).toBeGreaterThan(5)
    expect(Number(dry.figures.requests_expected)).toBeGreaterThan(created)
    expect(dry.figures.seconds_expected).toBe(Math.ceil(Number(dry.figures.requests_expected) / 10))
    expect(tenant.simulator.tenant.messages(`grace@${source}`, 'inbox')).toEqual([])
    const done = await restored(paths, target)
    expect(done).toMatchObject({ outcome: 'done', figures: { items_created: created, items_existing: 0 } })
    const again = await restored(paths, target, true)
    expect(again.figures).toMatchObject({ items_created: 0, items_existing: created })
  })

  it('takes single files of a drive', async () => {
    const path = `${user}/onedrive/OneDrive/files/Documents/plain.txt`
    const done = await restored([path], intoUser('grace'))
    expect(done).toMatchObject({ outcome: 'done', problem: null, figures: { items_created: 1 } })
  })

  it('does what is asked for by name only', async () => {
    const paths = [`${user}/mailbox-settings`]
    const without = await restored(paths, intoUser('alan'))
    const withRules = await restored(paths, intoUser('alan', { also: ['rules'] }))
    expect(Number(without.figures.items_skipped)).toBeGreaterThan(0)
    expect(without.remarks.length).toBeGreaterThan(0)
    expect(Number(withRules.figures.items_created)).toBeGreaterThan(Number(without.figures.items_created))
  })

  it('of somebody who is not there fails with a reason', async () => {
    const done = await restored([`${user}/tasks`], intoUser('nobody'))
    expect(done).toMatchObject({ outcome: 'failed', problem: { code: 'restore.target-not-found' } })
  })

  it('of paths of several roots is refused', async () => {
    const done = await restored([`${user}/tasks`, `users/grace@${source}/tasks`], intoUser('grace'))
    expect(done).toMatchObject({ outcome: 'failed', problem: { code: 'usage' } })
  })
})

describe('an export', () => {
  it('of mail can be read by another program', async () => {
    const folder = join(host.folder, 'mbox')
    const done = await exported([`${user}/mailbox/Inbox`], 'mbox', folder)
    expect(done).toMatchObject({ kind: 'export', outcome: 'done', problem: null })
    const mails: Buffer[] = []
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.mbox'),
    ))
      for await (const { content } of mboxReader(createReadStream(join(folder, file)))) mails.push(content)
    expect(mails).toHaveLength(Number(done.figures.items))
    const items = (await allItems(host, id, `${user}/mailbox/Inbox`)).flatMap(({ items: rows }) => rows)
    const own = await host.ask('browse.items', {
      ...{ place: host.place, snapshot: id, path: `${user}/mailbox/Inbox`, offset: 0, limit: 1, order: 'newest' },
    })
    expect(mails).toHaveLength(items.length + own.count)
  })

  it('of selected items has only those', async () => {
    const { rows } = await host.ask('browse.items', {
      ...{ place: host.place, snapshot: id, path: `${user}/mailbox/Inbox`, offset: 1, limit: 2, order: 'title' },
    })
    const folder = join(host.folder, 'eml')
    const done = await exported(
      rows.map(({ path }) => path),
      'eml',
      folder,
    )
    expect(done.figures).toMatchObject({ items: 2, files: 2, skipped: 0 })
    expect(filesBelow(folder)).toHaveLength(2)
  })

  it('of what has not that format says so', async () => {
    const done = await exported([`${user}/tasks`], 'mbox', join(host.folder, 'none'))
    expect(done).toMatchObject({ outcome: 'done', figures: { items: 0 } })
    expect(done.remarks.join()).toContain('nothing of that format')
  })
})
