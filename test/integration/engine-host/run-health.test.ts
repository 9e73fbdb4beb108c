import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { acquireLock } from '../../../src-main/engine/repository/locks.ts'
import { openRepository } from '../../../src-main/engine/repository/repository.ts'
import { systemClock } from '../../support/system-clock.ts'
import { requireCode, Workplace, type Finished } from '../cli/program.ts'
import { grace, HostScene, passphrase, vaultPassphrase } from './host-scene.ts'

describe('what the engine host says of a run', () => {
  let scene: HostScene
  let terminal: Workplace

  beforeAll(async () => {
    scene = await HostScene.open()
    await scene.signIn()
    await scene.createRepository()
    terminal = new Workplace(scene.simulator)
  })
  afterAll(async () => {
    terminal.remove()
    await scene.close()
  })

  /** The command line with the profile of the desktop. */
  const holdfast = async (...args: readonly string[]): Promise<Finished> => {
    const vault = { HOLDFAST_VAULT: join(scene.folder, 'vault'), HOLDFAST_VAULT_PASSPHRASE: vaultPassphrase }
    const env = { ...vault, HOLDFAST_PROFILE: scene.profile, HOLDFAST_PASSPHRASE: passphrase }
    return await terminal.run(args, { env })
  }

  it('is that all was backed up, where what comes after it failed', async () => {
    const { host } = scene
    const prune = { everyDays: 1 }
    const plan = await scene.savePlan({ retention: { ...scene.draft().retention, last: 1 }, prune })
    const { store, sealer } = await openRepository({ store: createLocalFolder(scene.repository), passphrase })
    // Backups run beside a reader, a prune does not.
    const reader = await acquireLock({ store, sealer, clock: systemClock, exclusive: false })
    const failed = await host.ended((await host.value('plans.run', { plan })).operation)
    expect(failed).toMatchObject({ outcome: 'failed', problem: { code: 'repository.locked' } })
    expect((await host.value('plans.list', {}))[0]).toMatchObject({
      lastRun: { outcome: 'failed', items: 3, unread: 0 },
      attention: [{ kind: 'upkeep-failed', level: 'attention', problem: { code: 'repository.locked' } }],
    })
    await reader.release()
    expect(await host.ended((await host.value('plans.run', { plan })).operation)).toMatchObject({ outcome: 'done' })
    expect((await host.value('plans.list', {}))[0]?.attention).toEqual([])
    await host.value('plans.remove', { plan })
  })

  it('is that a run of the command line kept no report, and its snapshot has the list', async () => {
    const { host, simulator } = scene
    const roots = [{ kind: 'user', name: grace }] as const
    const sources = scene.draft().sources.map((source) => ({ ...source, roots: [...roots] }))
    const plan = await scene.savePlan({ name: 'Terminal', sources })
    simulator.faults.add({
      kind: 'corrupt',
      match: { route: 'users/{user}/messages/{message}/$value' },
      perPath: 9,
      count: 9,
    })
    requireCode(await holdfast('run', plan), 3)
    simulator.faults.clear()
    const [run] = (await host.value('runs.list', { plan, cursor: null })).rows
    const { row, reports, reportFile } = await host.value('runs.get', { run: run?.run ?? '' })
    expect([row.unread, reportFile]).toEqual([3, null])
    const snapshot = String(reports['backup 1']?.snapshot).slice(0, 8)
    const list = await holdfast('cat', scene.repository, snapshot, '.holdfast/run.json')
    requireCode(list, 0)
    expect((JSON.parse(list.stdout) as { unread: unknown[] }).unread).toHaveLength(3)
  })
})
