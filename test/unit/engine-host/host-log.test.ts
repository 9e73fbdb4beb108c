import { expect, it } from 'vitest'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLog } from '../../../src-main/commands/parts/log.ts'
import { openHostLog } from '../../../src-main/engine-host/host-log.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const ended = { kind: 'backup', outcome: 'done', started: 1000, ended: 3500, problem: null } as const

it('notes how each operation ended, in codes alone', async () => {
  const profile = temporaryFolder('host-log')
  const log = openHostLog(profile, () => undefined)
  await log.operationEnded(ended)
  const params = { errno: 'ENOSPC', place: '/home/ada/backup', items: 3 }
  await log.operationEnded({ ...ended, kind: 'check', outcome: 'failed', problem: { code: 'store.full', params } })
  expect(await openLog(profile).read()).toMatchObject([
    { level: 'info', event: 'operation.backup', figures: { outcome: 'done', duration_ms: 2500 } },
    {
      level: 'error',
      event: 'operation.check',
      pid: process.pid,
      figures: { outcome: 'failed', duration_ms: 2500, code: 'store.full', errno: 'ENOSPC' },
    },
  ])
  expect(JSON.stringify(await openLog(profile).read())).not.toContain('ada')
})

it('notes what was not expected without the folders of who uses it', async () => {
  const profile = temporaryFolder('host-log')
  const aloud: string[] = []
  const log = openHostLog(profile, (sentence) => aloud.push(sentence))
  const frames = [
    'at f (file:///home/ada lovelace/app/host.js:1:2)',
    'at file:///C:/Users/ada/host.js:3:4',
    String.raw`at async g (C:\Users\ada\host.js:5:6)`,
    'at /home/ada/host.ts:7:8',
    'at node:internal/fs/promises:9:10',
  ]
  log.tell(`watching for runs: Error ${frames.join(' ')}`)
  await log.operationEnded(ended)
  const [first, second] = await openLog(profile).read()
  expect(aloud[0]).toContain('/home/ada')
  const what =
    'watching for runs: Error at f (host.js:1:2) at host.js:3:4 at async g (host.js:5:6) at host.ts:7:8 ' +
    'at node:internal/fs/promises:9:10'
  expect(first).toMatchObject({ level: 'warning', event: 'engine-host', figures: { what } })
  expect(second).toMatchObject({ event: 'operation.backup' })
})

it('keeps nobody from anything where it cannot be written', async () => {
  const file = join(temporaryFolder('host-log'), 'file')
  writeFileSync(file, '')
  const log = openHostLog(file, () => undefined)
  log.tell('something')
  await log.operationEnded(ended)
})
