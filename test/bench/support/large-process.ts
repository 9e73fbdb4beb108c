// A process of its own for each step on the large mailbox, so that its peak memory is its own.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Catalog } from '../../../src-main/engine/catalog/catalog.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { restoreToFolder } from '../../../src-main/engine/operations/restore/to-folder.ts'
import { restoreToTenant } from '../../../src-main/engine/operations/restore/to-tenant.ts'
import { resolveSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { createUserLister } from '../../../src-main/graph/directory/users.ts'
import { mailDescriber } from '../../../src-main/graph/mail/reader.ts'
import { mailRestorer } from '../../../src-main/graph/mail/restorer.ts'
import type { ClientLimitOptions } from '../../../src-main/graph/client/limits.ts'
import { BackupScene, sceneClient, type SimulatorAddress } from '../../support/backup-scene.ts'
import { countingStore, noTraffic } from '../../support/counting-store.ts'
import { peakMiB } from './peak-memory.ts'

type Figures = Readonly<Record<string, number>>

const [step = '', folder = '', target = '', path = ''] = process.argv.slice(2)
const address = JSON.parse(process.env.SIMULATOR ?? '{}') as SimulatorAddress
const traffic = noTraffic()
const scene = new BackupScene(folder, (store) => countingStore(store, traffic))
const signal = new AbortController().signal
/** The mailbox would take hours at the pace that Graph allows; what counts here is not time at Graph. */
const limits: ClientLimitOptions = { pools: { mailbox: { concurrency: 4, budgets: [] } } }

const steps: Readonly<Record<string, () => Promise<Figures>>> = {
  init: async () => {
    await scene.init()
    return {}
  },
  backup,
  look,
  disk: restoreDisk,
  tenant: restoreTenant,
}

async function backup(): Promise<Figures> {
  const client = await sceneClient(address, { limits })
  const report = await scene.backUp(client, { onProgress: printProgress() })
  const { requests } = client.accounting()
  await client.close()
  if (report.unread.length > 0 || report.notRefreshed.length > 0) throw new Error('the run was not complete')
  const { items, changed, contentRead, removed, newBlobs } = report
  return { requests, items, changed, contentRead, removed, newBlobs, rows: newRows() }
}

function printProgress(): (progress: { readonly contentRead: number }) => void {
  const every = Number(process.env.BENCH_PROGRESS ?? 0)
  let next = every
  return ({ contentRead }) => {
    if (every === 0 || contentRead < next) return
    next += every
    const mib = Math.round(process.memoryUsage.rss() / 1048576)
    console.error(`${contentRead} contents after ${process.uptime().toFixed(0)} s, ${mib} MiB`)
  }
}

/** Item rows that the newest snapshot added or closed. */
function newRows(): number {
  const catalogs = join(scene.profile, 'catalogs')
  const [file = ''] = readdirSync(catalogs).filter((name) => name.endsWith('.sqlite'))
  const db = new Database(join(catalogs, file), { readonly: true })
  try {
    const sql = `WITH newest AS (SELECT max(seq) AS seq FROM snapshot WHERE id IS NOT NULL)
      SELECT count(*) AS n FROM item, newest WHERE first_seq = newest.seq OR last_seq = newest.seq - 1`
    return db.prepare<[], { n: number }>(sql).get()?.n ?? 0
  } finally {
    db.close()
  }
}

/** Medians of questions to the catalog, in milliseconds. */
async function look(): Promise<Figures> {
  const repository = await scene.open()
  const catalog = await scene.catalog(repository)
  try {
    return medians(catalog, catalog.snapshots().at(-1)?.id)
  } finally {
    catalog.close()
  }
}

function medians(catalog: Catalog, snapshot: HexId | undefined): Figures {
  if (snapshot === undefined) throw new Error('no snapshot')
  const page = { limit: 1000, offset: 0 }
  const month = `${path}/${catalog.list(snapshot, path, page).at(-1)?.name ?? ''}`
  const last = { limit: 100, offset: 900 }
  const questions: Readonly<Record<string, () => unknown>> = {
    lsTop: () => catalog.list(snapshot, '', page),
    lsFolder: () => catalog.list(snapshot, path, page),
    lsMonth: () => catalog.list(snapshot, month, page),
    findCommonWord: () => catalog.find({ words: ['meeting'], limit: 100 }),
    findTwoWords: () => catalog.find({ words: ['invoice', 'garden'], limit: 100 }),
    findBeginning: () => catalog.find({ words: ['bu'], limit: 100 }),
    findRare: () => catalog.find({ words: ['12345'], limit: 100 }),
    findSender: () => catalog.find({ words: [], from: 'person7@synthetic.example', limit: 100 }),
    findNewest: () => catalog.find({ words: [], limit: 100, snapshot }),
    findYear: () =>
      catalog.find({ words: ['travel'], after: Date.UTC(2016, 0, 1), before: Date.UTC(2016, 3, 1), limit: 100 }),
    findDeep: () => catalog.find({ words: ['report'], ...last }),
  }
  return Object.fromEntries(Object.entries(questions).map(([name, ask]) => [name, median(ask)]))
}

function median(ask: () => unknown): number {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now()
    ask()
    return performance.now() - start
  }).sort((a, b) => a - b)
  return Number((times[3] ?? 0).toFixed(1))
}

async function restoreDisk(): Promise<Figures> {
  const repository = await scene.open()
  const { tree } = await resolveSnapshot(repository.store, repository.sealer, 'latest')
  mkdirSync(target)
  const { files, bytes, findings } = await restoreToFolder({ repository, tree, paths: [], target })
  if (findings.length > 0) throw new Error(`restore found ${JSON.stringify(findings[0])}`)
  return { files, bytes }
}

async function restoreTenant(): Promise<Figures> {
  const repository = await scene.open()
  const { tree } = await resolveSnapshot(repository.store, repository.sealer, 'latest')
  const client = await sceneClient(address, { limits })
  const root = await createUserLister(client, { tenant: 'contoso' }).root(target, signal)
  const options = {
    dryRun: false,
    ignoreExisting: false,
    targetFolder: 'Restored',
    onRequest: new Set<never>(),
    people: () => undefined,
  }
  const fixed = {
    repository,
    tree,
    target: root,
    restorers: [mailRestorer(client)],
    describers: [mailDescriber],
    signal,
  }
  const { created, failed, duplicates } = await restoreToTenant({ ...fixed, ...options, paths: [path] })
  const { requests } = client.accounting()
  await client.close()
  if (failed > 0) throw new Error(`${failed} items were not restored`)
  return { created, duplicates, requests }
}

const act = steps[step]
if (act === undefined) throw new Error(`no step ${step}`)
const start = performance.now()
const figures = await act()
const seconds = Number(((performance.now() - start) / 1000).toFixed(1))
// Kilobytes, the whole process with its threads.
console.log(JSON.stringify({ seconds, peakMiB: peakMiB(), ...figures, ...traffic }))
