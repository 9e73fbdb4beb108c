import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const stampPath = join(root, 'out/.desktop-stamp')
const builtFiles = [
  'out/main/main.js',
  'out/main/engine-host.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
].map((file) => join(root, file))

/** The state of every source in one word. Times and sizes, not contents: it is asked for at each start. */
function sourceState(): string {
  const sources = globSync('{src-main,src-shared,src-renderer}/**/*.{ts,svelte,css,html,json,svg}', {
    cwd: root,
  }).sort()
  const hash = createHash('sha256').update(process.version)
  for (const source of [...sources, 'electron.vite.config.ts', 'package.json', 'package-lock.json']) {
    const { mtimeMs, size } = statSync(join(root, source))
    hash.update(`${source}\0${String(mtimeMs)}\0${String(size)}\0`)
  }
  return hash.digest('hex')
}

function isFresh(state: string): boolean {
  return (
    existsSync(stampPath) && readFileSync(stampPath, 'utf8') === state && builtFiles.every((file) => existsSync(file))
  )
}

/** Builds out/main, out/preload and out/renderer when a source changed since the last build. Returns whether it had to. */
export function buildDesktop(): boolean {
  const state = sourceState()
  if (isFresh(state)) return false
  const program = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const { status } = spawnSync(process.execPath, [program, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('electron-vite could not build the desktop application')
  writeFileSync(stampPath, state)
  return true
}

if (import.meta.main) console.log(buildDesktop() ? 'desktop: built' : 'desktop: up to date')
