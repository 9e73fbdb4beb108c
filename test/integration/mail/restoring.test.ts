import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseMimeMessage } from '../../../src-main/graph/mail/mime-message.ts'
import type { FaultRule, InlineMessage } from '../../support/graph-simulator/index.ts'
import { ada, grace, mail, startWorld } from './mailbox-fixture.ts'
import type { World } from './mailbox-fixture.ts'
import { backUp, kinds, restore, storedFile, writes } from './restore-fixture.ts'

const boundary = 'restore-test'

function withFile(subject: string, bytes: Buffer, name = 'file.bin'): string {
  const base64 = bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
  return mail(subject)
    .replace(/Content-Type: .*/, `Content-Type: multipart/mixed; boundary=${boundary}`)
    .replace(/\r\n\r\n[^]*$/, '\r\n\r\n')
    .concat(`--${boundary}\r\nContent-Type: text/plain\r\n\r\nSee file.\r\n--${boundary}\r\n`)
    .concat(`Content-Type: application/octet-stream; name="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n`)
    .concat(`${base64}\r\n--${boundary}--\r\n`)
}

async function world(messages: readonly InlineMessage[], faults: readonly FaultRule[] = []): Promise<World> {
  const folders = [{ displayName: 'Projects', parent: 'inbox' }]
  return await startWorld([{ userPrincipalName: ada, folders, messages }, { userPrincipalName: grace }], { faults })
}

function restored({ simulator }: World) {
  return simulator.tenant.messages(grace).filter((message) => message.folderPath[0] === 'Restored')
}

describe('a restore into the tenant', () => {
  it('gives back folders, dates, states and texts, and no drafts', async () => {
    const here = await world([
      {
        folder: 'inbox',
        mime: mail('One'),
        receivedDateTime: '2020-02-03T04:05:06Z',
        isRead: true,
        categories: ['Red category'],
        importance: 'high',
        flag: { flagStatus: 'flagged', dueDateTime: { dateTime: '2020-03-01T00:00:00.0000000', timeZone: 'UTC' } },
      },
      { folder: 'Inbox/Projects', mime: mail('Two') },
      { folder: 'drafts', mime: mail('Three'), isDraft: true },
    ])
    expect(kinds(await restore(here, await backUp(here)))).toEqual({ created: 3 })
    const [one, two, three] = ['One', 'Two', 'Three'].map((subject) =>
      restored(here).find((message) => message.subject === subject),
    )
    expect(one).toMatchObject({
      folderPath: ['Restored', 'Inbox'],
      receivedDateTime: '2020-02-03T04:05:06Z',
      sentDateTime: '2024-03-05T08:00:59Z',
      isRead: true,
      isDraft: false,
      importance: 'high',
      categories: ['Red category'],
      flag: { flagStatus: 'flagged' },
      internetMessageId: '<One@contoso.example>',
    })
    expect(two).toMatchObject({ folderPath: ['Restored', 'Inbox', 'Projects'], isRead: false, isDraft: false })
    expect(three).toMatchObject({ folderPath: ['Restored', 'Drafts'], isDraft: true })
    const { text, email } = await parseMimeMessage(await here.simulator.tenant.mime(grace, one?.id ?? ''))
    expect(text?.trim()).toBe('Text of One')
    expect(email?.to).toEqual([{ name: 'Grace', address: 'grace@contoso.example' }])
    expect(email?.headers.find(({ key }) => key === 'x-mailer')?.value).toBe('Test 1.0')
  })

  it('finds everything again the second time', async () => {
    const here = await world([
      { folder: 'inbox', mime: mail('One') },
      { folder: 'inbox', mime: mail('One') },
      { folder: 'Inbox/Projects', mime: mail('One') },
      { folder: 'inbox', mime: mail("It's", { id: "<it's&+%41@x>" }) },
    ])
    const folders = await backUp(here)
    expect(kinds(await restore(here, folders))).toEqual({ created: 4 })
    expect(kinds(await restore(here, folders))).toEqual({ duplicate: 4 })
    expect(restored(here)).toHaveLength(4)
    expect(kinds(await restore(here, folders, { ignoreExisting: true }))).toEqual({ created: 4 })
  })

  it('changes nothing in a dry run, before and after', async () => {
    const here = await world([{ folder: 'inbox', mime: mail('One') }])
    const folders = await backUp(here)
    const before = writes(here)
    expect(kinds(await restore(here, folders, { dryRun: true }))).toEqual({ created: 1 })
    expect(writes(here)).toBe(before)
    await restore(here, folders)
    const after = writes(here)
    expect(kinds(await restore(here, folders, { dryRun: true }))).toEqual({ duplicate: 1 })
    expect(writes(here)).toBe(after)
  })

  it('does not merge folders of one name', async () => {
    const here = await startWorld([
      {
        userPrincipalName: ada,
        folders: [{ displayName: 'Twin' }, { displayName: 'Twin' }],
        messages: [{ folder: 'Twin', mime: mail('One') }],
      },
      { userPrincipalName: grace },
    ])
    const [, second] = here.simulator.tenant.folders(ada).filter((folder) => folder.displayName === 'Twin')
    here.simulator.tenant.addMessage(ada, second?.id ?? '', mail('Two'))
    await restore(here, await backUp(here))
    const places = restored(here)
      .map((message) => message.folderPath.join('/'))
      .sort()
    expect(places).toEqual(['Restored/Twin', 'Restored/Twin (2)'])
  })

  it('goes below a named folder, or into the original place by well-known names', async () => {
    const here = await startWorld([
      { userPrincipalName: ada, mailbox: { language: 'de' }, messages: [{ folder: 'inbox', mime: mail('One') }] },
      { userPrincipalName: grace, mailbox: { language: 'fr' } },
    ])
    const folders = await backUp(here)
    await restore(here, folders, { targetFolder: 'Old/From Ada' })
    await restore(here, folders, { targetFolder: '/' })
    const places = here.simulator.tenant.messages(grace).map((message) => message.folderPath.join('/'))
    expect(places.sort()).toEqual(['Boîte de réception', 'Old/From Ada/Posteingang'])
  })

  it.each([10, 2_700_000, 3 * 1024 * 1024 - 1, 3 * 1024 * 1024, 9_000_000])(
    'brings back an attachment of %i bytes',
    async (size) => {
      const bytes = randomBytes(size)
      const here = await world([{ folder: 'inbox', mime: withFile('File', bytes) }])
      expect(kinds(await restore(here, await backUp(here)))).toEqual({ created: 1 })
      const [message] = restored(here)
      const [file, ...others] = here.simulator.tenant.attachments(grace, message?.id ?? '')
      expect(others).toEqual([])
      expect(file?.name).toBe('file.bin')
      expect(file?.bytes.equals(bytes)).toBe(true)
      expect(message?.isDraft).toBe(false)
    },
  )

  it('fails a message whose attachment is too large, and leaves nothing of it', async () => {
    const here = await world([{ folder: 'inbox', mime: mail('Host') }])
    const [inbox] = (await backUp(here)).filter((folder) => folder.items.length > 0)
    if (inbox?.items[0] === undefined) throw new Error('no item')
    const huge = Buffer.from(withFile('Huge', Buffer.alloc(151 * 1024 * 1024)))
    const item = { ...inbox.items[0], content: storedFile(huge) }
    const outcomes = await restore(here, [{ ...inbox, items: [item] }])
    expect(outcomes).toEqual([{ kind: 'failed', code: 'graph.request-refused', detail: 'attachment-size' }])
    expect(here.simulator.tenant.messages(grace)).toEqual([])
  })

  it('puts a text that is too long for a request on the message as a file', async () => {
    const here = await world([{ folder: 'inbox', mime: mail('Long', { body: 'long line\r\n'.repeat(500_000) }) }])
    await restore(here, await backUp(here))
    const [message] = restored(here)
    const [file] = here.simulator.tenant.attachments(grace, message?.id ?? '')
    expect(file?.name).toBe('message.txt')
    expect(file?.bytes.equals(Buffer.from(`${'long line\r\n'.repeat(500_000)}\r\n`))).toBe(true)
  })

  it('keeps a message whose reply-to is no address', async () => {
    const odd = mail('Odd').replace('Subject:', 'Reply-To: nobody at all\r\nTo: undisclosed-recipients:;\r\nSubject:')
    const here = await world([{ folder: 'inbox', mime: odd }])
    expect(kinds(await restore(here, await backUp(here)))).toEqual({ created: 1 })
  })
})

describe('a restore through faults', () => {
  const posts = { method: 'POST', route: 'users/{user}/mailFolders/{folder}/messages' }

  it.each<readonly [string, FaultRule]>([
    ['creation that worked but answered 504', { kind: 'done-but-failed', status: 504, match: posts, count: 2 }],
    ['creation whose answer was lost', { kind: 'reset-after', match: posts, count: 2 }],
    ['creation that never arrived', { kind: 'reset', match: posts, count: 2 }],
  ])('makes no doubles after a %s', async (_what, rule) => {
    const messages = ['One', 'Two', 'Three'].map((subject) => ({ folder: 'inbox', mime: mail(subject) }))
    const here = await world(messages)
    const folders = await backUp(here)
    here.simulator.faults.add(rule)
    expect(kinds(await restore(here, folders))).toEqual({ created: 3 })
    expect(here.simulator.faults.appliedCount()).toBe(2)
    expect(
      restored(here)
        .map((message) => message.subject)
        .sort(),
    ).toEqual(['One', 'Three', 'Two'])
  })

  it('makes one folder where creation worked but answered 503', async () => {
    const here = await world([{ folder: 'Inbox/Projects', mime: mail('One') }])
    const folders = await backUp(here)
    const route = 'users/{user}/mailFolders/{folder}/childFolders'
    here.simulator.faults.add({ kind: 'done-but-failed', status: 503, match: { method: 'POST', route }, count: 2 })
    expect(kinds(await restore(here, folders))).toEqual({ created: 1 })
    const names = here.simulator.tenant.folders(grace).map((folder) => folder.path.join('/'))
    expect(names.filter((name) => name.startsWith('Restored'))).toEqual([
      'Restored',
      'Restored/Inbox',
      'Restored/Inbox/Projects',
    ])
  })

  it('goes on with an upload where it broke', async () => {
    const bytes = randomBytes(11_000_000)
    const here = await world([{ folder: 'inbox', mime: withFile('File', bytes) }])
    const folders = await backUp(here)
    const match = { method: 'PUT' }
    here.simulator.faults.add({ kind: 'reset-after', match, count: 1 })
    here.simulator.faults.add({ kind: 'status', status: 503, match, skip: 1, count: 1 })
    expect(kinds(await restore(here, folders))).toEqual({ created: 1 })
    const [message] = restored(here)
    const files = here.simulator.tenant.attachments(grace, message?.id ?? '')
    expect(files.map((file) => file.bytes.equals(bytes))).toEqual([true])
  })

  it('does not upload a file twice when only the last answer was lost', async () => {
    const bytes = randomBytes(7_000_000)
    const here = await world([{ folder: 'inbox', mime: withFile('File', bytes) }])
    const folders = await backUp(here)
    here.simulator.faults.add({ kind: 'reset-after', match: { method: 'PUT' }, skip: 1, count: 1 })
    expect(kinds(await restore(here, folders))).toEqual({ created: 1 })
    const [message] = restored(here)
    expect(here.simulator.tenant.attachments(grace, message?.id ?? '')).toHaveLength(1)
  })

  it('waits for a message that cannot be found right after it was created', async () => {
    const here = await world([{ folder: 'inbox', mime: withFile('File', randomBytes(4_000_000)) }])
    const folders = await backUp(here)
    const match = { route: 'users/{user}/messages/{message}/attachments/createUploadSession' }
    here.simulator.faults.add({ kind: 'empty-not-found', match, count: 6 })
    expect(kinds(await restore(here, folders))).toEqual({ created: 1 })
  })

  it('takes a message back when an attachment cannot be put on it', async () => {
    const here = await world([{ folder: 'inbox', mime: withFile('File', randomBytes(4_000_000)) }])
    const folders = await backUp(here)
    const match = { route: 'users/{user}/messages/{message}/attachments/createUploadSession' }
    const rule = here.simulator.faults.add({ kind: 'status', status: 500, match })
    expect(await restore(here, folders)).toMatchObject([{ kind: 'failed', code: 'graph.service-failed' }])
    expect(here.simulator.tenant.messages(grace)).toEqual([])
    here.simulator.faults.remove(rule)
    expect(kinds(await restore(here, folders))).toEqual({ created: 1 })
  })

  it('replaces what a killed restore left unfinished', async () => {
    const bytes = randomBytes(4_000_000)
    const here = await world([{ folder: 'inbox', mime: withFile('File', bytes) }])
    const folders = await backUp(here)
    const sessions = { route: 'users/{user}/messages/{message}/attachments/createUploadSession' }
    const rules: readonly FaultRule[] = [
      { kind: 'status', status: 500, match: sessions },
      { kind: 'status', status: 500, match: { route: 'users/{user}/messages/{message}/permanentDelete' } },
    ]
    const numbers = rules.map((rule) => here.simulator.faults.add(rule))
    expect(kinds(await restore(here, folders))).toEqual({ failed: 1 })
    expect(restored(here)).toHaveLength(1)
    for (const number of numbers) here.simulator.faults.remove(number)
    expect(kinds(await restore(here, folders))).toEqual({ created: 1 })
    const [message, ...others] = restored(here)
    expect(others).toEqual([])
    expect(here.simulator.tenant.attachments(grace, message?.id ?? '')[0]?.bytes.equals(bytes)).toBe(true)
    expect(kinds(await restore(here, folders))).toEqual({ duplicate: 1 })
  })

  it('reports a refused message and goes on', async () => {
    const here = await world([
      { folder: 'inbox', mime: mail('One') },
      { folder: 'inbox', mime: mail('Two') },
    ])
    const folders = await backUp(here)
    // The refused form, and the weaker one after it.
    here.simulator.faults.add({ kind: 'status', status: 400, code: 'ErrorInvalidRequest', match: posts, count: 2 })
    const outcomes = await restore(
      here,
      folders.map((folder) => ({ ...folder, items: folder.items.slice(0, 1) })),
    )
    expect(outcomes).toMatchObject([{ kind: 'failed', code: 'graph.request-refused', detail: 'ErrorInvalidRequest' }])
    expect(kinds(await restore(here, folders))).toEqual({ created: 2 })
  })
})

describe('restoring into nothing', () => {
  it('says that the mailbox is not there', async () => {
    const here = await startWorld([
      { userPrincipalName: ada, messages: [{ folder: 'inbox', mime: mail('One') }] },
      { userPrincipalName: grace, mailbox: false },
    ])
    const folders = await backUp(here)
    await expect(restore(here, folders)).rejects.toMatchObject({ code: 'graph.no-mailbox' })
    here.simulator.tenant.addMailbox(grace)
    const root = here.root(grace)
    here.simulator.tenant.removeUser(grace)
    const gone: World = { ...here, root: () => root }
    await expect(restore(gone, folders)).rejects.toMatchObject({ code: 'restore.target-not-found' })
  })
})
