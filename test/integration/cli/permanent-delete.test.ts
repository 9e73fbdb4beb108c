import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { requireCode, Workplace, type Finished } from './program.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
const ROUTE = 'drives/{drive}/items/{item}/permanentDelete'

let simulator: GraphSimulator
let place: Workplace

beforeAll(async () => {
  const users = [ada, grace].map((userPrincipalName) => ({
    userPrincipalName,
    messages: [{ folder: 'inbox', mime: mail(`To ${userPrincipalName}`, { body: 'text '.repeat(2_000) }) }],
  }))
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  place = new Workplace(simulator)
  const login = ['login', '--app-only', '--account', 'store', '--types', 'mail,onedrive-destination']
  requireCode(await run(login), 0)
})
afterAll(async () => {
  place.remove()
  await simulator.close()
})

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const vault = { HOLDFAST_VAULT: place.path('vault'), HOLDFAST_VAULT_PASSPHRASE: 'the passphrase of this vault' }
  return place.run(args, { env: { ...vault, ...env } })
}

/** A repository with two snapshots, of which only the first needs what is Ada's. */
async function withTwo(folder: string): Promise<string> {
  const url = `onedrivev2://Backups/${folder}?authid=store&user=${ada}`
  for (const args of [
    ['init', url],
    ['backup', url],
    ['backup', url, '--include', `users/${grace}`],
  ])
    requireCode(await run(args), 0)
  return url
}

async function keepLast(url: string, more: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> {
  const rules = ['--keep-last', '1', '--group-by', 'host', '--prune', '--max-unused', '0']
  const done = await run(['forget', url, ...rules, ...more], env)
  requireCode(done, 0)
  expect(done.stdout).toContain('1 snapshot')
  return done.stderr
}

function recycled(): number {
  const drives = drivesOf(simulator.tenant)
  return drives.drive(drives.driveIds(ada)[0] ?? '').recycledBytes
}

describe('pruned packs of a repository in OneDrive', () => {
  it('go into the recycle bin', async () => {
    const url = await withTwo('kept')
    const before = recycled()
    await keepLast(url, [])
    expect(recycled()).toBeGreaterThan(before)
    expect(simulator.log.count({ route: ROUTE })).toBe(0)
  })

  it('go past it with --permanent-delete, and nothing else goes there', async () => {
    const url = await withTwo('gone')
    const before = recycled()
    expect(await keepLast(url, ['--permanent-delete'])).toBe('')
    expect(simulator.log.count({ route: ROUTE, method: 'POST' })).toBeGreaterThan(2)
    requireCode(await run(['check', url, '--read-data', '--permanent-delete']), 0)
    expect(recycled()).toBe(before)
  })

  it('go into it where Microsoft 365 refuses, which is said once', async () => {
    const url = await withTwo('refused')
    const before = recycled()
    simulator.faults.add({ kind: 'status', status: 403, code: 'accessDenied', match: { route: ROUTE } })
    const said = await keepLast(url, [], { HOLDFAST_PERMANENT_DELETE: 'yes' })
    expect(recycled()).toBeGreaterThan(before)
    expect(said.match(/recycle bin/g)).toHaveLength(1)
  })
})
