import { readFileSync } from 'node:fs'

const manifest = new URL('../../../node_modules/electron/package.json', import.meta.url)

/** Of Electron, whose types the stand-in is held to. */
export const electronVersion = (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version
