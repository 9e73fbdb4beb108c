import { afterEach, describe, expect, test } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { inlineMails } from '../../support/inline-mails.ts'
import type { MailState } from '../../support/mail-state.ts'
import {
  datedFaults,
  FaultWorld,
  FOLDERS_DELTA,
  only,
  passingFaults,
  permanentFaults,
  PLANNED,
  shortIds,
  without,
} from './faults-fixture.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
const FOLDERS = ['inbox', 'Projects', 'Projects/Deep', 'archive', 'drafts'] as const

let world: FaultWorld

afterEach(async () => {
  world.expectNothingUnknown()
  await world.close()
})

const tenant = (): FaultWorld['simulator']['tenant'] => world.simulator.tenant

async function start(each: number, pageSize = 15): Promise<void> {
  const folders = [{ displayName: 'Projects' }, { displayName: 'Deep', parent: 'Projects' }]
  const users = [
    { userPrincipalName: ada, folders, messages: inlineMails(FOLDERS, each) },
    { userPrincipalName: grace, folders, messages: inlineMails(['inbox', 'Projects'], each, 300) },
  ]
  world = await FaultWorld.start({ delta: { maxPageSize: pageSize }, tenant: { kind: 'inline', users } })
}

function messageIds(user: string, folder?: string): string[] {
  return tenant()
    .messages(user, folder)
    .map(({ id }) => id)
}

function message(folder: string, index = 0): string {
  const id = messageIds(ada, folder)[index]
  if (id === undefined) throw new Error(`no message ${String(index)} in ${folder}`)
  return id
}

function addMail(folder: string, skip: number): string {
  const [mail] = inlineMails([folder], 1, skip)
  if (mail === undefined || typeof mail.mime === 'string') throw new Error('no mail')
  return tenant().addMessage(ada, folder, Buffer.from(mail.mime.base64, 'base64'), { isRead: false }).id
}

/** What is in a snapshot is what is served, but for the unread messages: those are as they were, if they were. */
async function expectAllBut(report: BackupReport, unread: readonly string[], before: MailState = {}): Promise<void> {
  expect(report.unread.map(({ id }) => id).sort()).toEqual(shortIds(unread))
  expect(report.notRefreshed).toEqual([])
  const expected = { ...without(await world.served(), unread), ...only(before, unread) }
  expect(await world.stored(report)).toEqual(expected)
}

describe('every fault at random', () => {
  /** Changes of all kinds; gives the messages whose content is to be read. */
  function change(unread: readonly string[]): { readonly fresh: string[]; readonly edited: string[] } {
    const spare = messageIds(ada).filter((id) => !unread.includes(id))
    const place = (index: number): string => spare[index * 7] ?? ''
    for (const index of [0, 1, 2]) tenant().moveMessage(ada, place(index), 'archive')
    for (const index of [3, 4, 5]) tenant().deleteMessage(ada, place(index), { permanent: true })
    for (const index of [6, 7, 8]) tenant().setRead(ada, place(index), true)
    const edited = messageIds(ada, 'drafts').filter((id) => spare.slice(-8).includes(id))
    expect(edited.length).toBeGreaterThan(2)
    for (const id of edited) tenant().editBody(ada, id, 'Another text')
    const fresh = Array.from({ length: 60 }, (_, index) => addMail(FOLDERS[index % 5] ?? 'inbox', 500 + index))
    return { fresh, edited }
  }

  function plan(seed: number, broken: readonly string[], toRead: readonly string[]): void {
    const { faults } = world.simulator
    faults.clear()
    for (const rule of permanentFaults(broken)) faults.add(rule)
    for (const rule of passingFaults(
      seed,
      toRead.filter((id) => !broken.includes(id)),
    ))
      faults.add(rule)
  }

  test.each([1, 20_260_714])('seed %i: only what cannot be read is missing, and comes later', async (seed) => {
    await start(40)
    const all = [...messageIds(ada), ...messageIds(grace)]
    const broken = [3, 50, 90, 130, 199, 230, 260].map((index) => all[index] ?? '')
    plan(seed, broken, all)
    const first = await world.runAnyhow()
    for (const kind of PLANNED) expect([kind, world.simulator.faults.appliedCount(kind) > 0]).toEqual([kind, true])
    await expectAllBut(first, broken)

    const [moved = '', deleted = '', ...rest] = broken
    tenant().moveMessage(ada, moved, 'archive')
    tenant().deleteMessage(ada, deleted, { permanent: true })
    const { fresh, edited } = change(broken)
    const stillBroken = [moved, ...rest, ...fresh.slice(0, 4), ...edited.slice(0, 2)]
    plan(seed + 1, stillBroken, [...fresh, ...edited])
    const second = await world.runAnyhow()
    await expectAllBut(second, stillBroken, await world.stored(first))
    await world.expectCatalogAsRebuilt()

    world.simulator.faults.clear()
    await world.run()
  })

  test('seed 3: throttled with dates to wait for', async () => {
    await start(4)
    const rules = datedFaults(3)
    for (const rule of rules) world.simulator.faults.add(rule)
    await world.run()
    expect(world.simulator.faults.appliedCount('throttle')).toBe(rules.length)
  })

  test('a catalog that was lost does not make unread messages forgotten', async () => {
    await start(6)
    const broken = [message('inbox', 2), message('archive', 1)]
    plan(7, broken, [])
    await expectAllBut(await world.runAnyhow(), broken)
    world.loseCatalog()
    await expectAllBut(await world.runAnyhow(), broken)
    world.simulator.faults.clear()
    await world.run()
  })
})

describe('a folder whose messages cannot be listed', () => {
  const failed = [{ path: `users/${ada}/mailbox/Projects`, code: 'graph.service-failed' }]

  test('keeps its content, also what moved out of it and into it; the others are read', async () => {
    await start(6)
    const before = await world.stored(await world.run())
    const gone = message('Projects', 0)
    tenant().deleteMessage(ada, gone, { permanent: true })
    tenant().moveMessage(ada, message('Projects', 0), 'inbox')
    tenant().moveMessage(ada, message('inbox', 2), 'Projects')
    tenant().moveMessage(ada, message('archive', 1), 'Projects/Deep')
    const fresh = addMail('Projects', 600)
    addMail('inbox', 601)
    world.failFolder(ada, 'Projects')
    for (const round of [1, 2]) {
      const report = await world.runAnyhow()
      expect([round, report.notRefreshed, report.unread]).toEqual([round, failed, []])
      expect(await world.stored(report)).toEqual({ ...without(await world.served(), [fresh]), ...only(before, [gone]) })
      await world.expectCatalogAsRebuilt()
    }
    world.simulator.faults.clear()
    await world.run()
  })

  test('in the first run: the others are there, and it comes later', async () => {
    await start(6)
    world.failFolder(ada, 'Projects')
    const report = await world.runAnyhow()
    expect([report.notRefreshed, report.unread]).toEqual([failed, []])
    expect(await world.stored(report)).toEqual(without(await world.served(), messageIds(ada, 'Projects')))
    world.simulator.faults.clear()
    await world.run()
  })

  test('to the end, after its cursor died: what the listing had not shown yet is not taken for gone', async () => {
    await start(10, 3)
    const before = await world.stored(await world.run())
    tenant().breakCursors(ada, 'Projects')
    const gone = message('Projects', 1)
    tenant().deleteMessage(ada, gone, { permanent: true })
    world.failFolder(ada, 'Projects', 'skiptoken')
    const report = await world.runAnyhow()
    expect([report.notRefreshed, report.unread]).toEqual([failed, []])
    expect(await world.stored(report)).toEqual({ ...(await world.served()), ...only(before, [gone]) })
    world.simulator.faults.clear()
    tenant().deleteMessage(ada, message('Projects', 8), { permanent: true })
    tenant().deleteMessage(ada, message('Projects', 0), { permanent: true })
    // A listing does not take back what it has shown: that is for the changes after it.
    await world.runAnyhow()
    await world.run()
  })

  test('and is renamed meanwhile: its content moves with it', async () => {
    await start(4)
    const before = await world.stored(await world.run())
    const gone = message('Projects', 0)
    tenant().deleteMessage(ada, gone, { permanent: true })
    tenant().renameFolder(ada, 'Projects', 'Work')
    world.failFolder(ada, 'Work')
    const report = await world.runAnyhow()
    expect(report.notRefreshed).toEqual([{ path: `users/${ada}/mailbox/Work`, code: 'graph.service-failed' }])
    expect(await world.stored(report)).toEqual({ ...(await world.served()), ...only(before, [gone]) })
    world.simulator.faults.clear()
    await world.run()
  })
})

describe('a list that cannot be read', () => {
  function changeBoth(): void {
    tenant().deleteMessage(ada, message('inbox'), { permanent: true })
    tenant().deleteFolder(ada, 'Projects', { permanent: true })
    addMail('archive', 600)
    tenant().deleteMessage(grace, messageIds(grace, 'inbox')[0] ?? '', { permanent: true })
  }

  test.each([FOLDERS_DELTA, 'users/{user}/mailFolders'])('%s: the mailbox is carried over whole', async (route) => {
    await start(4)
    const before = await world.stored(await world.run())
    changeBoth()
    const id = tenant().findUser(ada)?.id ?? ''
    world.simulator.faults.add({ kind: 'status', status: 500, match: { route, path: id } })
    const report = await world.runAnyhow()
    expect(report.notRefreshed).toEqual([{ path: `users/${ada}/mailbox`, code: 'graph.service-failed' }])
    const of = (state: MailState, user: string): [string, object][] =>
      Object.entries(state).filter(([key]) => key.startsWith(user))
    const expected = Object.fromEntries([...of(before, ada), ...of(await world.served(), grace)])
    expect(await world.stored(report)).toEqual(expected)
    world.simulator.faults.clear()
    await world.run()
  })

  test('users: no snapshot, and nothing lost', async () => {
    await start(4)
    await world.run()
    changeBoth()
    world.simulator.faults.add({ kind: 'status', status: 500, match: { route: 'users' } })
    await expect(world.runAnyhow()).rejects.toMatchObject({ code: 'graph.service-failed' })
    expect(await world.snapshotCount()).toBe(1)
    world.simulator.faults.clear()
    await world.run()
  })
})

describe('cursors that die together with deletions', () => {
  test.each(['SyncStateNotFound', 'resyncRequired', 'SyncStateInvalid'] as const)(
    '%s: what is gone is gone, what is there is not read again',
    async (cursorError) => {
      await start(10, 4)
      await world.run()
      tenant().deleteMessage(ada, message('inbox', 0), { permanent: true })
      tenant().deleteMessage(ada, message('inbox', 8), { permanent: true })
      tenant().moveMessage(ada, message('inbox', 3), 'Projects')
      tenant().deleteFolder(ada, 'Projects/Deep', { permanent: true })
      // The cursor, and then a page of the listing that was begun in its place.
      const match = { path: '/messages/delta\\?.*token=' }
      world.simulator.faults.add({ kind: 'break-cursor', cursorError, count: 6, perPath: 2, match })
      const report = await world.run()
      expect(world.simulator.faults.appliedCount('break-cursor')).toBeGreaterThan(1)
      expect(report).toMatchObject({ items: 58, removed: 12, contentRead: 0 })
    },
  )
})
