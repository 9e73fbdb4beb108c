import { svelte } from '@sveltejs/vite-plugin-svelte'
import { createServer, type ViteDevServer } from 'vite'

const root = new URL('../../../src-renderer', import.meta.url).pathname

let server: Promise<ViteDevServer> | undefined

/** A module with runes of the renderer, as it runs without a page: state changes, effects do not run. */
export async function runeModule<Module>(path: string): Promise<Module> {
  server ??= createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, watch: null, ws: false },
    plugins: [svelte({ configFile: false })],
  })
  return (await (await server).ssrLoadModule(path)) as Module
}

export async function closeRuneModules(): Promise<void> {
  await (await server)?.close()
  server = undefined
}
