import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { hasRestic, restic } from '../repository/restic.ts'
import { messagesOf, PASSPHRASE, requireCode, summaryOf, Workplace, type Message } from './program.ts'

const ada = 'ada@contoso.example'
const OTHER = 'another passphrase'
const both = { HOLDFAST_FROM_PASSPHRASE: PASSPHRASE, HOLDFAST_PASSPHRASE: OTHER }

let simulator: GraphSimulator
let place: Workplace
let second: string
let planned: Message

beforeAll(async () => {
  const messages = [1, 2, 3].map((number) => ({
    folder: 'inbox',
    mime: mail(`Message ${number}`, { body: `text ${number} `.repeat(9_000) }),
    receivedDateTime: `2024-03-0${number}T08:01:00Z`,
  }))
  simulator = await startGraphSimulator({
    tenant: { kind: 'inline', users: [{ userPrincipalName: ada, messages }] },
  })
  place = new Workplace(simulator)
  second = place.path('second')
  await place.init()
  const key = { cost: { N: 1024, r: 8, p: 1 } }
  await initRepository({ store: createLocalFolder(second), passphrase: OTHER, key })
  for (const run of [1, 2]) {
    requireCode(await place.run(['backup', place.repository]), 0)
    if (run === 1) simulator.tenant.addMessage(ada, 'inbox', mail('Another one'))
  }
})

afterAll(async () => {
  place.remove()
  await simulator.close()
})

const copy = (args: readonly string[], env: Readonly<Record<string, string>> = both) =>
  place.json(['copy', place.repository, second, ...args], { env })

/** The mails below a folder. */
function mailsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.eml'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .sort()
}

describe('holdfast copy', () => {
  it('refuses a wrong passphrase of either, an unknown snapshot, and a copy to itself', async () => {
    requireCode(await copy([], { ...both, HOLDFAST_PASSPHRASE: PASSPHRASE }), 12)
    requireCode(await copy([], { ...both, HOLDFAST_FROM_PASSPHRASE: OTHER }), 12)
    requireCode(await copy(['0123456789']), 1)
    const itself = await place.run(['copy', place.repository, place.repository], {
      env: { ...both, HOLDFAST_PASSPHRASE: PASSPHRASE },
    })
    requireCode(itself, 2)
    expect(itself.stderr).toContain('Both places have the same repository')
    const without = await place.run(['copy', place.repository, second], { env: { HOLDFAST_PASSPHRASE: OTHER } })
    requireCode(without, 2)
    expect(without.stderr).toContain('set HOLDFAST_FROM_PASSPHRASE, or name a file with --from-passphrase-file')
  })

  it('tells what it would copy and writes nothing, and copying then does that', async () => {
    const files = (): unknown => readdirSync(second, { recursive: true, encoding: 'utf8' }).sort()
    const before = files()
    const all = await copy(['--dry-run'])
    requireCode(all, 0)
    expect(summaryOf(all)).toMatchObject({ dry_run: true, snapshots: 2, present: 0, failed: 0 })
    const one = await copy(['latest', '--dry-run'])
    expect(summaryOf(one)).toMatchObject({ snapshots: 1 })
    expect(files()).toEqual(before)
    planned = summaryOf(one)
    expect(Number(planned.bytes)).toBeLessThan(Number(summaryOf(all).bytes))
  })

  it('brings the snapshots that are named, and then the missing ones, without asking Graph', async () => {
    simulator.log.clear()
    const newest = await copy(['latest'])
    requireCode(newest, 0)
    expect(summaryOf(newest)).toMatchObject({ copied: 1, present: 0, failed: 0, blobs: planned.blobs })
    // Beside the blobs, packs have headers.
    const headers = Number(summaryOf(newest).bytes) - Number(planned.bytes)
    expect(headers).toBeGreaterThan(0)
    expect(headers).toBeLessThan(10_000)
    const file = place.path('passphrase')
    writeFileSync(file, `${PASSPHRASE}\n`, { mode: 0o600 })
    const rest = await copy(['--from-passphrase-file', file], { HOLDFAST_PASSPHRASE: OTHER })
    requireCode(rest, 0)
    expect(summaryOf(rest)).toMatchObject({ copied: 1, present: 1, failed: 0 })
    expect(summaryOf(await copy([]))).toMatchObject({ copied: 0, present: 2, blobs: 0 })
    expect(summaryOf(await copy(['--dry-run']))).toMatchObject({ snapshots: 0, present: 2, blobs: 0, bytes: 0 })
    expect(simulator.log.count()).toBe(0)
  })

  it('leaves a repository that restores and checks by itself', async () => {
    const env = { HOLDFAST_PASSPHRASE: OTHER }
    expect(messagesOf(await place.json(['snapshots', second], { env }), 'snapshot')).toHaveLength(2)
    requireCode(await place.run(['check', second, '--read-data'], { env }), 0)
    requireCode(await place.run(['restore', second, 'latest', '--restore-path', place.path('a')], { env }), 0)
    requireCode(await place.run(['restore', place.repository, 'latest', '--restore-path', place.path('b')]), 0)
    expect(mailsIn(place.path('a'))).toEqual(mailsIn(place.path('b')))
    expect(mailsIn(place.path('a'))).toHaveLength(4)
    if (hasRestic)
      expect(await restic(second, ['check', '--read-data'], { passphrase: OTHER })).toContain('no errors were found')
  })
})
