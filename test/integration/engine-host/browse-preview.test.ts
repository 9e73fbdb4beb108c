import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ItemRow, Preview } from '../../../src-shared/ipc/contract/browse.ts'
import { nodeAt } from '../../../src-main/engine/operations/restore/walk-tree.ts'
import { storedFile } from '../../../src-main/engine/operations/stored/stored-file.ts'
import { closeShared } from '../everything-shared/tenants.ts'
import { allItems, BrowsedHost, type InContainer } from './browse-scene.ts'
import { startWholeTenant, type WholeTenant } from './whole-tenant.ts'

const signal = new AbortController().signal

let whole: WholeTenant
let host: BrowsedHost
let all: readonly InContainer[]

beforeAll(async () => {
  whole = await startWholeTenant()
  host = await BrowsedHost.open(whole.tenant.scene, whole.tenant.simulator)
  all = await allItems(host, whole.snapshot)
})

afterAll(async () => {
  await host.close()
  await closeShared()
})

/** Items of a data type by the beginnings of their paths and their titles. */
function itemsOf(above: string, title?: string): readonly ItemRow[] {
  const items = all.flatMap((container) => container.items).filter(({ path }) => path.startsWith(`${above}/`))
  return title === undefined ? items : items.filter((item) => item.title === title)
}

async function previewOf<Kind extends Preview['kind']>(
  item: ItemRow | undefined,
  kind: Kind,
): Promise<Extract<Preview, { kind: Kind }>> {
  const { place } = host
  const preview = await host.ask('browse.preview', { place, snapshot: whole.snapshot, path: item?.path ?? '' })
  expect(preview.kind).toBe(kind)
  return preview as Extract<Preview, { kind: Kind }>
}

const kinds: readonly (readonly [folder: string, kinds: readonly Preview['kind'][]])[] = [
  ['users/ada@contoso.example/mailbox', ['mail']],
  ['users/ada@contoso.example/mailbox-settings', ['fields']],
  ['users/ada@contoso.example/calendar', ['event']],
  ['users/ada@contoso.example/contacts', ['contact']],
  ['users/ada@contoso.example/onedrive', ['text', 'fields']],
  ['users/ada@contoso.example/tasks', ['task']],
  ['users/ada@contoso.example/planner', ['task']],
  ['users/ada@contoso.example/notes', ['page']],
  ['users/ada@contoso.example/chats', ['messages']],
  ['users/ada@contoso.example/profile', ['fields']],
  ['groups/engines@contoso.example/group', ['fields']],
  ['groups/engines@contoso.example/mailbox', ['messages']],
  ['groups/engines@contoso.example/calendar', ['event']],
  ['groups/engines@contoso.example/files', ['text', 'fields']],
  ['groups/engines@contoso.example/planner', ['task']],
  ['groups/engines@contoso.example/notes', ['page']],
  ['groups/engines@contoso.example/teams', ['messages', 'fields']],
  ['sites/contoso.sharepoint.com/sites/engines/site', ['fields']],
  ['sites/contoso.sharepoint.com/sites/engines/libraries', ['text', 'fields']],
  ['sites/contoso.sharepoint.com/sites/engines/lists', ['fields']],
  ['sites/contoso.sharepoint.com/sites/engines/pages', ['page']],
]

describe('a preview', () => {
  it.each(kinds)('shows every item of %s as what it is', async (folder, expected) => {
    const found = new Set<string>()
    for (const { path } of itemsOf(folder)) {
      const preview = await host.ask('browse.preview', { place: host.place, snapshot: whole.snapshot, path })
      found.add(preview.kind)
    }
    expect([...found].sort()).toEqual([...expected].sort())
  })

  it('of a mail has its text, its people and its attachments', async () => {
    const mails = itemsOf(`${whole.user}/mailbox`)
    const withParts = mails.filter(({ hasAttachments }) => hasAttachments)
    expect(withParts.length).toBeGreaterThan(2)
    for (const item of withParts) {
      const { parts, inline, subject } = await previewOf(item, 'mail')
      expect(parts.length + Object.keys(inline).length, subject).toBeGreaterThan(0)
    }
    const plain = await previewOf(
      mails.find(({ title }) => title === 'Re: CVS report'),
      'mail',
    )
    expect(plain.text).toContain('> Date:  Thu, 22 Aug 2002 12:23:38 -0500')
    expect(plain).toMatchObject({
      from: 'Chris Garrigues <cwg-exmh@DeepEddy.Com>',
      to: 'Anders Eriksson <aeriksson@fastmail.fm>, exmh-workers@spamassassin.taint.org',
      date: Date.UTC(2002, 7, 22, 17, 49, 41),
    })
  })

  it('of an event tells whole days as days and repetitions in words', async () => {
    const calendar = `${whole.user}/calendar`
    expect(await previewOf(itemsOf(calendar, 'Holiday')[0], 'event')).toMatchObject({
      ...{ start: '2024-07-01', end: '2024-07-03', allDay: true, recurrence: '' },
    })
    const standUp = await previewOf(itemsOf(calendar, 'Stand-up')[0], 'event')
    expect(standUp.recurrence).toBe('Every week on Monday, Wednesday until 2024-04-24')
    expect(standUp.start).toBe('2024-03-18T08:00:00.000Z')
    expect(standUp.attendees).toEqual([{ name: 'Bob Stone <bob.stone@contoso.example>', response: 'accepted' }])
  })

  it('of a message has the conversation around it with its pictures', async () => {
    const [first] = itemsOf('groups/engines@contoso.example/teams/General')
    const { messages, inline } = await previewOf(first, 'messages')
    expect(messages.map(({ author, reply }) => [author, reply]).slice(0, 2)).toEqual([
      ['ada', false],
      ['grace', true],
    ])
    const [picture] = Object.keys(inline)
    expect(messages[0]?.html).toContain(`src="cid:${picture ?? 'none'}"`)
    const chat = itemsOf(`${whole.user}/chats/Engines & machines`)
    for (const item of chat) {
      const preview = await previewOf(item, 'messages')
      expect(preview.messages.filter(({ reply }) => !reply)).toHaveLength(chat.length)
    }
  })

  it('of a task has its steps, of a contact its photo, of a page its pictures', async () => {
    const task = await previewOf(itemsOf(`${whole.user}/tasks`, 'Plan the move')[0], 'task')
    expect(task.state).toBe('In progress')
    expect(task.fields).toContainEqual({ label: 'Due', value: '2026-03-01' })
    expect(task.checklist.length).toBeGreaterThan(0)
    expect(task.parts.length).toBeGreaterThan(0)
    const photos: (string | null)[] = []
    for (const item of itemsOf(`${whole.user}/contacts`)) photos.push((await previewOf(item, 'contact')).photo)
    expect(photos.filter((photo) => photo?.startsWith('data:image/') === true).length).toBeGreaterThan(0)
    const page = await previewOf(itemsOf(`${whole.user}/notes`, 'Shopping & more')[0], 'page')
    expect(Object.keys(page.inline)).toEqual(['image-1.png'])
    expect(page.html).toContain('src="cid:image-1.png"')
    expect(page.html).not.toContain('/onenote/resources/image')
    expect(page.parts?.map(({ name }) => name)).toContain('bill 1.pdf')
  })

  it('of a list item has what was entered, of a site page what it says', async () => {
    const item = itemsOf('sites/contoso.sharepoint.com/sites/engines/lists/To do/items', 'Call')[0]
    const { fields } = await previewOf(item, 'fields')
    expect(fields).toContainEqual({ label: 'Title', value: 'Call' })
    expect(fields.map(({ label }) => label)).not.toContain('ItemChildCount')
    const page = itemsOf('sites/contoso.sharepoint.com/sites/engines/pages', 'Welcome to Research')[0]
    expect((await previewOf(page, 'page')).html).toContain('Where the <b>instruments</b> are')
  })

  it('of what is not there is refused', async () => {
    const { place } = host
    for (const path of ['', 'users', whole.user, `${whole.user}/mailbox/Inbox/none`, `${whole.user}/nothing/a/b`])
      await expect(host.ask('browse.preview', { place, snapshot: whole.snapshot, path })).rejects.toMatchObject({
        code: 'repository.path-not-found',
      })
    const path = itemsOf(`${whole.user}/tasks`)[0]?.path ?? ''
    const other = 'f'.repeat(64)
    await expect(host.ask('browse.preview', { place, snapshot: other, path })).rejects.toMatchObject({
      code: 'repository.snapshot-not-found',
    })
  })
})

describe('a part', () => {
  async function written(path: string, part: string): Promise<{ readonly bytes: Buffer; readonly name: string }> {
    const asked = { place: host.place, snapshot: whole.snapshot, path, part }
    const named = (await host.askInternally('part.name', asked)) as { name: string; size: number }
    const to = join(host.folder, 'written')
    await host.askInternally('part.write', { ...asked, to })
    const bytes = readFileSync(to)
    expect(bytes.length).toBe(named.size)
    return { bytes, name: named.name }
  }

  /** What `holdfast dump` writes. */
  async function dumped(path: string): Promise<Buffer> {
    const repository = await whole.tenant.scene.open()
    const { tree } = (await whole.tenant.scene.catalog(repository)).snapshots().at(-1) ?? { tree: undefined }
    if (tree === undefined) throw new Error('no snapshot')
    const node = await nodeAt(repository, tree, path)
    if (node === undefined) throw new Error(`no ${path}`)
    return Buffer.from(await storedFile(repository, node).bytes(signal))
  }

  it('of an item is written as it is stored, whatever its layout', async () => {
    const mail = itemsOf(`${whole.user}/mailbox`)[0]?.path ?? ''
    expect((await written(mail, 'content')).bytes.equals(await dumped(`${mail}.eml`))).toBe(true)
    expect((await written(mail, 'metadata')).bytes.equals(await dumped(`${mail}.json`))).toBe(true)
    const file = itemsOf(`${whole.user}/onedrive`, 'large.bin')[0]?.path ?? ''
    const large = await written(file, 'content')
    expect(large.name).toBe('large.bin')
    expect(large.bytes.equals(await dumped(file))).toBe(true)
    const versioned = itemsOf(`${whole.user}/onedrive`, 'plain.txt')[0]
    const { parts } = await previewOf(versioned, 'text')
    const [, newest] = parts ?? []
    const version = await written(versioned?.path ?? '', newest?.part ?? '')
    const stored = `${(versioned?.path ?? '').replace('/files/', '/versions/')}/${newest?.name ?? ''}`
    expect(version.bytes.equals(await dumped(stored))).toBe(true)
    expect(version.bytes.toString()).toBe('plainest')
  })

  it('of a mail is written with its encoding undone', async () => {
    let seen = 0
    for (const item of itemsOf(`${whole.user}/mailbox`).filter(({ hasAttachments }) => hasAttachments)) {
      const { parts } = await previewOf(item, 'mail')
      for (const { part, size } of parts) {
        const { bytes } = await written(item.path, part)
        expect(bytes.length).toBe(size)
        seen++
      }
    }
    expect(seen).toBeGreaterThan(3)
  })

  it('that is none is refused, and nothing is left in the folder', async () => {
    const path = itemsOf(`${whole.user}/mailbox`)[0]?.path ?? ''
    const before = readdirSync(host.folder)
    for (const part of ['', 'mime:999', 'mime:-1', 'mime:1e3', 'file:../../etc/passwd', 'file:', 'content/'])
      await expect(
        host.askInternally('part.write', {
          ...{ place: host.place, snapshot: whole.snapshot, path, part, to: join(host.folder, 'no') },
        }),
      ).rejects.toMatchObject({ code: 'repository.path-not-found' })
    await expect(
      host.askInternally('part.write', {
        ...{ place: host.place, snapshot: whole.snapshot, path, part: 'content', to: join(host.folder, 'a/b/c') },
      }),
    ).rejects.toMatchObject({ code: 'store.not-found' })
    expect(readdirSync(host.folder)).toEqual(before)
  })
})
