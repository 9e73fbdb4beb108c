// A prune after half of the snapshots are gone, side by side with restic on a copy: npm run bench:prune
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { bundleProcess } from './support/bundle.ts'
import { writeCorpus } from './support/corpus.ts'

const files = Number(process.env.BENCH_FILES ?? 250_000)
const rounds = Number(process.env.BENCH_ROUNDS ?? 1)
const snapshots = 8
const passphrase = 'bench passphrase'
const work = mkdtempSync(join(process.env.BENCH_FOLDER ?? roomyFolder(), 'holdfast-prune-bench-'))
const entry = await bundleProcess('prune-process', join(work, 'built'))
const env = {
  ...process.env,
  HOLDFAST_PASSPHRASE: passphrase,
  RESTIC_PASSWORD: passphrase,
  RESTIC_CACHE_DIR: join(work, 'restic-cache'),
}

/** Memory, if it has room for the files and three repositories of them. */
function roomyFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize > files * 130_000) return '/dev/shm'
  } catch {
    // No such place: the disk has to do.
  }
  return tmpdir()
}

function timed(command: string, args: readonly string[]): { readonly seconds: number; readonly stdout: string } {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}: ${stderr}`)
  return { seconds: (performance.now() - start) / 1000, stdout }
}

function holdfast(...args: string[]): { readonly seconds: number; readonly figures: Record<string, number> } {
  const { seconds, stdout } = timed(process.execPath, [entry, ...args])
  return { seconds, figures: JSON.parse(stdout) as Record<string, number> }
}

function folderBytes(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size
  return bytes
}

/** Snapshots of mails that come, of which most are gone again in the next: old packs are used in part. */
function makeRepository(place: string): void {
  const [corpus, stage] = [join(work, 'corpus'), join(work, 'stage')]
  const figures = writeCorpus(corpus, files, 1)
  console.log(`corpus: ${String(figures.files)} files, ${mib(figures.bytes)} MiB`)
  const mails = readdirSync(corpus, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(corpus, join(entry.parentPath, entry.name)))
    .sort((one, other) => (one.slice(-10) < other.slice(-10) ? -1 : 1))
  holdfast('init', place)
  const each = Math.ceil(mails.length / snapshots)
  for (let at = 0; at < mails.length; at += each) {
    const some = mails.slice(at, at + each)
    for (const mail of some) {
      mkdirSync(dirname(join(stage, mail)), { recursive: true })
      renameSync(join(corpus, mail), join(stage, mail))
    }
    holdfast('snapshot', place, stage)
    for (const [i, mail] of some.entries()) if (i % 4 > 0) rmSync(join(stage, mail))
  }
  for (const folder of [corpus, stage]) rmSync(folder, { recursive: true })
}

interface Round {
  readonly ours: number
  readonly theirs: number
  readonly peakMiB: number
}

function round(original: string): Round {
  const [ours, theirs] = [join(work, 'ours'), join(work, 'theirs')]
  for (const place of [ours, theirs]) cpSync(original, place, { recursive: true })
  rmSync(join(work, 'restic-cache'), { recursive: true, force: true })
  const restic = timed('restic', ['-q', '-r', theirs, 'prune'])
  const { seconds, figures } = holdfast('prune', ours)
  timed('restic', ['-q', '-r', ours, '--no-cache', 'check', '--read-data'])
  console.log(`holdfast ${seconds.toFixed(1)} s, restic ${restic.seconds.toFixed(1)} s; ${JSON.stringify(figures)}`)
  console.log(`left: holdfast ${mib(folderBytes(ours))} MiB, restic ${mib(folderBytes(theirs))} MiB`)
  for (const place of [ours, theirs]) rmSync(place, { recursive: true })
  return { ours: seconds, theirs: restic.seconds, peakMiB: figures.peakMiB ?? 0 }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function mib(bytes: number): string {
  return (bytes / 1048576).toFixed(0)
}

try {
  console.log(`data in ${dirname(work)}, restic: ${timed('restic', ['version']).stdout.trim()}`)
  const original = join(work, 'original')
  makeRepository(original)
  console.log(`repository: ${mib(folderBytes(original))} MiB, ${JSON.stringify(holdfast('forget', original).figures)}`)
  const all = Array.from({ length: rounds }, () => round(original))
  const prune = Number(median(all.map(({ ours, theirs }) => theirs / ours)).toFixed(2))
  console.log(JSON.stringify({ prune, peakMiB: Math.max(...all.map(({ peakMiB }) => peakMiB)) }))
} finally {
  rmSync(work, { recursive: true, force: true })
}
