import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BackupProcessReport, KillPoint } from '../../support/backup-process.ts'
import { BackupScene } from '../../support/backup-scene.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { inlineMails } from '../../support/inline-mails.ts'
import { servedState } from '../../support/mail-state.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { contentOf, durableItems, expectSound, runProcess } from './kill-fixture.ts'

const ada = 'ada@contoso.example'
const folders = ['inbox', 'archive', 'Projects', 'Projects/Deep', 'Lists', 'drafts']
const each = 50
const fresh = 25
const inSequence = 25
const seed = Number(process.env.KILL_SEED ?? 20_260_821)
const minutes = 60_000

let simulator: GraphSimulator
const scenes: BackupScene[] = []

beforeAll(async () => {
  simulator = await startGraphSimulator({
    // Fifty runs of one mailbox within minutes ask for more than Graph's 10,000 requests in ten.
    throttling: { requestsPerWindow: Number.MAX_SAFE_INTEGER },
    tenant: {
      kind: 'inline',
      users: [
        {
          userPrincipalName: ada,
          folders: [{ displayName: 'Projects' }, { displayName: 'Deep', parent: 'Projects' }, { displayName: 'Lists' }],
          messages: inlineMails(folders, each),
        },
      ],
    },
  })
  console.log(`kill points are drawn with KILL_SEED=${String(seed)}`)
})

afterAll(async () => {
  for (const scene of scenes) scene.remove()
  await simulator.close()
})

async function newScene(): Promise<BackupScene> {
  const scene = new BackupScene()
  scenes.push(scene)
  await scene.init()
  return scene
}

async function finished(scene: BackupScene): Promise<BackupProcessReport> {
  const report = await runProcess(simulator, scene)
  if (report === undefined) throw new Error('the run did not come to its end')
  expect(report.problems).toBe(0)
  return report
}

/** A point somewhere in a run of so many requests and files. */
function drawPoint(random: () => number, { requests, puts }: BackupProcessReport): KillPoint {
  const below = (count: number): number => 1 + Math.floor(random() * count)
  const kinds = ['request', 'before-put', 'in-put', 'after-put'] as const
  const at = kinds[below(kinds.length) - 1] ?? 'request'
  return { at, n: below(at === 'request' ? requests : puts) }
}

/**
 * Kills a run there, looks at what it left, and lets the next run finish. `unread` are the items that the run had to
 * read. Gives the number of items that were durable, -1 if the run was quicker than its killer.
 */
async function killAndFinish(scene: BackupScene, point: KillPoint, round: number, unread: number): Promise<number> {
  const before = durableItems(scene)
  const killed = (await runProcess(simulator, scene, point)) === undefined
  expectSound(scene, round % 10 === 0)
  const durable = durableItems(scene)
  simulator.log.clear()
  const report = await finished(scene)
  const total = simulator.tenant.messages(ada).length
  expect(report.items).toBe(total)
  // What was durable is not read again, and nothing else is read twice.
  const reads = simulator.log.count({ content: true })
  expect(reads).toBe(report.contentRead)
  expect({ point, tooMany: Math.max(0, reads - (before > 0 ? unread : unread - durable)) }).toEqual({
    point,
    tooMany: 0,
  })
  expect(await contentOf(scene, report)).toEqual(await servedState(simulator))
  return killed ? durable : -1
}

test('kill -9 at random points of a first run: sound, continued, complete', { timeout: 45 * minutes }, async () => {
  const random = seededRandom(seed)
  const undisturbed = await newScene()
  const whole = await finished(undisturbed)
  expect(whole).toMatchObject({ items: folders.length * each, contentRead: folders.length * each })
  expect(await contentOf(undisturbed, whole)).toEqual(await servedState(simulator))
  const durable: number[] = []
  for (let round = 0; round < fresh; round++) {
    const scene = await newScene()
    durable.push(await killAndFinish(scene, drawPoint(random, whole), round, whole.items))
    scene.remove()
  }
  console.log(`durable when killed: ${durable.join(' ')} of ${String(whole.items)}`)
  // Most points hit, and some of them after a checkpoint, or this test shows nothing.
  expect(durable.filter((items) => items >= 0).length).toBeGreaterThan(fresh / 2)
  expect(durable.filter((items) => items > 0).length).toBeGreaterThan(fresh / 4)
})

test('kill -9 in run after run on a mailbox that changes', { timeout: 45 * minutes }, async () => {
  const random = seededRandom(seed + 1)
  const { tenant } = simulator
  const scene = await newScene()
  await finished(scene)
  const killed: boolean[] = []
  for (let round = 0; round < inSequence; round++) {
    for (const { folder, mime } of inlineMails(['inbox', 'Projects'], 3, 300 + round * 6))
      tenant.addMessage(ada, folder, typeof mime === 'string' ? mime : Buffer.from(mime.base64, 'base64'))
    const [first, second, third] = tenant.messages(ada, 'inbox')
    tenant.moveMessage(ada, first?.id ?? '', 'Lists')
    tenant.deleteMessage(ada, second?.id ?? '', { permanent: true })
    tenant.setRead(ada, third?.id ?? '', true)
    const point = drawPoint(random, { tree: '', requests: 9, puts: 4, contentRead: 0, items: 0, problems: 0 })
    killed.push((await killAndFinish(scene, point, round, 6)) >= 0)
  }
  expect(killed.filter((one) => one).length).toBeGreaterThan(inSequence / 2)
})
