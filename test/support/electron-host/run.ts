// The app's process: makes 'electron' importable, evaluates main, starts the browser and tells main that it is ready.
import { pathToFileURL } from 'node:url'
import { app } from './electron/app.ts'
import { host } from './electron/app-link.ts'
import { switchList } from './electron/command-line.ts'
import { startOptions } from './electron/start-options.ts'
import { resolveElectron } from './resolve-electron.ts'
import { electronVersion } from './version.ts'

function pretendToBeElectron(): void {
  const versions = { ...process.versions, electron: electronVersion, chrome: '0.0.0.0' }
  Object.defineProperty(process, 'versions', { value: versions })
  Object.defineProperty(process, 'type', { value: 'browser' })
  Object.defineProperty(process, 'defaultApp', { value: true })
  Object.defineProperty(process, 'resourcesPath', { value: app.getAppPath() })
  const [, , ...args] = process.argv
  process.argv = [process.execPath, startOptions.main, ...args]
}

pretendToBeElectron()
resolveElectron(new URL('electron/index.ts', import.meta.url))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit())
// Electron, too, is ready only once main has been evaluated to its end.
await import(pathToFileURL(startOptions.main).href)
const { version } = await host.call('browser.start', { switches: switchList() })
Object.assign(process.versions, { chrome: version })
app.becomeReady()
