// Side by side with restic, in turn, on the same data in memory: npm run bench:repository
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleProcess } from './support/bundle.ts'
import { writeCorpus } from './support/corpus.ts'

const files = Number(process.env.BENCH_FILES ?? 100_000)
const rounds = Number(process.env.BENCH_ROUNDS ?? 1)
const passphrase = 'bench passphrase'
const memory = '/dev/shm'
const room = memoryRoom()
const work = mkdtempSync(join(room ? memory : tmpdir(), 'holdfast-bench-'))
const holdfastEntry = await bundleProcess('holdfast-process', join(work, 'built'))
const corpus = join(work, 'corpus')
const env = {
  ...process.env,
  HOLDFAST_PASSPHRASE: passphrase,
  RESTIC_PASSWORD: passphrase,
  RESTIC_CACHE_DIR: join(work, 'restic-cache'),
}

interface Step {
  readonly seconds: number
  readonly figures: Record<string, number>
}

function memoryRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > files * 130_000
  } catch {
    return false
  }
}

function timed(command: string, args: string[]): { seconds: number; stdout: string } {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 1 << 26 })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}: ${stderr}`)
  return { seconds, stdout }
}

function holdfast(...args: string[]): Step {
  const { seconds, stdout } = timed(process.execPath, [holdfastEntry, ...args])
  return { seconds, figures: JSON.parse(stdout) as Record<string, number> }
}

function restic(repository: string, ...args: string[]): Step {
  return { seconds: timed('restic', ['-q', '-r', repository, ...args]).seconds, figures: {} }
}

function folderBytes(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size
  return bytes
}

function fresh(name: string): string {
  const folder = join(work, name)
  rmSync(folder, { recursive: true, force: true })
  return folder
}

interface Round {
  readonly holdfast: Record<string, Step>
  readonly restic: Record<string, Step>
  readonly sizes: { readonly holdfast: number; readonly restic: number }
}

function round(): Round {
  const ours = fresh('ours')
  const unchecked = fresh('unchecked')
  const theirs = fresh('theirs')
  fresh('restic-cache')
  holdfast('init', ours)
  holdfast('init', unchecked)
  timed('restic', ['-q', '-r', theirs, 'init'])
  const first = [restic(theirs, 'backup', corpus), holdfast('backup', ours, corpus)] as const
  const firstUnchecked = holdfast('backup', unchecked, corpus, 'unchecked')
  rmSync(unchecked, { recursive: true })
  const unchanged = [restic(theirs, 'backup', corpus), holdfast('backup', ours, corpus)] as const
  const check = [restic(theirs, 'check', '--read-data'), holdfast('check', ours)] as const
  const sizes = { holdfast: folderBytes(ours), restic: folderBytes(theirs) }
  const theirTarget = fresh('restored-theirs')
  const theirRestore = restic(theirs, 'restore', 'latest', '--target', theirTarget)
  rmSync(theirTarget, { recursive: true })
  const ourTarget = fresh('restored-ours')
  mkdirSync(ourTarget)
  const ourRestore = holdfast('restore', ours, ourTarget)
  timed('diff', ['-r', corpus, ourTarget])
  rmSync(ourTarget, { recursive: true })
  return {
    holdfast: { first: first[1], firstUnchecked, unchanged: unchanged[1], restore: ourRestore, check: check[1] },
    restic: {
      first: first[0],
      firstUnchecked: first[0],
      unchanged: unchanged[0],
      restore: theirRestore,
      check: check[0],
    },
    sizes,
  }
}

const STEPS = ['first', 'firstUnchecked', 'unchanged', 'restore', 'check']

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function report(all: Round[]): void {
  const summary: Record<string, number> = {}
  for (const step of STEPS) {
    const ours = all.map((one) => one.holdfast[step]?.seconds ?? 0)
    const theirs = all.map((one) => one.restic[step]?.seconds ?? 0)
    const ratio = median(all.map((_, i) => (theirs[i] ?? 0) / (ours[i] ?? 1)))
    summary[step] = Number(ratio.toFixed(2))
    console.log(
      `${step}: holdfast ${median(ours).toFixed(1)} s, restic ${median(theirs).toFixed(1)} s, ${ratio.toFixed(2)} times`,
    )
  }
  const sizes = all[0]?.sizes
  console.log(`repository: holdfast ${mib(sizes?.holdfast)} MiB, restic ${mib(sizes?.restic)} MiB`)
  for (const step of STEPS) {
    const peaks = all.map((one) => one.holdfast[step]?.figures.peakMiB ?? 0)
    console.log(`peak memory of ${step}: ${String(Math.max(...peaks))} MiB`)
  }
  const peakMiB = Math.max(
    ...all.flatMap((one) => Object.values(one.holdfast).map(({ figures }) => figures.peakMiB ?? 0)),
  )
  console.log(JSON.stringify({ ...summary, peakMiB }))
}

function mib(bytes = 0): string {
  return (bytes / 1048576).toFixed(0)
}

try {
  console.log(
    `data in ${room ? 'memory' : 'a folder on disk: the disk decides'}, restic: ${timed('restic', ['version']).stdout.trim()}`,
  )
  const figures = writeCorpus(corpus, files, 1)
  console.log(`corpus: ${String(figures.files)} files, ${mib(figures.bytes)} MiB`)
  report(Array.from({ length: rounds }, round))
} finally {
  rmSync(work, { recursive: true, force: true })
}
