import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'

const root = import.meta.dirname

/**
 * Main, the engine host and every worker, each a flat file: they find one another beside themselves
 * (`new URL('./<name>-worker.js', import.meta.url)`), as in the command line's build.
 */
function mainEntries(): Record<string, string> {
  const workers = globSync('src-main/**/*-worker.ts', { cwd: root }).sort()
  const entries = [
    ['main', 'src-main/main.ts'],
    ['engine-host', 'src-main/engine-host/host.ts'],
    ...workers.map((file) => [basename(file, '.ts'), file]),
  ] as [string, string][]
  return Object.fromEntries(
    entries.map(([name, file]) => [name, join(root, file)] as const).filter(([, file]) => existsSync(file)),
  )
}

export default defineConfig({
  main: {
    build: {
      target: 'node24',
      sourcemap: true,
      // Libraries stay in node_modules: electron-builder packs those that the program needs.
      externalizeDeps: true,
      rolldownOptions: {
        input: mainEntries(),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node24',
      // A sandboxed preload script is one CommonJS file that can load nothing but electron.
      externalizeDeps: false,
      isolatedEntries: true,
      rolldownOptions: {
        input: { preload: join(root, 'src-main/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: join(root, 'src-renderer'),
    plugins: [svelte()],
    build: {
      target: 'chrome140',
      minify: true,
      outDir: join(root, 'out/renderer'),
      // Files, not data: addresses: the page's policy tells where scripts and fonts may come from.
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(root, 'src-renderer/index.html') },
    },
  },
})
