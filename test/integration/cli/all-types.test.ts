import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { tenantChats } from '../../support/graph-simulator/services/chats/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { fillChats } from '../chats/chats-fixture.ts'
import { EVERYTHING, messagesOf, requireCode, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'
const moon = `users/${ada}/onedrive/OneDrive/files/Projects/Moon`

let simulator: GraphSimulator
let place: Workplace

beforeAll(async () => {
  const names = [ada, 'grace@contoso.example', 'alan@contoso.example']
  const users = names.map((userPrincipalName) => ({ userPrincipalName }))
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  fillChats(tenantChats(simulator.tenant))
  const drives = drivesOf(simulator.tenant)
  drives.removeDrive('alan@contoso.example', 'mysite')
  drives.addFile(ada, 'Projects/Moon/plan.txt', 'to the moon')
  // Names that one of them ends where the other goes on.
  drives.addFile(ada, 'Projects/Moon/plan', 'to the moon?')
  drives.addFile(ada, 'Projects/Moon/plan.txt.json', '{}')
  drives.addFile(ada, 'Projects/large.bin', Buffer.alloc(200_000, 1))
  place = new Workplace(simulator)
  await place.init()
})

afterAll(async () => {
  place.remove()
  await simulator.close()
})

describe('all data types through the command line', () => {
  it('are backed up by default; what the sign-in does not allow is said once', async () => {
    const done = await place.json(['backup', place.repository], { env: EVERYTHING })
    requireCode(done, 0)
    const notices = summaryOf(done).notices as readonly { readonly path: string; readonly code: string }[]
    expect(notices.filter(({ code }) => code === 'graph.not-for-app-only')).toMatchObject([
      { path: 'users/*/notes', roots: 3 },
    ])
    expect(notices.filter(({ code }) => code === 'graph.no-drive')).toMatchObject([
      { path: 'users/alan@contoso.example/onedrive' },
    ])
  })

  it('come out of the repository as files, chats with a page to read', async () => {
    const target = place.path('restored')
    requireCode(await place.run(['restore', place.repository, 'latest', '--restore-path', target]), 0)
    const own = join(target, 'users', ada)
    expect(readFileSync(join(own, 'onedrive/OneDrive/files/Projects/Moon/plan.txt'), 'utf8')).toBe('to the moon')
    expect(existsSync(join(own, 'onedrive/OneDrive/metadata/Projects/Moon/plan.txt.json'))).toBe(true)
    expect(existsSync(join(own, 'profile/user/profile.json'))).toBe(true)
    const listed = await place.json(['ls', place.repository, 'latest', `users/${ada}/chats`])
    const chats = messagesOf(listed, 'entry').map(({ name }) => String(name))
    expect(chats.length).toBeGreaterThan(0)
    for (const chat of chats)
      expect(readFileSync(join(own, 'chats', chat, 'transcript.html'), 'utf8')).toContain('<!DOCTYPE html>')
  })

  it('are left out by what a filter says, when backing up and when restoring', async () => {
    const args = ['backup', place.repository, '--include', 'type:files', '--exclude', 'size>100KB']
    requireCode(await place.run(args, { env: EVERYTHING }), 0)
    const listed = await place.json(['ls', place.repository, 'latest', `users/${ada}/onedrive/OneDrive/files/Projects`])
    expect(messagesOf(listed, 'entry').map(({ name }) => name)).toEqual(['Moon'])
    const types = await place.json(['ls', place.repository, 'latest', `users/${ada}`])
    expect(messagesOf(types, 'entry').map(({ name }) => name)).toEqual(['onedrive'])
    // Everything again, and nothing of it is read from Graph a second time.
    simulator.log.clear()
    requireCode(await place.run(['backup', place.repository], { env: EVERYTHING }), 0)
    expect(simulator.log.count({ content: true })).toBe(0)
    const target = place.path('some')
    const restore = [
      'restore',
      place.repository,
      'latest',
      '--restore-path',
      target,
      '--include',
      'users/*/onedrive/**/Moon',
    ]
    requireCode(await place.run(restore), 0)
    expect(existsSync(join(target, `users/${ada}/onedrive/OneDrive/files/Projects/Moon/plan.txt`))).toBe(true)
    expect(existsSync(join(target, `users/${ada}/onedrive/OneDrive/files/Projects/large.bin`))).toBe(false)
    expect(existsSync(join(target, `users/${ada}/profile`))).toBe(false)
  })

  it('say when a folder that was named is not there', async () => {
    const args = ['backup', place.repository, '--exclude', `users/${ada}/onedrive/OneDrive/files/Porjects`]
    const { stderr } = await place.run(args, { env: EVERYTHING })
    expect(stderr).toContain('No folder fits "users/ada@contoso.example/onedrive/OneDrive/files/Porjects"')
  })

  it('go into another user, files beside what is there', async () => {
    const drives = drivesOf(simulator.tenant)
    const where = `@office365://users/grace@contoso.example`
    const args = ['restore', place.repository, 'latest', `users/${ada}/onedrive`, '--restore-path', where]
    const dry = await place.json([...args, '--dry-run'], { env: EVERYTHING })
    requireCode(dry, 0)
    expect(summaryOf(dry)).toMatchObject({ dry_run: true, items_created: 4 })
    expect(Number(summaryOf(dry).requests_expected)).toBeGreaterThan(1)
    expect(drives.dump('grace@contoso.example').filter(({ path }) => path.endsWith('.txt'))).toEqual([])
    requireCode(await place.json(args, { env: EVERYTHING }), 0)
    expect(drives.dump('grace@contoso.example').map(({ path }) => path)).toContain('Restored/Projects/Moon/plan.txt')
    expect(drives.sharingMails).toBe(0)
  })

  it('go into another user one file at a time, too', async () => {
    const drives = drivesOf(simulator.tenant)
    for (const name of ['plan.txt', 'plan.txt.json']) {
      const where = ['--restore-path', '@office365://users/grace@contoso.example', '--target-folder', `One ${name}`]
      const args = ['restore', place.repository, 'latest', `${moon}/${name}`, ...where]
      const done = await place.json(args, { env: EVERYTHING })
      requireCode(done, 0)
      expect(summaryOf(done)).toMatchObject({ items_created: 1 })
      const paths = drives.dump('grace@contoso.example').map(({ path }) => path)
      expect(paths.filter((path) => path.startsWith(`One ${name}/Projects/Moon/`))).toEqual([
        `One ${name}/Projects/Moon/${name}`,
      ])
    }
  })

  it('are exported one file at a time, too', async () => {
    const args = ['export', place.repository, 'latest', `${moon}/plan.txt`, '--format', 'files']
    const done = await place.json([...args, '--to', place.path('one')])
    requireCode(done, 0)
    expect(summaryOf(done)).toMatchObject({ items: 1, files: 1 })
  })
})
