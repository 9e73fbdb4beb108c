import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { EngineError, isEngineError } from '../../../src-main/engine/model/errors.ts'
import { BackupScene, sceneClient } from '../../support/backup-scene.ts'
import { createFaultyStore, failWhere } from '../../support/faulty-store.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { requireCode, Workplace, type Finished } from './program.ts'

/** Mounts in a name space of the process's own: nothing is left behind, and where it is allowed nobody has to be root. */
const UNSHARE = ['unshare', '--map-root-user', '--mount', 'sh', '-ec']
const canMount = spawnSync(UNSHARE[0] ?? '', [...UNSHARE.slice(1), 'mount -t tmpfs tmpfs /mnt']).status === 0
process.stderr.write(
  canMount
    ? 'full disk and read-only folder: real file systems\n'
    : 'full disk and read-only folder: faults in the store, as this system does not allow mounts\n',
)

const MEBIBYTE = 1024 * 1024

/** A mail that cannot be compressed. */
function bigMail(subject: string): string {
  const body = randomBytes(MEBIBYTE).toString('base64').replaceAll(/.{76}/g, '$&\r\n')
  return mail(subject, { body })
}

describe('a full disk and a read-only folder', () => {
  let simulator: GraphSimulator
  let place: Workplace

  beforeAll(async () => {
    const messages = Array.from({ length: 12 }, (_, at) => ({ folder: 'inbox', mime: bigMail(`Big ${at}`) }))
    const users = [{ userPrincipalName: 'ada@contoso.example', displayName: 'Ada', messages }]
    simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
    place = new Workplace(simulator)
    await place.init()
  })
  afterAll(async () => {
    place.remove()
    await simulator.close()
  })

  /** Runs the program after the shell commands, with the mounts that they make. */
  const within = (commands: string, args: readonly string[]): Promise<Finished> =>
    place.run(args, { wrapper: [...UNSHARE, `${commands}; exec "$@"`, 'sh'] })

  describe.skipIf(!canMount)('(real file systems)', () => {
    it('full: says so in one sentence, and goes on when there is room', async () => {
      const small = place.path('small')
      mkdirSync(small)
      const fill = `mount -t tmpfs -o size=6m tmpfs ${small}; cp -r ${place.repository} ${small}/repository`
      const failed = await within(fill, ['backup', `${small}/repository`, '--pack-size', '4'])
      requireCode(failed, 1)
      expect(failed.stderr).toBe(
        `holdfast: There is no room left in ${small}/repository: make room and run the command again, what is stored already is used.\n`,
      )
    })

    it('read-only: refuses to back up, and restores all the same', async () => {
      requireCode(await place.run(['backup', place.repository]), 0)
      const freeze = `mount --bind ${place.repository} ${place.repository}; mount -o remount,bind,ro ${place.repository}`
      const failed = await within(freeze, ['backup', place.repository])
      requireCode(failed, 1)
      expect(failed.stderr).toBe(
        `holdfast: ${place.repository} is read-only: make it writable, or choose another place.\n`,
      )
      const restored = await within(freeze, [
        'restore',
        place.repository,
        'latest',
        `--restore-path=${place.path('out')}`,
      ])
      requireCode(restored, 0)
      expect(restored.stderr).toContain('so it is read without a lock')
      requireCode(await within(freeze, ['check', place.repository]), 0)
    })

    it('full: a restore names its target', async () => {
      const target = place.path('target')
      mkdirSync(target)
      const shrink = `mount -t tmpfs -o size=2m tmpfs ${target}`
      const failed = await within(shrink, ['restore', place.repository, 'latest', `--restore-path=${target}/below`])
      requireCode(failed, 1)
      expect(failed.stderr).toContain(`There is no room left in ${target}/below`)
    })
  })

  describe.skipIf(canMount)('(faults in the store)', () => {
    it.each(['store.full', 'store.read-only'] as const)('%s ends the run with a sentence', async (code) => {
      const failing = failWhere(
        ({ method, name }) => method === 'put' && name.startsWith('data/'),
        new EngineError(code),
      )
      const scene = new BackupScene(undefined, (store) => createFaultyStore(store, failing))
      await scene.init()
      const client = await sceneClient(simulator)
      const error: unknown = await scene.backUp(client).catch((thrown: unknown) => thrown)
      await client.close()
      expect(isEngineError(error, code)).toBe(true)
      expect(errorSentence(code, { place: createLocalFolder(scene.repository).location })).toContain(scene.repository)
      scene.remove()
    })
  })
})
