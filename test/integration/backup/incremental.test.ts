import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inlineMails } from '../../support/inline-mails.ts'
import { IncrementalWorld } from './incremental-fixture.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'

let world: IncrementalWorld

const tenant = (): IncrementalWorld['simulator']['tenant'] => world.simulator.tenant

beforeEach(async () => {
  world = await IncrementalWorld.start({
    tenant: {
      kind: 'inline',
      users: [
        {
          userPrincipalName: ada,
          folders: [
            { displayName: 'Projects' },
            { displayName: 'Deep', parent: 'Projects' },
            { displayName: 'Deeper', parent: 'Projects/Deep' },
            { displayName: 'Twin' },
            { displayName: 'Twin' },
            { displayName: 'Rules', hidden: true },
          ],
          messages: inlineMails(['inbox', 'Projects', 'Projects/Deep', 'Projects/Deep/Deeper', 'Twin', 'drafts'], 5),
        },
        { userPrincipalName: grace, messages: inlineMails(['inbox', 'archive'], 3) },
      ],
    },
  })
})

afterEach(async () => {
  await world.close()
})

function someMessage(folder: string, index = 0): string {
  const message = tenant().messages(ada, folder)[index]
  if (message === undefined) throw new Error(`no message ${String(index)} in ${folder}`)
  return message.id
}

describe('messages', () => {
  test('the first run reads all, one without changes nothing and adds no content', async () => {
    const first = await world.run()
    expect(first).toMatchObject({ items: 36, contentRead: 36, changed: 36, removed: 0, roots: 2 })
    const second = await world.run()
    expect(second).toMatchObject({ items: 36, contentRead: 0, changed: 0, removed: 0, parent: first.snapshot })
    expect(world.contentReads()).toBe(0)
  })

  test('a new one is read', async () => {
    await world.run()
    tenant().addMessage(ada, 'Projects/Deep', 'Subject: new\r\n\r\nhello')
    expect(await world.run()).toMatchObject({ items: 37, contentRead: 1, changed: 1 })
  })

  test('state is taken over and content is not read again', async () => {
    await world.run()
    tenant().setRead(ada, someMessage('inbox', 0), true)
    tenant().flagMessage(ada, someMessage('inbox', 1), { flagStatus: 'flagged' })
    tenant().setCategories(ada, someMessage('inbox', 2), ['Blue'])
    tenant().setRead(ada, someMessage('Projects'), true)
    expect(await world.run()).toMatchObject({ items: 36, changed: 4, contentRead: 0 })
    expect(world.contentReads()).toBe(0)
    tenant().setRead(ada, someMessage('inbox', 0), false)
    tenant().setCategories(ada, someMessage('inbox', 0), ['Red'])
    expect(await world.run()).toMatchObject({ items: 36, changed: 1, contentRead: 0 })
    expect(world.contentReads()).toBe(0)
  })

  test('an edited draft is read again', async () => {
    await world.run()
    tenant().editBody(ada, someMessage('drafts'), 'Another text')
    expect(await world.run()).toMatchObject({ items: 36, changed: 1, contentRead: 1 })
  })

  test('one that moved keeps its blobs', async () => {
    await world.run()
    tenant().moveMessage(ada, someMessage('inbox', 0), 'Projects/Deep/Deeper')
    tenant().moveMessage(ada, someMessage('Projects/Deep/Deeper', 1), 'archive')
    const moved = await world.run()
    expect(moved).toMatchObject({ items: 36, changed: 2, removed: 0, contentRead: 0 })
    expect(world.contentReads()).toBe(0)
  })

  test('deleted ones go, to Deleted Items or for good', async () => {
    await world.run()
    tenant().deleteMessage(ada, someMessage('inbox', 0))
    tenant().deleteMessage(ada, someMessage('inbox', 1), { permanent: true })
    expect(await world.run()).toMatchObject({ items: 35, removed: 1, contentRead: 0 })
  })

  test('those deleted a second time are kept until their time is over, and cost nothing meanwhile', async () => {
    await world.run()
    const id = someMessage('inbox', 0)
    tenant().deleteMessage(ada, id)
    tenant().deleteMessage(ada, id)
    expect(await world.run()).toMatchObject({ items: 36, removed: 0, contentRead: 0 })
    const asked = { route: 'users/{user}/mailFolders/{folder}/messages/delta' }
    expect(await world.run()).toMatchObject({ items: 36, changed: 0, contentRead: 0 })
    // The log is that of the last run.
    const folders = tenant().folders(ada).length + tenant().folders(grace).length
    expect(world.simulator.log.count(asked)).toBe(folders)
    tenant().deleteMessage(ada, id, { permanent: true })
    expect(await world.run()).toMatchObject({ items: 35, removed: 1, contentRead: 0 })
  })

  test('everything at once, several times', async () => {
    await world.run()
    for (const round of [1, 2, 3]) {
      tenant().addMessage(ada, 'inbox', `Subject: round ${String(round)}\r\n\r\nhello`)
      tenant().moveMessage(ada, someMessage('inbox', 0), 'Projects')
      tenant().moveMessage(ada, someMessage('Projects', 1), 'inbox')
      tenant().setRead(ada, someMessage('Projects', 1), round % 2 === 0)
      tenant().flagMessage(ada, someMessage('Projects', 2), { flagStatus: 'flagged' })
      tenant().deleteMessage(ada, someMessage('Projects', 0), { permanent: true })
      tenant().deleteMessage(grace, tenant().messages(grace, 'inbox')[0]?.id ?? '')
      expect(await world.run()).toMatchObject({ items: 36, contentRead: 1 })
    }
  })
})

describe('folders', () => {
  test('renamed: content stays where its folder is', async () => {
    await world.run()
    tenant().renameFolder(ada, 'Projects', 'Work')
    expect(await world.run()).toMatchObject({ items: 36, contentRead: 0, changed: 0, removed: 0 })
    tenant().renameFolder(ada, 'Work/Deep', 'Low')
    tenant().addMessage(ada, 'Work/Low/Deeper', 'Subject: new\r\n\r\nhello')
    expect(await world.run()).toMatchObject({ items: 37, contentRead: 1 })
  })

  test('moved with what is in it', async () => {
    await world.run()
    tenant().moveFolder(ada, 'Projects/Deep', 'archive')
    expect(await world.run()).toMatchObject({ items: 36, contentRead: 0, changed: 0, removed: 0 })
  })

  test('deleted: moved to Deleted Items first, then gone with what was in it', async () => {
    await world.run()
    tenant().deleteFolder(ada, 'Projects')
    expect(await world.run()).toMatchObject({ items: 36, contentRead: 0 })
    tenant().deleteFolder(ada, ['Deleted Items', 'Projects'])
    expect(await world.run()).toMatchObject({ items: 21 })
    expect(world.contentReads()).toBe(0)
  })

  test('gone and one of the same name in its place', async () => {
    await world.run()
    const moved = someMessage('Projects')
    tenant().moveMessage(ada, moved, 'inbox')
    tenant().deleteFolder(ada, 'Projects', { permanent: true })
    tenant().addFolder(ada, { displayName: 'Projects' })
    tenant().moveMessage(ada, moved, 'Projects')
    tenant().addMessage(ada, 'Projects', 'Subject: new\r\n\r\nhello')
    expect(await world.run()).toMatchObject({ items: 23, contentRead: 1 })
  })

  test('two of one name stay apart, also when one of them goes or takes the name of a third', async () => {
    await world.run()
    const [, second] = tenant()
      .folders(ada)
      .filter(({ displayName }) => displayName === 'Twin')
    tenant().addMessage(ada, second?.id ?? '', 'Subject: second\r\n\r\nhello')
    expect(await world.run()).toMatchObject({ items: 37 })
    tenant().deleteFolder(ada, 'Twin', { permanent: true })
    tenant().renameFolder(ada, 'Projects', 'Twin')
    expect(await world.run()).toMatchObject({ items: 32, contentRead: 0 })
  })

  test('swap their names', async () => {
    await world.run()
    tenant().renameFolder(ada, 'Projects', 'Between')
    tenant().renameFolder(ada, 'archive', 'Projects')
    tenant().renameFolder(ada, 'Between', 'Archive')
    expect(await world.run()).toMatchObject({ items: 36, contentRead: 0 })
  })
})

describe('users', () => {
  test('renamed: the content follows and is not read again', async () => {
    await world.run()
    world.renameUser(grace, 'hopper@contoso.example')
    tenant().setRead('hopper@contoso.example', tenant().messages('hopper@contoso.example')[0]?.id ?? '', true)
    expect(await world.run()).toMatchObject({ items: 36, contentRead: 0 })
    expect(await world.run()).toMatchObject({ items: 36, contentRead: 0, changed: 0 })
  })

  test('removed: gone with a notice, the others untouched', async () => {
    await world.run()
    tenant().removeUser(grace)
    const report = await world.run()
    expect(report).toMatchObject({ items: 30, contentRead: 0 })
    expect(report.notices).toContainEqual({ path: `users/${grace}`, code: 'root-gone' })
  })

  test('new, and without a mailbox', async () => {
    await world.run()
    tenant().addUser({ userPrincipalName: 'new@contoso.example' })
    tenant().addMessage('new@contoso.example', 'inbox', 'Subject: first\r\n\r\nhello')
    tenant().addUser({ userPrincipalName: 'room@contoso.example', mailbox: false })
    const report = await world.run()
    expect(report).toMatchObject({ items: 37, contentRead: 1, roots: 4 })
    expect(report.notices).toEqual([{ path: 'users/room@contoso.example/mailbox', code: 'graph.no-mailbox' }])
  })
})

describe('state of the listing', () => {
  for (const error of ['SyncStateNotFound', 'resyncRequired', 'SyncStateInvalid'] as const)
    test(`all cursors lost (${error}) while messages went and came`, async () => {
      await world.run()
      tenant().breakCursors(ada, undefined, error)
      for (const folder of ['inbox', 'Projects', 'Twin']) {
        tenant().breakCursors(ada, folder, error)
        tenant().deleteMessage(ada, someMessage(folder, 1), { permanent: true })
      }
      tenant().moveMessage(ada, someMessage('inbox'), 'Projects/Deep')
      tenant().addMessage(ada, 'inbox', 'Subject: new\r\n\r\nhello')
      expect(await world.run()).toMatchObject({ items: 34, contentRead: 1, removed: 3 })
      expect(world.contentReads()).toBe(1)
    })

  test('a catalog that was lost is rebuilt, and the run after it is incremental', async () => {
    await world.run()
    tenant().setRead(ada, someMessage('inbox'), true)
    await world.run()
    world.loseCatalog()
    tenant().addMessage(ada, 'inbox', 'Subject: new\r\n\r\nhello')
    tenant().moveMessage(ada, someMessage('inbox', 1), 'Twin')
    tenant().setRead(ada, someMessage('inbox'), false)
    expect(await world.run()).toMatchObject({ items: 37, contentRead: 1, changed: 3 })
    expect(world.contentReads()).toBe(1)
    const listings = world.simulator.log.entries({ route: 'users/{user}/mailFolders/{folder}/messages/delta' })
    expect(listings.every(({ path }) => path.includes('deltatoken'))).toBe(true)
  })
})
