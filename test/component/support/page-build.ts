import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, type Plugin } from 'vite'

const root = new URL('../../../', import.meta.url).pathname
const renderer = join(root, 'src-renderer')
const builds = join(tmpdir(), 'holdfast-component-pages')

const made = new Map<string, Promise<string>>()

/**
 * The folder of the built renderer. Built once for each state of the sources, for all files. With HOLDFAST_ONLY_VIEWS=1
 * only the views that a test names, the others are empty: while one of them does not compile, the others can be tested.
 */
export function builtPage(named: readonly string[] | undefined): Promise<string> {
  const views = process.env.HOLDFAST_ONLY_VIEWS === '1' ? named : undefined
  const key = views?.toSorted().join() ?? '*'
  const page = made.get(key) ?? findOrBuild(key, views)
  made.set(key, page)
  return page
}

async function findOrBuild(key: string, views: readonly string[] | undefined): Promise<string> {
  const folder = join(builds, await fingerprint(key))
  if (await isUsable(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  await mkdir(builds, { recursive: true })
  await removeOld()
  await build({
    root: renderer,
    configFile: false,
    logLevel: 'error',
    plugins: [svelte({ configFile: false }), ...(views === undefined ? [] : [onlyViews(views)])],
    build: { outDir: unfinished, emptyOutDir: true, minify: false, target: 'chrome140', assetsInlineLimit: 0 },
  })
  // Another test file may have been quicker.
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }))
  return folder
}

function onlyViews(views: readonly string[]): Plugin {
  const wanted = new Set(views.map((view) => `${view}view.svelte`))
  return {
    name: 'only-views',
    enforce: 'pre',
    resolveId: (id) => {
      const file = /\/views\/(\w+\.svelte)$/.exec(id)?.[1]
      return file === undefined || wanted.has(file.toLowerCase()) ? null : '\0no-view'
    },
    load: (id) => (id === '\0no-view' ? 'export default function NoView() {}' : null),
  }
}

/** Changes with every source of the page. */
async function fingerprint(key: string): Promise<string> {
  const hash = createHash('sha256').update(key)
  for (const part of ['src-renderer', 'src-shared', 'package-lock.json']) await addTo(hash, join(root, part))
  return hash.digest('hex').slice(0, 24)
}

async function addTo(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const found = await stat(path)
  if (!found.isDirectory()) {
    hash.update(`${path} ${found.size} ${found.mtimeMs}\n`)
    return
  }
  for (const name of (await readdir(path)).toSorted()) await addTo(hash, join(path, name))
}

/** Whether it is there; from now on it is not old. */
async function isUsable(folder: string): Promise<boolean> {
  const now = new Date()
  return utimes(folder, now, now).then(
    () => true,
    () => false,
  )
}

const hour = 3_600_000

async function removeOld(): Promise<void> {
  for (const name of await readdir(builds)) {
    const path = join(builds, name)
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > hour) await rm(path, { recursive: true, force: true })
  }
}
