import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { OutputFile } from 'esbuild'

const root = join(import.meta.dirname, '..')
const outDir = join(root, 'out/cli')
const stampPath = join(outDir, '.stamp')
const entry = 'src-main/cli/holdfast.ts'

/** What is built, and the name of the program among it. */
export const builtProgram = join(outDir, 'holdfast.js')

/** The state of every source in one word. Times and sizes, not contents: it is asked for at each start. */
function sourceState(): string {
  const sources = globSync('{src-main,src-shared}/**/*.{ts,json}', { cwd: root }).sort()
  const hash = createHash('sha256').update(process.version)
  for (const source of [...sources, 'scripts/build-cli.ts', 'package.json', 'package-lock.json']) {
    const { mtimeMs, size } = statSync(join(root, source))
    hash.update(`${source}\0${mtimeMs}\0${size}\0`)
  }
  return hash.digest('hex')
}

interface Stamp {
  readonly state: string
  readonly files: readonly string[]
}

/** What the last complete build left behind; undefined when there is none, or one that cannot be read. */
function readStamp(): Stamp | undefined {
  if (!existsSync(stampPath)) return undefined
  const [state, ...files] = readFileSync(stampPath, 'utf8').trimEnd().split('\n')
  return state === undefined ? undefined : { state, files }
}

function isFresh(stamp: Stamp | undefined, state: string): boolean {
  return stamp?.state === state && stamp.files.every((file) => existsSync(join(outDir, file)))
}

/** The program and every worker, each a flat file: `new URL('./<name>-worker.js', import.meta.url)` finds them. */
function entryPoints(): { in: string; out: string }[] {
  const workers = globSync('src-main/**/*-worker.ts', { cwd: root }).sort()
  const points = [entry, ...workers].map((file) => ({ in: file, out: basename(file, '.ts') }))
  const twice = points.find((point, at) => points.findIndex((other) => other.out === point.out) !== at)
  if (twice !== undefined) throw new Error(`two entries are called ${twice.out}: ${twice.in} needs another name`)
  return points
}

async function bundle(): Promise<readonly OutputFile[]> {
  // Loaded only when there is something to build: a fresh start does not pay for it.
  const { build } = await import('esbuild')
  const ownShebang = readFileSync(join(root, entry), 'utf8').startsWith('#!')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entryPoints(),
    outdir: outDir,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    packages: 'external',
    splitting: true,
    sourcemap: true,
    chunkNames: 'chunk-[hash]',
    logLevel: 'warning',
    ...(ownShebang ? {} : { banner: { js: '#!/usr/bin/env node' } }),
  })
  return outputFiles
}

/** Replaces the file as a whole, so that a program started meanwhile never reads half of it. */
function writeWhole(path: string, contents: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}.tmp`
  writeFileSync(unfinished, contents)
  renameSync(unfinished, path)
}

/** Builds out/cli when a source changed since the last build. Returns whether it had to. */
export async function buildCli(): Promise<boolean> {
  const state = sourceState()
  const before = readStamp()
  if (isFresh(before, state)) return false

  const outputs = await bundle()
  for (const { path, contents } of outputs) writeWhole(path, contents)
  chmodSync(builtProgram, 0o755)
  const files = outputs.map(({ path }) => basename(path)).sort()
  writeWhole(stampPath, [state, ...files].join('\n') + '\n')
  for (const file of before?.files ?? []) if (!files.includes(file)) rmSync(join(outDir, file), { force: true })
  return true
}

if (import.meta.main) {
  const built = await buildCli()
  console.log(built ? 'out/cli: built' : 'out/cli: up to date')
}
