import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { PreloadSpec } from '../link/messages.ts'

/** The one name that a page's window bears until the preload has begun. */
export const bindingName = 'electronStandInPost'

let bundled: string | undefined

/** What runs in pages, as an expression. */
function shim(): string {
  bundled ??= buildSync({
    entryPoints: [join(import.meta.dirname, '../page/preload-shim.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'shim',
    target: 'es2024',
  }).outputFiles[0]?.text
  if (bundled === undefined) throw new Error('esbuild made nothing of the preload shim')
  return bundled
}

/** For every frame of a window whose app answers schemes of its own. */
export function schemesScript(schemes: readonly string[]): string {
  return `(() => { ${shim()}; shim.understandSchemes(${JSON.stringify(schemes)}) })()`
}

/** For every frame of a window with a preload: runs it, and leaves nothing behind. */
export function preloadScript(preload: PreloadSpec, versions: Readonly<Record<string, string>>): string {
  const setting = { platform: process.platform, versions, arguments: preload.arguments }
  const wanted = preload.inSubframes ? 'true' : 'self === top'
  return `(() => {
    const post = globalThis.${bindingName}
    delete globalThis.${bindingName}
    if (!(${wanted})) return
    ${shim()}
    shim.runPreload(post, ${JSON.stringify(setting)}, function (require, module, exports, process) {
${readFileSync(preload.file, 'utf8')}
    })
  })()`
}
