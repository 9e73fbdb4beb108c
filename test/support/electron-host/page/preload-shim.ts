// Bundled into the script that runs in a page before its own scripts.
import { contextBridge } from './context-bridge.ts'
import { IpcRenderer } from './ipc-renderer.ts'
import type { Post } from './transport.ts'

export { understandSchemes } from './app-addresses.ts'

export interface PreloadSetting {
  readonly platform: string
  readonly versions: Readonly<Record<string, string>>
  readonly arguments: readonly string[]
}

type Require = (name: string) => unknown
type Preload = (require: Require, module: object, exports: object, process: object) => void

/** Runs the preload with what Electron's sandbox lends it: `require('electron')`, and a small `process`. */
export function runPreload(post: Post, setting: PreloadSetting, preload: Preload): void {
  const ipcRenderer = new IpcRenderer(post)
  const webUtils = { getPathForFile: () => '' }
  const webFrame = { setZoomFactor: () => undefined, getZoomFactor: () => 1 }
  const electron = { contextBridge, ipcRenderer, webUtils, webFrame }
  const process = {
    ...{ platform: setting.platform, versions: setting.versions, argv: setting.arguments, env: {} },
    ...{ type: 'renderer', sandboxed: true, contextIsolated: true },
  }
  const require: Require = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name}`)
  }
  const module = { exports: {} }
  try {
    preload(require, module, module.exports, process)
  } catch (error) {
    console.error('Unable to load preload script', error)
  }
}
