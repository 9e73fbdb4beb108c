import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import yauzl from 'yauzl'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { tenantChats } from '../../support/graph-simulator/services/chats/state.ts'
import { contactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { fillChats } from '../chats/chats-fixture.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { damage } from './damaged-blobs.ts'
import { EVERYTHING, messagesOf, requireCode, summaryOf, Workplace, type Finished } from './program.ts'

const ada = 'ada@contoso.example'
const DAY = '2024-03-05'
const inbox = `users/${ada}/mailbox/Inbox`
const chats = `users/${ada}/chats`

let simulator: GraphSimulator
let place: Workplace
/** Paths of what is damaged. */
let damaged: readonly string[]

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

function failedItems(done: Finished, during: string): readonly unknown[] {
  return messagesOf(done, 'error').map((error) => {
    expect(error).toMatchObject({ during, code: 'repository.blob-damaged' })
    return error.item
  })
}

async function exported(format: string, ...paths: readonly string[]): Promise<{ done: Finished; folder: string }> {
  const folder = place.path(format)
  const done = await place.json(['export', place.repository, 'latest', ...paths, '--format', format, '--to', folder])
  requireCode(done, 3)
  expect(summaryOf(done)).toMatchObject({ failed: messagesOf(done, 'error').length, files: filesBelow(folder).length })
  return { done, folder }
}

function idIn(path: string | undefined): string {
  return / (~[a-z2-7]{10})/.exec(path ?? '')?.[1] ?? ''
}

beforeAll(async () => {
  const messages = ['One', 'Two', 'Three', 'Four'].map((subject, at) => ({
    folder: at === 3 ? ['Inbox', 'Projects'] : 'inbox',
    mime: mail(subject, { body: 'Hello' }),
    receivedDateTime: `${DAY}T08:0${String(at)}:00Z`,
  }))
  const folders = [{ displayName: 'Projects', parent: 'inbox' }]
  const users = [ada, 'grace@contoso.example', 'alan@contoso.example'].map((user, at) => ({
    userPrincipalName: user,
    ...(at === 0 ? { messages, folders } : {}),
  }))
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  for (const name of ['Garth', 'Wayne']) contactsState(simulator.tenant).add(ada, '', { displayName: name })
  fillChats(tenantChats(simulator.tenant))
  for (const name of ['plan', 'other']) drivesOf(simulator.tenant).addFile(ada, `${name}.txt`, `the ${name}`)
  place = new Workplace(simulator)
  await place.init()
  requireCode(await place.run(['backup', place.repository], { env: EVERYTHING }), 0)
  damaged = await damage(place.repository, [
    /Inbox\/2024-03\/[^/]*One [^/]*\.json$/,
    /Inbox\/2024-03\/[^/]*Two [^/]*\.eml$/,
    /Inbox\/Projects$/,
    /contacts\/.*Garth[^/]*\.json$/,
    /onedrive\/[^/]*\/files\/plan\.txt$/,
    /^users\/ada.*\/chats\/Engines[^/]*\/\d{4}-\d\d\/[^/]*\.json$/,
    /^users\/ada.*\/chats\/Engines[^/]*\/attachments\/[^/]*\/[^/]*$/,
  ])
})
afterAll(async () => {
  place.remove()
  await simulator.close()
})

describe('an export of what is damaged', () => {
  it('has all other messages, and nothing of the damaged ones', async () => {
    const { done, folder } = await exported('eml')
    expect(filesBelow(folder)).toEqual([`${inbox}/${DAY} 08.00.00 One.eml`, `${inbox}/${DAY} 08.02.00 Three.eml`])
    expect(failedItems(done, 'export')).toEqual([`${inbox} ${idIn(damaged[1])}`, `${inbox}/Projects`])
  })

  it('has an mbox of the other messages', async () => {
    const { done, folder } = await exported('mbox')
    expect(filesBelow(folder)).toEqual([`${inbox}.mbox`])
    const subjects = readFileSync(join(folder, `${inbox}.mbox`), 'latin1').match(/^Subject: .*$/gm)
    expect(subjects).toEqual(['Subject: Three'])
    expect(failedItems(done, 'export')).toHaveLength(3)
  })

  it('has tables, cards and files of the others', async () => {
    for (const format of ['csv', 'vcf']) {
      const { done, folder } = await exported(format, `users/${ada}/contacts`)
      const [file = ''] = filesBelow(folder)
      const text = readFileSync(join(folder, file), 'utf8')
      expect(text).toContain('Wayne')
      expect(text).not.toContain('Garth')
      expect(failedItems(done, 'export')).toEqual([expect.stringContaining(idIn(damaged[3]))])
    }
    const { folder } = await exported('files')
    expect(filesBelow(folder).map((name) => name.slice(name.lastIndexOf('/') + 1))).toEqual(['other.txt'])
  })

  it('has a zip that can be read to its end', async () => {
    const { done, folder } = await exported('zip', `users/${ada}`)
    const zip = await yauzl.openPromise(join(folder, filesBelow(folder)[0] ?? ''), { autoClose: false })
    const names: string[] = []
    for await (const entry of zip.eachEntry()) {
      names.push(entry.fileName)
      // Fails if the sums are wrong.
      if (!entry.fileName.endsWith('/')) await Array.fromAsync(await zip.openReadStreamPromise(entry))
    }
    zip.close()
    expect(names.filter((name) => damaged.includes(name))).toEqual([])
    expect(names.filter((name) => name.endsWith('.eml'))).toHaveLength(2)
    expect(failedItems(done, 'export')).toHaveLength(damaged.length)
    expect(summaryOf(done)).toMatchObject({ items: names.filter((name) => !name.endsWith('/')).length })
  })

  it('has pages of all chats, which say that something is missing, and lists pictures that are damaged, too', async () => {
    const { done, folder } = await exported('html', chats)
    const pages = filesBelow(folder).filter((name) => name.startsWith(chats) && name.endsWith('transcript.html'))
    expect(pages).toHaveLength(3)
    const note = 'damaged in the backup, and missing here'
    const told = pages.filter((name) => readFileSync(join(folder, name), 'utf8').includes(note))
    expect(told).toEqual([expect.stringContaining('Engines')])
    expect(failedItems(done, 'export')).toHaveLength(2)
    expect(filesBelow(folder)).not.toContain(damaged[6])
  })

  it('is told to people, by what the items are called in reports', async () => {
    const to = ['--to', place.path('told')]
    const done = await place.run(['export', place.repository, 'latest', inbox, '--format', 'eml', ...to])
    requireCode(done, 3)
    expect(done.stderr).toContain(
      `warning: 2 items failed:\n  ${inbox} ${idIn(damaged[1])}: the stored data is damaged\n  ${inbox}/Projects: the stored data is damaged\n`,
    )
    expect(done.stdout).toContain('Wrote 2 items into 2 files in ')
  })
})

describe('a restore of damaged chats to disk', () => {
  it('ends with its report, which names everything once', async () => {
    const target = place.path('restored')
    const done = await place.json(['restore', place.repository, 'latest', chats, '--restore-path', target])
    requireCode(done, 3)
    expect(failedItems(done, 'restore')).toHaveLength(2)
    const { report, files_failed } = summaryOf(done)
    expect(files_failed).toBe(2)
    const lines = readFileSync(String(report), 'utf8').trimEnd().split('\n')
    expect(lines.filter((line) => line.includes('"outcome":"failed"'))).toHaveLength(2)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'summary', failed: 2 })
    expect(filesBelow(target).filter((name) => name.endsWith('transcript.html'))).toHaveLength(3)
  })

  it('writes no page through a link', async () => {
    const target = place.path('linked')
    const outside = place.path('outside')
    mkdirSync(join(target, 'users', ada), { recursive: true })
    mkdirSync(outside)
    symlinkSync(outside, join(target, chats))
    const done = await place.json(['restore', place.repository, 'latest', chats, '--restore-path', target])
    requireCode(done, 3)
    expect(messagesOf(done, 'error').map(({ code }) => code)).toContain('restore.target-exists')
    expect(readdirSync(outside)).toEqual([])
  })
})

describe('a dry run of a restore to disk', () => {
  it('tells what is there already, and what collides', async () => {
    const target = place.path('dry')
    const args = ['restore', place.repository, 'latest', `users/${ada}/onedrive`, '--restore-path', target]
    const { files_restored: restored } = summaryOf(await place.json(args))
    const other = filesBelow(target).find((name) => name.endsWith('files/other.txt')) ?? ''
    writeFileSync(join(target, other), 'mine')
    const dry = await place.json([...args, '--dry-run'])
    requireCode(dry, 3)
    expect(summaryOf(dry)).toMatchObject({
      dry_run: true,
      files_restored: 1, // the damaged one, which only reading it would show
      files_skipped: Number(restored) - 1,
      files_failed: 1,
      collisions: 1,
      total_bytes: 'the plan'.length,
    })
    expect(messagesOf(dry, 'error')).toMatchObject([{ item: other, code: 'restore.target-exists' }])
    const told = await place.run([...args, '--dry-run'])
    expect(told.stdout).toContain('Would restore 1 file, ')
    expect(told.stdout).toContain('there already with the same content.')
    expect(told.stdout).toContain('1 name is taken by something else, which would stay as it is.')
    expect(told.stderr).toContain('warning: 1 file would fail:\n')
    expect(readFileSync(join(target, other), 'utf8')).toBe('mine')
  })
})
