import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../../..')

/** Bundles a bench's process and the workers it starts, as scripts/build-cli.ts does for users; gives its file. */
export async function bundleProcess(name: string, folder: string): Promise<string> {
  const files = [`test/bench/support/${name}.ts`, ...globSync('src-main/**/*-worker.ts', { cwd: root })]
  await build({
    absWorkingDir: root,
    entryPoints: files.map((file) => ({ in: file, out: basename(file, '.ts') })),
    outdir: folder,

    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'warning',
  })
  return join(folder, `${name}.js`)
}
