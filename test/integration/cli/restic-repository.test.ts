import { execFileSync, spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { messagesOf, PASSPHRASE, requireCode, summaryOf, Workplace } from './program.ts'

const version = spawnSync('restic', ['version'], { encoding: 'utf8' })
const hasRestic = version.status === 0
process.stderr.write(hasRestic ? `beside ${version.stdout}` : 'skipped: restic is not installed\n')

/** Everything below a folder: what it is, who may use it, and the hash of what is in it. */
function contentsOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) return [relative(folder, path), `link to ${readlinkSync(path)}`] as const
    const content = entry.isFile() ? hash('sha256', readFileSync(path)) : 'folder'
    return [relative(folder, path), `${(statSync(path).mode & 0o777).toString(8)} ${content}`] as const
  })
  return Object.fromEntries(entries)
}

describe.skipIf(!hasRestic)('a repository that restic made', () => {
  let place: Workplace
  let source: string

  const restic = (...args: readonly string[]): string => {
    const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE, RESTIC_REPOSITORY: place.repository, HOME: place.folder }
    return execFileSync('restic', ['--no-cache', ...args], { env, encoding: 'utf8' })
  }

  beforeAll(() => {
    place = new Workplace()
    source = place.path('source')
    mkdirSync(`${source}/folder/empty`, { recursive: true })
    for (const [name, size] of [
      ['small.txt', 10],
      ['Grüße 日本.bin', 3_000_000],
      ['folder/below', 700],
    ] as const)
      writeFileSync(`${source}/${name}`, Buffer.alloc(size, name))
    symlinkSync('small.txt', `${source}/link`)
    restic('init', '--repository-version', '2')
    restic('backup', '--host', 'elsewhere', '--tag', 'documents', source)
  })
  afterAll(() => place.remove())

  it('is listed', async () => {
    const listed = await place.json(['snapshots', place.repository])
    requireCode(listed, 0)
    expect(messagesOf(listed, 'snapshot')).toMatchObject([
      { hostname: 'elsewhere', paths: [source], tags: ['documents'] },
    ])
  })

  it('is browsed and searched', async () => {
    const entries = messagesOf(await place.json(['ls', place.repository, 'latest', source]), 'entry')
    expect(entries.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['Grüße 日本.bin', 'item', 3_000_000],
      ['folder', 'folder', undefined],
      ['link', 'item', 0],
      ['small.txt', 'item', 10],
    ])
    expect(summaryOf(await place.json(['find', place.repository, 'small']))).toMatchObject({ found: 0 })
  })

  it('is checked', async () => {
    requireCode(await place.run(['check', place.repository, '--read-data']), 0)
  })

  it('is restored as restic restores it', async () => {
    requireCode(await place.run(['restore', place.repository, 'latest', `--restore-path=${place.path('ours')}`]), 0)
    restic('restore', 'latest', '--target', place.path('theirs'))
    const contents = contentsOf(place.path('theirs'))
    expect(contentsOf(place.path('ours'))).toEqual(contents)
    const changedAt = (whose: string, path: string): number => lstatSync(place.path(whose, path)).mtimeMs
    for (const path of Object.keys(contents).filter((name) => name.endsWith('.txt') || name.endsWith('.bin')))
      expect(Math.abs(changedAt('ours', path) - changedAt('theirs', path))).toBeLessThan(1)
  })

  it('has nothing for a tenant', async () => {
    const env = {
      HOLDFAST_OFFICE365_TENANT_ID: 't',
      HOLDFAST_OFFICE365_CLIENT_ID: 'c',
      HOLDFAST_OFFICE365_CLIENT_SECRET: 's',
    }
    const url = '--restore-path=@office365://users/ada@contoso.example'
    const failed = await place.run(['restore', place.repository, 'latest', url], { env })
    requireCode(failed, 1)
    expect(failed.stderr).toContain('hold nothing that can be restored to a tenant')
  })

  it('takes our locks, and gives its own', async () => {
    requireCode(await place.run(['unlock', place.repository]), 0)
    expect(restic('check')).toContain('no errors were found')
  })
})
