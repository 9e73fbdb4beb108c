import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { hasRestic, restic } from '../repository/restic.ts'
import { downloadFolder } from './download-folder.ts'
import { messagesOf, PASSPHRASE, requireCode, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'
const vaultPassphrase = 'the passphrase of this vault'
const SESSION = 'drives/{drive}/items/{item}/uploadSession'
const BEGIN = 'drives/{drive}/items/{item}/createUploadSession'
const KiB = 1024
const FRAGMENT = 320 * KiB
const MESSAGES = 60
/** Three packs of 4 MiB and some more. */
const BODY = 200 * KiB

let simulator: GraphSimulator
let place: Workplace

beforeAll(async () => {
  const messages = Array.from({ length: MESSAGES }, (_, number) => ({
    folder: 'inbox',
    mime: mail(`Message ${String(number)}`, { body: randomBytes(BODY).toString('base64') }),
  }))
  simulator = await startGraphSimulator({
    tenant: { kind: 'inline', users: [{ userPrincipalName: ada, displayName: 'Ada', messages }] },
  })
  place = new Workplace(simulator)
  const login = ['login', '--app-only', '--account', 'store', '--types', 'mail,onedrive-destination']
  requireCode(await place.run(login, vault), 0)
})
afterAll(async () => {
  place.remove()
  await simulator.close()
})

const vault = {
  get env() {
    return { HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase, HOLDFAST_VAULT: place.path('vault') }
  },
}

const backup = (url: string): readonly string[] => [
  ...['backup', url, '--json', '--verbose', '--pack-size', '4'],
  ...['--fragment-size', `${String(FRAGMENT / KiB)}KiB`],
]

/** Calls when so many fragments have been answered with 202: a session is then in its middle. */
function whenAccepted(count: number, call: () => void): void {
  const { log } = simulator
  const add = log.add.bind(log)
  let left = count
  log.add = (entry) => {
    add(entry)
    if (entry.route === SESSION && entry.status === 202 && --left === 0) call()
  }
}

/** Bytes of fragments that sessions took. */
const accepted = (): number =>
  simulator.log
    .entries({ method: 'PUT', route: SESSION })
    .filter(({ status }) => status === 202 || status === 201)
    .reduce((sum, { bytesIn }) => sum + bytesIn, 0)

/** Packs that are so large that they went up by a session, with their sizes. */
function largePacks(folder: string): readonly number[] {
  return readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
    .filter((size) => size > FRAGMENT)
}

const uploads = (): string => join(place.profile, 'uploads')

/** Of each destination one. */
function spools(): readonly string[] {
  return existsSync(uploads()) ? readdirSync(uploads()).filter((name) => name.endsWith('.packs')) : []
}

describe('a backup that is killed while packs are uploaded', () => {
  it.each([9, 18, 31])(
    'is continued by the next one, which sends what is missing (after %i fragments)',
    async (after) => {
      const folder = `Backups/after ${String(after)}`
      const url = `onedrivev2://${folder.replaceAll(' ', '%20')}?authid=store&user=${ada}`
      requireCode(await place.run(['init', url], vault), 0)
      simulator.log.clear()
      const others = new Set(spools())
      const killed = await place.run(backup(url), {
        ...vault,
        onStart: (kill) => {
          whenAccepted(after, () => {
            kill('SIGKILL')
          })
        },
      })
      expect(killed.code).toBe(null)
      const [spool = ''] = spools().filter((name) => !others.has(name))
      const kept = readdirSync(join(uploads(), spool)).filter((name) => /^[0-9a-f]{64}$/.test(name))
      expect(kept.length).toBeGreaterThan(0)
      expect(kept.length).toBeLessThanOrEqual(4)
      const before = accepted()
      expect(before).toBeGreaterThanOrEqual(after * FRAGMENT)

      const done = await place.run(backup(url), vault)
      requireCode(done, 0)
      expect(done.stderr).toMatch(/Finished \d uploads? that an interrupted run had begun\./)
      expect(summaryOf(done)).toMatchObject({ total_items: MESSAGES, items_unread: 0 })
      const copy = place.path(`copy after ${String(after)}`)
      await downloadFolder(simulator, { drive: drivesOf(simulator.tenant).driveIds(ada)[0] ?? '', path: folder }, copy)
      const packs = largePacks(copy)
      // No byte that a session took was sent again, and no pack was sealed anew.
      expect(accepted()).toBe(packs.reduce((sum, size) => sum + size, 0))
      // A session whose address the kill took before it was written down is begun once more.
      const begun = simulator.log.count({ method: 'POST', route: BEGIN })
      expect(begun).toBeGreaterThanOrEqual(packs.length)
      expect(begun).toBeLessThanOrEqual(packs.length + kept.length)
      expect(readdirSync(join(uploads(), spool))).toEqual(['arrived'])
      expect(readdirSync(uploads()).filter((name) => name.endsWith('.lock'))).toEqual([])

      requireCode(await place.run(['unlock', url, '--remove-all'], vault), 0)
      const checked = await place.run(['check', url, '--read-data', '--json'], vault)
      requireCode(checked, 0)
      expect(summaryOf(checked)).toMatchObject({ num_errors: 0, unused_packs: 0, snapshots: 1 })
      expect(messagesOf(checked, 'error')).toEqual([])
      if (!hasRestic) return
      expect(await restic(copy, ['check', '--read-data'], { passphrase: PASSPHRASE })).toContain('no errors were found')
    },
  )
})
